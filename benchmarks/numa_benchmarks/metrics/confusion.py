"""Which class was taken for which: found and labelled boxes paired whatever their classes, background included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_runtime.golden.pairing import overlaps
from numa_runtime.jsontext import json_text
from numa_runtime.results import Detections
from numa_runtime.results.tabular import as_csv, as_frame

CONF, IOU = 0.25, 0.45
"""Score and overlap from which a box counts here, those that users of YOLO know from its matrix."""

BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """Counts of boxes.

    Attributes:
        matrix: int64 (C + 1, C + 1); row: what was found, column: what is labelled; the last of each is background, so
            the last row counts what was missed, and the last column what was found where nothing is.
        names: of the C classes.
        conf: score from which a box counts.
        iou: overlap from which a box and a label are one.
    """

    matrix: NDArray[np.int64]
    names: tuple[str, ...]
    conf: float = CONF
    iou: float = IOU

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the rows and columns."""
        return (*self.names, BACKGROUND)

    @property
    def shares(self) -> NDArray[np.float64]:
        """float64 (C + 1, C + 1): of each column's labels, the share that was found as each row; 0 without labels."""
        total = self.matrix.sum(axis=0, keepdims=True)
        return np.asarray(self.matrix / np.maximum(total, 1), np.float64)

    def summary(self, normalize: bool = False, decimals: int = 5) -> list[dict[str, Any]]:
        """Return one dict a row: "Predicted", then the labelled classes by name."""
        values = self.shares.round(decimals) if normalize else self.matrix
        return [
            {"Predicted": name, **dict(zip(self.labels, row.tolist(), strict=True))}
            for name, row in zip(self.labels, values, strict=True)
        ]

    def to_csv(self, normalize: bool = False, decimals: int = 5) -> str:
        """Return `summary()` as CSV text."""
        rows = self.summary(normalize, decimals)
        return as_csv(rows, list(rows[0]))

    def to_json(self, normalize: bool = False, decimals: int = 5) -> str:
        """Return `summary()` as JSON text."""
        return json_text(self.summary(normalize, decimals))

    def to_df(self, normalize: bool = False, decimals: int = 5) -> Any:
        """Return `summary()` as a DataFrame of pandas or polars.

        Raises:
            NumaError: neither is installed.
        """
        rows = self.summary(normalize, decimals)
        return as_frame(rows, list(rows[0]))

    def print(self) -> None:
        """Print the counts, a row a line."""
        print(self.to_csv(), end="")


def confusion_matrix(
    dataset: Dataset, found: Sequence[Detections], *, conf: float = CONF, iou: float = IOU
) -> ConfusionMatrix:
    """Count which labelled class was found as which.

    Args:
        dataset: the labelled images.
        found: in the dataset's order, pixels and classes.
        conf: score from which a box counts.
        iou: overlap from which a box and a label are one.
    """
    count = len(dataset.names)
    matrix = np.zeros((count + 1, count + 1), np.int64)
    for image, every in zip(dataset, found, strict=True):
        one = every.select(every.conf >= conf)
        rows, columns = pairs_of(image, one, iou)
        counted = ~image.crowd
        np.add.at(matrix, (one.cls[rows], image.classes[columns]), counted[columns].astype(np.int64))
        missed = counted.copy()
        missed[columns] = False
        matrix[count] += np.bincount(image.classes[missed], minlength=count + 1)
        false = false_ones(image, one, rows, iou)
        matrix[:, count] += np.bincount(one.cls[false], minlength=count + 1)
    return ConfusionMatrix(matrix, dataset.names, conf, iou)


def pairs_of(image: LabelledImage, found: Detections, iou: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair boxes with labels, the greatest overlap first, each once; return their places in `found` and `image`."""
    common = overlaps(found.xyxy, image.boxes)
    rows, columns = np.nonzero(common >= iou)
    order = np.argsort(-common[rows, columns], kind="stable")
    free_rows, free_columns = set(range(len(found))), set(range(len(image)))
    kept: list[tuple[int, int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row in free_rows and column in free_columns:
            free_rows.discard(row)
            free_columns.discard(column)
            kept.append((row, column))
    table = np.array(kept, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def false_ones(image: LabelledImage, found: Detections, paired: NDArray[np.int64], iou: float) -> NDArray[np.bool_]:
    """Return bool (n,): found where nothing is labelled, and not in a crowd either."""
    false = np.ones(len(found), np.bool_)
    false[paired] = False
    if image.crowd.any():
        false &= ~(overlaps(found.xyxy, image.boxes[image.crowd]) >= iou).any(axis=1)
    return false
