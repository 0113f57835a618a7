"""The constant-velocity filter as existing code sees it: an 8-vector and an 8x8 matrix.

The order is x, y, aspect, height and their velocities. The kernels keep six numbers (ten more after a camera
warp that is not a similarity); here they are written out, and read back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.kernels import layout as at
from numa_runtime.tracking.kernels import single
from numa_runtime.tracking.kernels.layout import Floats
from numa_runtime.tracking.kernels.noise import ASPECT_MEASURED_STD, POSITION_STD
from numa_runtime.tracking.objects.home import Alone, Home, make_room_for_coupled

_XY = (0, 1, 4, 5)  # x, y, vx, vy in the 8-vector
_BLOCK = np.array(  # which coupled number stands where in the covariance of _XY
    [
        [at.CXX, at.CXY, at.CXU, at.CXV],
        [at.CXY, at.CYY, at.CYU, at.CYV],
        [at.CXU, at.CYU, at.CUU, at.CUV],
        [at.CXV, at.CYV, at.CUV, at.CVV],
    ]
)
_SLOT = np.zeros(1, np.int64)


def read_covariance(home: Home, slot: int) -> Floats:
    """Return the covariance of a slot as a float64 (8, 8) matrix."""
    matrix = np.zeros((8, 8))
    for i in range(4):
        first = at.A00 if i == 2 else at.P00
        matrix[i, i], matrix[i, i + 4], matrix[i + 4, i + 4] = home.floats[slot, first : first + 3]
        matrix[i + 4, i] = matrix[i, i + 4]
    if home.ints[slot, at.COUPLED]:
        matrix[np.ix_(_XY, _XY)] = home.coupled[slot, _BLOCK]
    return matrix


def write_covariance(home: Home, slot: int, matrix: Floats) -> None:
    """Set the covariance of a slot from an (8, 8) matrix.

    Raises:
        TrackerError: the matrix correlates what the filter keeps apart (size with position, or with aspect).
    """
    floats = home.floats
    for row, i in ((at.P00, 3), (at.A00, 2)):
        floats[slot, row : row + 3] = matrix[i, i], matrix[i, i + 4], matrix[i + 4, i + 4]
    home.ints[slot, at.COUPLED] = 0
    block = matrix[np.ix_(_XY, _XY)]
    if not np.array_equal(block, read_covariance(home, slot)[np.ix_(_XY, _XY)]):
        make_room_for_coupled(home)
        home.ints[slot, at.COUPLED] = 1
        home.coupled[slot, _BLOCK] = block
    if not np.allclose(read_covariance(home, slot), matrix, rtol=1e-9, atol=1e-12 * float(np.abs(matrix).max())):
        raise TrackerError(
            "this covariance correlates sizes with positions, which the decoupled filter cannot keep",
            hint="return a filter of your own from get_kalmanfilter(); its covariances are kept whole",
        )


class KalmanFilterXYAH:
    """The trackers' own filter, on the mean (8,) and covariance (8, 8) that existing code passes around.

    It has no settings (they could not reach the kernels): a filter that differs is a class with `initiate`,
    `predict` and `update`, returned from `BYTETracker.get_kalmanfilter`.
    """

    __slots__ = ()

    def initiate(self, measurement: ArrayLike) -> tuple[Floats, Floats]:
        """Return mean and covariance of a new track at `measurement`: x, y, aspect, height."""
        home, (x, y, a, h) = Alone(), (float(v) for v in np.asarray(measurement))
        single.initiate(home.floats, home.ints, 0, x, y, a, h, at.XYAH)
        return self._read(home)

    def predict(self, mean: ArrayLike, covariance: ArrayLike) -> tuple[Floats, Floats]:
        """Return mean and covariance one frame later."""
        home = self._load(mean, covariance)
        single.predict(home.floats, home.ints, home.coupled, _SLOT, 1.0, False)
        return self._read(home)

    def multi_predict(self, mean: ArrayLike, covariance: ArrayLike) -> tuple[Floats, Floats]:
        """Return means (n, 8) and covariances (n, 8, 8) one frame later."""
        moved = [self.predict(m, c) for m, c in zip(np.asarray(mean), np.asarray(covariance), strict=True)]
        return np.array([m for m, _ in moved]).reshape(-1, 8), np.array([c for _, c in moved]).reshape(-1, 8, 8)

    def project(self, mean: ArrayLike, covariance: ArrayLike) -> tuple[Floats, Floats]:
        """Return mean (4,) and covariance (4, 4) of the measurement to be expected."""
        state = np.asarray(mean, np.float64)
        std = np.array([POSITION_STD * state[3]] * 2 + [ASPECT_MEASURED_STD, POSITION_STD * state[3]])
        return state[:4].copy(), np.asarray(covariance, np.float64)[:4, :4] + np.diag(std * std)

    def update(self, mean: ArrayLike, covariance: ArrayLike, measurement: ArrayLike) -> tuple[Floats, Floats]:
        """Return mean and covariance after `measurement`: x, y, aspect, height."""
        home = self._load(mean, covariance)
        single.correct(home.floats, home.ints, home.coupled, 0, *(float(v) for v in np.asarray(measurement)))
        return self._read(home)

    @staticmethod
    def _load(mean: ArrayLike, covariance: ArrayLike) -> Alone:
        home = Alone()
        home.floats[0, :8] = np.asarray(mean)
        home.ints[0, at.STATE] = at.TRACKED
        write_covariance(home, 0, np.asarray(covariance, np.float64))
        return home

    @staticmethod
    def _read(home: Alone) -> tuple[Floats, Floats]:
        return home.floats[0, :8].copy(), read_covariance(home, 0)


def check_filter(candidate: object) -> None:
    """Refuse what cannot be a filter.

    Raises:
        TrackerError: it lacks initiate, predict or update.
    """
    missing = [name for name in ("initiate", "predict", "update") if not callable(getattr(candidate, name, None))]
    if missing:
        raise TrackerError(
            f"get_kalmanfilter() returned a {type(candidate).__name__}, which has no {', '.join(missing)}",
            hint="give it initiate(measurement), predict(mean, covariance), update(mean, covariance, measurement)",
        )
