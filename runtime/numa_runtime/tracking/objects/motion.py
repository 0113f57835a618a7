"""Moving tracks: one frame on, or with the camera."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from numa_runtime.tracking.inputs import as_warp
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats, Ints
from numa_runtime.tracking.objects.home import NOTHING, Home, make_room_for_coupled

STILL = np.eye(2, 3)


class Moves(Protocol):
    """What moving a track needs of it: where its numbers live, and the filter of its own if it has one."""

    _home: Home
    _slot: int
    _has_mean: bool
    _whole: tuple[Floats, Floats] | None
    kalman_filter: Any

    @property
    def state(self) -> int: ...

    def set_filter(self, mean: Floats | None, covariance: Floats | None) -> None: ...
    def convert_coords(self, tlwh: ArrayLike) -> Floats: ...


def by_home(tracks: Sequence[Moves]) -> Iterator[tuple[Home, Ints]]:
    """Yield each home that tracks are in with their slots there; tracks without a mean are skipped."""
    homes: dict[int, tuple[Home, list[int]]] = {}
    for track in tracks:
        if track._has_mean:
            homes.setdefault(id(track._home), (track._home, []))[1].append(track._slot)
    for home, slots in homes.values():
        yield home, np.array(slots, np.int64)


def predict_tracks(tracks: Sequence[Moves]) -> None:
    """Move the filters of `tracks` one frame on; a track that is not Tracked keeps its height, as published."""
    for home, slots in by_home(tracks):
        single.predict(home.floats, home.ints, home.coupled, slots, 1.0, not home.classic)
    for track in tracks:
        if track._whole is not None:
            mean, covariance = track._whole
            if track.state != at.TRACKED:
                mean = mean.copy()
                mean[7] = 0.0
            track.set_filter(*track.kalman_filter.predict(mean, covariance))


def multi_gmc(stracks: Sequence[Moves], H: ArrayLike = STILL) -> None:
    """Move tracks with the camera.

    Args:
        stracks: the tracks.
        H: (2, 3) maps last frame's pixels to this frame's.

    Raises:
        TrackerError: not a finite (2, 3) matrix, or one that flattens the image.
    """
    warp = as_warp(H)
    for home, slots in by_home(stracks):
        if not single.keeps_decoupled(warp, False):
            make_room_for_coupled(home)
        single.warp_tracks(home.floats, home.ints, home.coupled, NOTHING, slots, warp, 0)
    for track in stracks:
        if track._whole is not None:
            track.set_filter(*_warped(track, *track._whole, warp))


def _warped(track: Moves, mean: Floats, covariance: Floats, warp: Floats) -> tuple[Floats, Floats]:
    """Warp a mean and covariance of any layout whose first two numbers are the centre.

    Which of the other two are lengths is asked of `convert_coords`: a box twice as large has a length doubled.
    """
    scale = float(np.sqrt(abs(np.linalg.det(warp[:, :2]))))
    small, large = (np.asarray(track.convert_coords(np.array([0.0, 0.0, 2 * k, 4 * k])))[2:4] for k in (1, 2))
    half = np.eye(4)
    half[:2, :2] = warp[:, :2]
    half[[2, 3], [2, 3]] = np.where(np.isclose(large, 2 * small), scale, 1.0)
    whole = np.kron(np.eye(2), half)
    moved = whole @ mean
    moved[:2] += warp[:, 2]
    return moved, whole @ covariance @ whole.T
