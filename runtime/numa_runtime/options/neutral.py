"""Words that mean something in other tools: a value that switches nothing on asks for nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

_OFF = ("", "none", "null", "false", "off", "no")


def asks_for_nothing(value: Any, neutral: Collection[Any] = ()) -> bool:
    """Whether a value is None, False, one of `neutral` (`...`: any), or the text of one: "False", "None", "1"."""
    if value is None or value is False or ... in neutral:
        return True
    words = {str(one).lower() for one in neutral}
    return str(value).strip().lower() in {*words, *_OFF}
