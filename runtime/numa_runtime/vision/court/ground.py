"""The ground of a court: pixels of a camera that stands still, and metres of what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.errors import UsageError
from numa_runtime.results.court import CourtPlan

_WORST = 0.1
"""How far the points may be from where the map puts them, as a share of the court's width."""

_FLAT = 1e-3
"""Points whose spread to the side is a smaller share of their spread along lie on one line."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A court and the map from pixels onto it.

    Attributes:
        plan: the court.
        matrix: float64 (3, 3), the homography from pixels to metres.
        side: the sign of the third coordinate of points in front of the camera.
    """

    plan: CourtPlan
    matrix: NDArray[np.float64]
    side: float

    @classmethod
    def of(cls, plan: CourtPlan, pixels: ArrayLike, metres: ArrayLike | None = None) -> Ground:
        """Find the map of four or more points of the ground (Hartley and Zisserman, Multiple View Geometry, 4.1).

        Args:
            plan: the court.
            pixels: (n, 2), n >= 4.
            metres: (n, 2), the same points on the court; by default its corners: far left, far right, near right, near
                left, as the camera sees them.

        Raises:
            UsageError: too few points, several on one line, or points that no camera sees so.
        """
        seen = np.asarray(pixels, np.float64).reshape(-1, 2)
        w, h = plan.width, plan.length
        corners = [(0, 0), (w, 0), (w, h), (0, h)]
        known = np.asarray(corners if metres is None else metres, np.float64).reshape(-1, 2)
        if len(seen) < 4 or len(seen) != len(known):
            raise UsageError(
                f"a court needs four points or more, each with its place; there are {len(seen)}",
                hint='far left, far right, near right, near left corner: --court "412,210 868,210 1105,640 175,640"',
            )
        if not (np.isfinite(seen).all() and np.isfinite(known).all()) or _flat(seen) or _flat(known):
            raise UsageError("the court's points are not apart, or lie on one line", hint="give its four corners")
        matrix = _homography(seen, known)
        third = np.column_stack([seen, np.ones(len(seen))]) @ matrix[2]
        found = cls(plan, matrix, float(np.sign(third.sum())))
        away = np.hypot(*(found.metres(seen) - known).T)
        if not np.isfinite(away).all() or away.max() > _WORST * plan.width:
            raise UsageError(
                "no camera sees the court's points so: two are exchanged, or one is off",
                hint="corners go round: far left, far right, near right, near left",
            )
        return found

    def metres(self, pixels: ArrayLike) -> NDArray[np.float64]:
        """Return places on the ground, (n, 2); NaN for what is at the horizon or above."""
        points = np.asarray(pixels, np.float64).reshape(-1, 2)
        mapped = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        third = mapped[:, 2:] * self.side
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(third > 1e-12, mapped[:, :2] * self.side / third, np.nan)


def _flat(points: NDArray[np.float64]) -> bool:
    """Whether three of four points (or all of more) are on one line, as the rank of their triangles tells."""
    if len(points) > 4:
        sizes = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        return bool(sizes[1] <= _FLAT * sizes[0])
    largest = max(float(np.ptp(points, axis=0).max()), 1e-12)
    for left_out in range(4):
        (ax, ay), (bx, by), (cx, cy) = np.delete(points, left_out, axis=0)
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) <= _FLAT * largest**2:
            return True
    return False


def _homography(seen: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least-squares map of normalised points."""
    from_seen, from_known = _normal(seen), _normal(known)
    x, y = (np.column_stack([seen, np.ones(len(seen))]) @ from_seen.T)[:, :2].T
    u, v = (np.column_stack([known, np.ones(len(known))]) @ from_known.T)[:, :2].T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, none, none, none, -u * x, -u * y, -u], axis=1),
            np.stack([none, none, none, x, y, one, -v * x, -v * y, -v], axis=1),
        ]
    )
    normal = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    matrix: NDArray[np.float64] = np.linalg.inv(from_known) @ normal @ from_seen
    return matrix / np.linalg.norm(matrix)


def _normal(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what moves points to the origin and scales their mean distance from it to the square root of 2."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / np.hypot(*(points - middle).T).mean()
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
