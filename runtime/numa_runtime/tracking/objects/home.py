"""Where a track's numbers live: a slot of the tracker's blocks, or one slot of its own."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.state import pack_params

NOTHING: Floats = np.zeros((0, 0))  # ByteTrack remembers nothing of a track but its filter, and has no features


class Home(Protocol):
    """Blocks as `layout` describes them, and what a track has to know of the tracker it is in."""

    @property
    def floats(self) -> Floats: ...
    @property
    def ints(self) -> Ints: ...
    @property
    def coupled(self) -> Floats: ...
    @property
    def params(self) -> Floats: ...
    @property
    def classic(self) -> bool: ...

    def make_coupled(self) -> None:
        """Make room for coupled covariances."""

    def clock_at(self, frame: int) -> float:
        """Return the clock (nominal frames) of a frame."""

    def next_id(self) -> int:
        """Count one more track and return its id."""


class Alone:
    """The blocks of one track that is in no tracker; its id comes from a counter that all such tracks share."""

    __slots__ = ("coupled", "floats", "ints")
    params: Floats = pack_params(ByteTrackParams())
    classic = False
    ids = 0

    def __init__(self) -> None:
        self.floats: Floats = np.zeros((1, at.N_FLOATS))
        self.ints: Ints = np.zeros((1, at.N_INTS), np.int64)
        self.coupled: Floats = np.zeros((0, at.N_COUPLED))

    def make_coupled(self) -> None:
        """Make room for a coupled covariance."""
        self.coupled = np.zeros((1, at.N_COUPLED))

    def clock_at(self, frame: int) -> float:
        """Return the clock: frames come evenly here."""
        return float(frame)

    def next_id(self) -> int:
        """Count one more track outside any tracker and return its id."""
        Alone.ids += 1
        return Alone.ids


def copy_slot(source: Home, slot: int, target: Home, place: int) -> None:
    """Copy all numbers of a track from one home to another."""
    target.floats[place] = source.floats[slot]
    target.ints[place] = source.ints[slot]
    if source.ints[slot, at.COUPLED]:
        make_room_for_coupled(target)
        target.coupled[place] = source.coupled[slot]


def make_room_for_coupled(home: Home) -> None:
    """Make sure `home` can hold coupled covariances."""
    if len(home.coupled) == 0:
        home.make_coupled()
