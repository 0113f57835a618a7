"""The one NMS kernel: best class per box, several classes per box, and class-agnostic.

The module compiles with numba: import it late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.jit import announced, jit

MAX_NMS = 30_000
"""Candidates that enter the suppression at most, best first: a bound on the cost of hopeless thresholds."""

Kept = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def nms(
    boxes: NDArray[Any],
    scores: NDArray[Any],
    conf: float,
    iou: float,
    max_det: int,
    *,
    classes: tuple[int, ...] | None = None,
    multi_label: bool = False,
    agnostic: bool = False,
    max_nms: int = MAX_NMS,
) -> Kept:
    """Suppress overlapping boxes greedily, best score first, the lower index first on ties.

    A candidate is a box with its best class, or with every class above `conf` when `multi_label`. It goes when a
    better one of its class (of any class when `agnostic`) overlaps it by more than `iou`.

    Args:
        boxes: (K, 4) x1, y1, x2, y2.
        scores: (K, nc).
        conf: only scores above it are candidates.
        iou: overlap above which the worse candidate goes.
        max_det: at most so many are kept.
        classes: keeps candidates of those classes only, and does so before the suppression: an unwanted class hides
            nothing.
        multi_label: a box is a candidate with every class above `conf`.
        agnostic: candidates of different classes suppress each other.
        max_nms: candidates that enter the suppression at most, best first.

    Returns:
        indices into `boxes` (n,), classes (n,), scores (n,), n <= max_det, sorted by score.
    """
    scores = np.asarray(scores, np.float32)
    index, label, score = _candidates(scores, np.float32(conf), multi_label)
    if classes is not None:
        asked = np.isin(label, np.asarray(classes, np.int64))
        index, label, score = index[asked], label[asked], score[asked]
    order = np.argsort(-score, kind="stable")[:max_nms]
    index, label, score = index[order], label[order], score[order]
    rivals = np.zeros_like(label) if agnostic else label
    chains = int(rivals.max(initial=0)) + 1
    kept = _suppress(np.asarray(boxes, np.float32)[index], rivals, chains, float(iou), int(max_det))
    return index[kept], label[kept], score[kept]


def _candidates(scores: NDArray[np.float32], conf: np.float32, multi_label: bool) -> Kept:
    """Return index, class and score of everything above `conf`, in the order of index and class."""
    if multi_label:
        index, label = np.nonzero(scores > conf)
    else:
        index = np.flatnonzero(scores.max(axis=1, initial=-np.inf) > conf)
        label = scores[index].argmax(axis=1) if len(index) else index
    return index, label, scores[index, label]


@jit
def _suppress(boxes: Any, rivals: Any, chains: int, iou: float, max_det: int) -> Any:
    """Walk boxes (n, 4), best first; the kept ones of each class hang on a chain of their own.

    Sorting and thresholds are numpy's: as fast, and numba needs ten seconds to compile a stable sort.
    """
    kept = np.empty(min(max_det, len(boxes)), np.int64)
    newest = np.full(chains, -1, np.int64)
    older = np.empty(len(kept), np.int64)
    n = 0
    for at in range(len(boxes)):
        if n == len(kept):
            break
        rival = newest[rivals[at]]
        while rival >= 0 and not _overlap(boxes, at, kept[rival], iou):
            rival = older[rival]
        if rival < 0:
            kept[n] = at
            older[n] = newest[rivals[at]]
            newest[rivals[at]] = n
            n += 1
    return kept[:n]


@jit
def _overlap(boxes: Any, i: int, j: int, iou: float) -> Any:
    """Whether boxes i and j overlap by more than `iou` (intersection over union, in double precision)."""
    width = np.float64(min(boxes[i, 2], boxes[j, 2])) - max(boxes[i, 0], boxes[j, 0])
    height = np.float64(min(boxes[i, 3], boxes[j, 3])) - max(boxes[i, 1], boxes[j, 1])
    if width <= 0.0 or height <= 0.0:
        return False
    inter = width * height
    area_i = (np.float64(boxes[i, 2]) - boxes[i, 0]) * (np.float64(boxes[i, 3]) - boxes[i, 1])
    area_j = (np.float64(boxes[j, 2]) - boxes[j, 0]) * (np.float64(boxes[j, 3]) - boxes[j, 1])
    return inter > iou * (area_i + area_j - inter)


def load_kernels() -> None:
    """Compile or load the kernel now, saying so if it has to be compiled; it is otherwise done at the first use."""
    announced(lambda: _suppress(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), 1, 0.5, 1))
