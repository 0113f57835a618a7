"""What finds objects in the frames of a run: a network, or something that knows them already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from numa_runtime.pipeline.clock import StageClock
from numa_runtime.results import Results
from numa_runtime.sources.base import Media


class Finder(Protocol):
    """Finds the objects of one run, medium by medium; `Model` is the one with a network."""

    def in_use(self) -> AbstractContextManager[None]:
        """Keep other runs off for as long as this one lasts."""
        ...

    def start(self, *, still: bool = False) -> None:
        """Begin a new timeline; `still` says that its frames are unrelated images."""
        ...

    def find(self, media: Media, clock: StageClock) -> Iterator[Results]:
        """Yield what is found in each frame of a medium, in order; `clock` is told of the time it takes to read."""
        ...
