"""One YOLO label file: class cx cy w h [keypoints], or class and a polygon, all fractions of the image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError, malformed
from numa_benchmarks.labels.left_out import LeftOut
from numa_runtime.words import is_number

MALFORMED_ROW = "malformed row"

_SLACK = 0.01
"""Labelling tools round; what overshoots the image by up to a hundredth of it is no mistake in units."""


@dataclass(frozen=True, slots=True)
class YoloRows:
    """n rows: classes int64 (n,); boxes float64 (n, 4) x1, y1, x2, y2 and keypoints (n, K, 3), x, y as fractions."""

    classes: NDArray[np.int64]
    boxes: NDArray[np.float64]
    keypoints: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RowRule:
    """What rows must look like: class names and keypoint shape (K, 2 or 3), None for detection."""

    names: tuple[str, ...]
    keypoint_shape: tuple[int, int] | None

    @property
    def keypoints(self) -> int:
        """K, 0 without keypoints."""
        return self.keypoint_shape[0] if self.keypoint_shape else 0


def parse_rows(text: str, path: Path, rule: RowRule, left_out: LeftOut | None = None) -> YoloRows:
    """Read the text of one label file.

    Args:
        text: the file's content.
        path: names it in errors.
        rule: what a row may hold.
        left_out: counts malformed rows, which are then passed over.

    Raises:
        DataError: without `left_out`: a row is malformed, its class is not among the names, or its values are not
            fractions; file and line are named.
    """
    rows: list[_Row] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            rows.append(_row(words, path, number, rule))
        except DataError as error:
            if left_out is None:
                raise
            left_out.refuse(MALFORMED_ROW, error)
    n = len(rows)
    return YoloRows(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64).reshape(n, 4),
        np.array([row[2] for row in rows], np.float64).reshape(n, rule.keypoints, 3),
    )


_Row = tuple[int, NDArray[np.float64], NDArray[np.float64]]


def _row(words: list[str], path: Path, line: int, rule: RowRule) -> _Row:
    values = _numbers(words, path, line)
    label = _class(values[0], path, line, rule.names)
    if rule.keypoint_shape is None and len(values) > 5:
        return label, _polygon_box(values, path, line), np.zeros((0, 3))
    _check_length(len(values), path, line, rule)
    box, points = values[1:5], values[5:].reshape(rule.keypoints, -1) if rule.keypoints else np.zeros((0, 3))
    _check_fractions(box, path, line)
    _check_fractions(points[:, :2], path, line)
    half = box[2:] / 2
    return label, np.concatenate([box[:2] - half, box[:2] + half]), _with_visibility(points)


def _numbers(words: list[str], path: Path, line: int) -> NDArray[np.float64]:
    try:
        return np.array([float(word) for word in words])
    except ValueError:
        bad = next(word for word in words if not is_number(word))
        raise malformed(path, line, f"{bad!r} is not a number") from None


def _class(value: float, path: Path, line: int, names: tuple[str, ...]) -> int:
    if not float(value).is_integer() or not 0 <= value < len(names):
        known = f"the {len(names)} names go from 0 to {len(names) - 1}" if names else "there are no names"
        raise malformed(
            path, line, f"class {value:g} is outside the names: {known}", hint="add it to names in data.yaml"
        )
    return int(value)


def _check_length(count: int, path: Path, line: int, rule: RowRule) -> None:
    extra = int(np.prod(rule.keypoint_shape)) if rule.keypoint_shape else 0
    if count == 5 + extra:
        return
    if rule.keypoint_shape is None:
        raise malformed(path, line, f"{count} values; a row is class cx cy w h, that is 5")
    k, d = rule.keypoint_shape
    raise malformed(
        path,
        line,
        f"{count} values; with kpt_shape [{k}, {d}] a row has 5 + {k} x {d} = {5 + extra}",
        hint="fix kpt_shape",
    )


def _check_fractions(values: NDArray[np.float64], path: Path, line: int) -> None:
    wrong = values[~((values >= -_SLACK) & (values <= 1 + _SLACK))]
    if wrong.size:
        raise malformed(
            path,
            line,
            f"{wrong.flat[0]:g} is outside 0 to 1: YOLO labels are fractions of the image's width and height",
            hint="divide x and width by the image's width, y and height by its height",
        )


def _polygon_box(values: NDArray[np.float64], path: Path, line: int) -> NDArray[np.float64]:
    """Segmentation labels serve detection too: the box is the polygon's extent."""
    if len(values) < 7 or len(values) % 2 == 0:
        raise malformed(
            path,
            line,
            f"{len(values)} values; a row is class cx cy w h (5), or class and the x y pairs of a polygon",
            hint="pose labels need kpt_shape in data.yaml",
        )
    corners = values[1:].reshape(-1, 2)
    _check_fractions(corners, path, line)
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)])


def _with_visibility(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keypoints with x, y only count as seen, unless both are 0: that is how a missing one is written."""
    if points.shape[1] == 3:
        return points
    seen = 2.0 * (points != 0).any(axis=1)
    return np.column_stack([points, seen])
