"""Outputs of any of our layouts as rows that can be compared: geometry, scores, class, keypoints.

The export proof and the golden sample both compare by these: two backends list the same objects in
different orders, and rows whose scores are equal may even swap, so nothing is compared by position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract.spec import FEATURES
from numa_runtime.errors import ContractError

Outputs = Mapping[str, NDArray[Any]]
Float = NDArray[np.float32]
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """n rows of one kind of one batch element.

    Attributes:
        kind: "boxes" (geometry x1, y1, x2, y2) or "balls" (x, y, next_x, next_y).
        geometry: float32 (n, 4), pixels.
        scores: float32 (n, nc) for candidates, else (n, 1).
        classes: int64 (n,), the best class of candidates.
        keypoints: float32 (n, k, 3), k may be 0.
        frame: the clip frame of each ball, else 0.
        features: float32 (n, C), or None where there are none.
    """

    kind: str
    geometry: Float
    scores: Float
    classes: Int
    keypoints: Float
    frame: Int
    features: Float | None = None

    @property
    def best(self) -> Float:
        """The best score of each row (n,)."""
        return self.scores.max(axis=1) if self.scores.size else np.zeros(len(self.geometry), np.float32)

    def __len__(self) -> int:
        return len(self.geometry)

    def select(self, index: Any) -> Rows:
        """Return the rows at `index`."""
        return Rows(
            self.kind,
            self.geometry[index],
            self.scores[index],
            self.classes[index],
            self.keypoints[index],
            self.frame[index],
            None if self.features is None else self.features[index],
        )


def rows_of(outputs: Outputs, item: int) -> list[Rows]:
    """Return one `Rows` per kind for one batch element.

    Args:
        outputs: canonical outputs by name.
        item: the batch element.

    Raises:
        ContractError: none of our output names is present.
    """
    found = []
    if "boxes" in outputs:
        found.append(_candidates(outputs, item))
    elif "detections" in outputs:
        found.append(_final(outputs, item))
    if "balls" in outputs:
        found.append(_balls(outputs, item))
    if not found:
        names = ", ".join(outputs) or "none"
        raise ContractError(
            f"the outputs ({names}) are not in one of our layouts, so they cannot be compared",
            hint="adopted files have ours: numa-deploy adopt --help",
        )
    return found


def _candidates(outputs: Outputs, item: int) -> Rows:
    scores = np.asarray(outputs["scores"][item], np.float32)
    points = _points(outputs, item, len(scores))
    rows = _rows("boxes", outputs["boxes"][item], scores, scores.argmax(axis=1), points)
    if FEATURES not in outputs:
        return rows
    return replace(rows, features=np.asarray(outputs[FEATURES][item], np.float32))


def _final(outputs: Outputs, item: int) -> Rows:
    table = np.asarray(outputs["detections"][item], np.float32)
    return _rows("boxes", table[:, :4], table[:, 4:5], table[:, 5], _points(outputs, item, len(table)))


def _balls(outputs: Outputs, item: int) -> Rows:
    window = np.asarray(outputs["balls"][item], np.float32)
    table = window.reshape(-1, 6)
    frame = np.repeat(np.arange(len(window)), window.shape[1])
    return _rows("balls", table[:, :4], table[:, 4:5], table[:, 5], np.zeros((len(table), 0, 3)), frame)


def _points(outputs: Outputs, item: int, count: int) -> NDArray[Any]:
    return outputs["keypoints"][item] if "keypoints" in outputs else np.zeros((count, 0, 3), np.float32)


def _rows(
    kind: str, geometry: NDArray[Any], scores: Float, classes: Any, keypoints: NDArray[Any], frame: Any = None
) -> Rows:
    return Rows(
        kind,
        np.asarray(geometry, np.float32),
        scores,
        np.asarray(np.nan_to_num(classes), np.int64),
        np.asarray(keypoints, np.float32),
        np.zeros(len(geometry), np.int64) if frame is None else np.asarray(frame, np.int64),
    )
