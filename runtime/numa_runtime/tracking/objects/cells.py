"""Attributes of a track that are single numbers of its slot."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Generic, TypeVar, cast

from numa_runtime.tracking.kernels import layout as at

T = TypeVar("T")


class TrackState(IntEnum):
    """What a track is at the moment."""

    New = at.NEW
    Tracked = at.TRACKED
    Lost = at.LOST
    Removed = at.REMOVED


class Number(Generic[T]):
    """An attribute that is one number of the track's slot."""

    def __init__(self, block: str, column: int, kind: Callable[[Any], T]) -> None:
        self.block, self.column, self.kind = block, column, kind

    def __get__(self, track: Any, owner: Any = None) -> T:
        if track is None:
            return cast("T", self)
        return self.kind(getattr(track._home, self.block)[track._slot, self.column])

    def __set__(self, track: Any, value: T) -> None:
        getattr(track._home, self.block)[track._slot, self.column] = value
