"""When a track gets its number."""

from __future__ import annotations

from numa_runtime.errors import TrackerError
from numa_runtime.words import Word


class Ids(Word, refusal="ids={word} is unknown{close}", hint="use {words}", error=TrackerError):
    """Whether tracks are numbered when they are first shown, or already when they begin, as published.

    Most tracks that begin on a detection that does not come again are never shown; numbered when they begin, they use
    up ids, and the highest id says nothing of how many objects there were.
    """

    CONFIRMED = "confirmed"
    BORN = "born"
