"""Which outputs a foreign layout consists of, found by rank, sizes and names; the values are not looked at here.

| layout | arrays, a batch in front | boxes |
|---|---|---|
| ultralytics-raw | [4 + nc + keypoints, A] | centre and size in pixels |
| ultralytics-end2end | [M, 6 + keypoints]: box, score, class | corners in pixels |
| yolox-raw | [A, 5 + nc] | offsets in cells |
| objectness-rows | [A, 5 + nc], score = objectness x class | centre and size in pixels |
| class-rows | [A, 4 + nc] | centre and size in pixels |
| boxes-and-scores | [A, 4] and [A, nc] | corners in pixels |
| labelled-rows | [A, 6]: box, score, class; or three outputs | corners in pixels |
| query-rows | [Q, 4 + nc] | centre and size as fractions of the input |
| query-logits | [Q, 4] and [Q, nc], before the sigmoid | centre and size as fractions of the input |
| labelled-boxes | [M, 4], scores [M], labels [M] | corners in pixels |
| batch-rows | [n, 7] without a batch: image, box, class, score | corners in pixels |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numa_runtime.contract.grid import STRIDES, cells
from numa_runtime.contract.spec import Layout
from numa_runtime.contract.tensor import TensorInfo, fixed

Size = tuple[int | None, int | None]
_MOST_FINAL_ROWS = 3840
ANCHORS_PER_CELL = 3
_MOST_CLASSES = 1500  # Objects365 has 365, LVIS 1,203
_MOST_KEYPOINTS = 150  # whole bodies have 133
_DETECTION = 6
_COCO_POSE = 4 + 1 + 17 * 3  # columns of the pose networks that nearly everybody has; 52 classes hardly anybody


@dataclass(frozen=True, slots=True)
class Arrays:
    """A layout as it lies in a file.

    Attributes:
        layout: which one.
        outputs: its arrays, in the order of the table above.
        classes: how many its shapes show; None where they do not.
        rows: candidates or detections for each image; None where dynamic.
        keypoints: (keypoints, values) of each row; None without.
    """

    layout: Layout
    outputs: tuple[TensorInfo, ...]
    classes: int | None = None
    rows: int | None = None
    keypoints: tuple[int, int] | None = None


def arrays_of(layout: Layout, outputs: Sequence[TensorInfo], size: Size) -> Arrays | None:
    """Return the layout as it lies in `outputs`, or None where their shapes are not its shapes.

    Args:
        layout: a foreign layout.
        outputs: all outputs of the file.
        size: (height, width) of the input; None where dynamic.
    """
    match = _MATCHERS.get(layout)  # heat maps are told by the clip too: contract.heat_maps
    found = match(outputs, size) if match else None
    if found is None:
        return None
    arrays, classes, rows = found
    if layout is Layout.ULTRALYTICS_RAW and classes == _COCO_POSE - 4:
        return Arrays(layout, tuple(arrays), 1, rows, (17, 3))
    if layout is Layout.ULTRALYTICS_END2END and arrays[0].shape[2] != _DETECTION:
        return Arrays(layout, tuple(arrays), 1, rows, ((int(arrays[0].shape[2]) - _DETECTION) // 3, 3))
    return Arrays(layout, tuple(arrays), classes, rows)


def grid_of(count: int | None, size: Size, each: int = 1) -> tuple[int, ...] | None:
    """Return the strides of the grid that has `count` rows, `each` a cell, at this input size; None where none has."""
    height, width = size
    if count is None or height is None or width is None:
        return None
    return next((strides for strides in STRIDES if each * cells(height, width, strides) == count), None)


_Found = tuple[Sequence[TensorInfo], int | None, int | None] | None


def _only(outputs: Sequence[TensorInfo], rank: int) -> tuple[int | None, ...] | None:
    if len(outputs) != 1 or len(outputs[0].shape) != rank:
        return None
    return tuple(map(fixed, outputs[0].shape))


def _columns(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    shape = _only(outputs, 3)
    if shape is None or shape[1] is None or shape[1] < 5 or not _on_grid(shape[2], size, 1):
        return None
    return outputs, shape[1] - 4, shape[2]


def _finished(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    shape = _only(outputs, 3)
    if shape is None or shape[1] is None or shape[2] is None or _any_grid(shape[1], size):
        return None
    keypoints, rest = divmod(shape[2] - _DETECTION, 3)
    fits = shape[1] <= _MOST_FINAL_ROWS and 0 <= keypoints <= _MOST_KEYPOINTS and rest == 0
    return (outputs, None, shape[1]) if fits else None


def _rows(first: int, *each: int) -> Callable[[Sequence[TensorInfo], Size], _Found]:
    """Return the matcher of rows on a grid with classes from column `first` on."""

    def match(outputs: Sequence[TensorInfo], size: Size) -> _Found:
        shape = _only(outputs, 3)
        if shape is None or shape[2] is None or shape[2] <= first:
            return None
        if not any(_on_grid(shape[1], size, count) for count in each):
            return None
        return outputs, shape[2] - first, shape[1]

    return match


def _yolox(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    shape = _only(outputs, 3)
    if shape is None or shape[2] is None or shape[2] <= 5 or None in size:
        return None
    return (outputs, shape[2] - 5, shape[1]) if grid_of(shape[1], size) == STRIDES[0] else None


def _boxes_and_scores(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    pair = _pair(outputs)
    if pair is None or not _on_grid(fixed(pair[0].shape[1]), size, 1):
        return None
    return pair, fixed(pair[1].shape[2]), fixed(pair[0].shape[1])


def _query_rows(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    shape = _only(outputs, 3)
    if shape is None or shape[1] is None or shape[2] is None or shape[1] > _MOST_FINAL_ROWS:
        return None
    if not 0 < shape[2] - 4 <= _MOST_CLASSES or _any_grid(shape[1], size) or _any_grid(shape[2], size):
        return None
    return outputs, shape[2] - 4, shape[1]


def _query_logits(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    pair = _pair(outputs)
    if pair is None or _any_grid(fixed(pair[0].shape[1]), size):
        return None
    return pair, fixed(pair[1].shape[2]), fixed(pair[0].shape[1])


def _labelled_boxes(outputs: Sequence[TensorInfo], _size: Size) -> _Found:
    named = _by_name(outputs)
    if named is None or [len(info.shape) for info in named] != [3, 2, 2]:
        return None
    return named, None, fixed(named[0].shape[1])


def _labelled_rows(outputs: Sequence[TensorInfo], size: Size) -> _Found:
    shape = _only(outputs, 3)
    if shape is not None:
        on_grid = any(_on_grid(shape[1], size, each) for each in (1, ANCHORS_PER_CELL))
        return (outputs, None, shape[1]) if shape[2] == _DETECTION and on_grid else None
    named = _by_name(outputs)
    if named is None or [len(info.shape) for info in named] != [3, 3, 3]:
        return None
    return named, None, fixed(named[0].shape[1])


def _batch_rows(outputs: Sequence[TensorInfo], _size: Size) -> _Found:
    shape = _only(outputs, 2)
    return (outputs, None, None) if shape is not None and shape[1] == 7 else None


def _pair(outputs: Sequence[TensorInfo]) -> tuple[TensorInfo, TensorInfo] | None:
    """Return boxes [B, n, 4] and scores [B, n, nc] of two outputs in either order; names decide where nc is 4."""
    if len(outputs) != 2 or any(len(info.shape) != 3 for info in outputs) or not _same(outputs[0], outputs[1]):
        return None
    fours = [info for info in outputs if fixed(info.shape[2]) == 4]
    boxes = next(iter(fours if len(fours) == 1 else [info for info in fours if _means(info, _ROLES[0])]), None)
    if boxes is None:
        return None
    return boxes, outputs[1] if boxes is outputs[0] else outputs[0]


def _same(first: TensorInfo, second: TensorInfo) -> bool:
    counts = {fixed(first.shape[1]), fixed(second.shape[1])} - {None}
    return len(counts) < 2


_ROLES = (("box", "dets"), ("score", "conf"), ("label", "class", "cls"))


def _by_name(outputs: Sequence[TensorInfo]) -> list[TensorInfo] | None:
    """Return boxes, scores and labels by their names; a number of detections next to them is left out."""
    rest = [info for info in outputs if not _means(info, ("num",))]
    found = [[info for info in rest if _means(info, words)] for words in _ROLES]
    if len(rest) != 3 or any(len(infos) != 1 for infos in found):
        return None
    named = [infos[0] for infos in found]
    return named if fixed(named[0].shape[-1]) == 4 else None


def _means(info: TensorInfo, words: tuple[str, ...]) -> bool:
    return any(word in info.name.lower() for word in words)


def _on_grid(count: int | None, size: Size, each: int) -> bool:
    """Whether the count is that of a grid at this input size; an open one may be."""
    return count is None or grid_of(count, size, each) is not None


def _any_grid(count: int | None, size: Size) -> bool:
    return any(grid_of(count, size, each) is not None for each in (1, ANCHORS_PER_CELL))


_MATCHERS: dict[Layout, Callable[[Sequence[TensorInfo], Size], _Found]] = {
    Layout.ULTRALYTICS_RAW: _columns,
    Layout.ULTRALYTICS_END2END: _finished,
    Layout.YOLOX_RAW: _yolox,
    Layout.OBJECTNESS_ROWS: _rows(5, 1, ANCHORS_PER_CELL),
    Layout.CLASS_ROWS: _rows(4, 1),
    Layout.BOXES_AND_SCORES: _boxes_and_scores,
    Layout.LABELLED_ROWS: _labelled_rows,
    Layout.QUERY_ROWS: _query_rows,
    Layout.QUERY_LOGITS: _query_logits,
    Layout.LABELLED_BOXES: _labelled_boxes,
    Layout.BATCH_ROWS: _batch_rows,
}
