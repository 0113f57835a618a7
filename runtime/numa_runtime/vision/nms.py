"""The one NMS kernel: best class per box, several classes per box, and class-agnostic.

The module compiles with numba: import it late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.jit import jit

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

    boxes: (K, 4) x1, y1, x2, y2. scores: (K, nc). A candidate is a box with its best class, or with every class
    above `conf` when `multi_label`. It goes when a better one of its class (of any class when `agnostic`)
    overlaps it by more than `iou`. `classes` keeps candidates of those classes only, and does so before the
    suppression: an unwanted class hides nothing.

    Returns:
        indices into `boxes` (n,), classes (n,), scores (n,), n <= max_det, sorted by score.
    """
    wanted = np.ones(scores.shape[1], np.bool_)
    if classes is not None:
        wanted[:] = False
        wanted[[c for c in classes if 0 <= c < len(wanted)]] = True
    boxes, scores = np.ascontiguousarray(boxes, np.float32), np.ascontiguousarray(scores, np.float32)
    modes = bool(multi_label), bool(agnostic)
    kept: Kept = _nms(boxes, scores, np.float32(conf), float(iou), int(max_det), int(max_nms), wanted, *modes)
    return kept


@jit
def _candidates(scores: Any, conf: Any, wanted: Any, multi_label: bool) -> Any:
    """Return index, class and score of everything above `conf`, in the order of index and class."""
    count, nc = scores.shape
    room = 256
    index, label, score = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.float32)
    n = 0
    for i in range(count):
        first, last = 0, nc
        if not multi_label:
            best = -1
            top = conf
            for c in range(nc):
                if scores[i, c] > top:
                    top = scores[i, c]
                    best = c
            if best < 0:
                continue
            first, last = best, best + 1
        for c in range(first, last):
            if scores[i, c] > conf and wanted[c]:
                if n == room:
                    room *= 2
                    index, label, score = _grown(index), _grown(label), _grown(score)
                index[n] = i
                label[n] = c
                score[n] = scores[i, c]
                n += 1
    return index[:n], label[:n], score[:n]


@jit
def _grown(array: Any) -> Any:
    """Return `array` with twice the room."""
    bigger = np.empty(2 * len(array), array.dtype)
    bigger[: len(array)] = array
    return bigger


@jit
def _suppress(
    boxes: Any, index: Any, label: Any, score: Any, iou: float, max_det: int, max_nms: int, agnostic: bool
) -> Any:
    """Walk the candidates best first; the kept ones of each class hang on a chain of their own."""
    order = np.argsort(-score, kind="mergesort")[:max_nms]
    kept = np.empty(min(max_det, len(order)), np.int64)
    chains = 1
    if not agnostic:
        for c in label:
            chains = max(chains, c + 1)
    newest = np.full(chains, -1, np.int64)
    older = np.empty(len(kept), np.int64)
    n = 0
    for at in order:
        if n == len(kept):
            break
        chain = 0 if agnostic else label[at]
        rival = newest[chain]
        while rival >= 0 and not _overlap(boxes, index[at], index[kept[rival]], iou):
            rival = older[rival]
        if rival < 0:
            kept[n] = at
            older[n] = newest[chain]
            newest[chain] = n
            n += 1
    kept = kept[:n]
    return index[kept], label[kept], score[kept]


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


@jit
def _nms(
    boxes: Any, scores: Any, conf: Any, iou: float, max_det: int, max_nms: int, wanted: Any, multi: bool, agnostic: bool
) -> Any:
    """Threshold, sort and suppress in one compiled call: a cold start loads one kernel."""
    index, label, score = _candidates(scores, conf, wanted, multi)
    return _suppress(boxes, index, label, score, iou, max_det, max_nms, agnostic)
