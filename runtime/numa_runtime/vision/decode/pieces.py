"""The arrays of a foreign layout taken apart: boxes as they come, scores, labels; `contract.arrays` has the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.vision.decode.base import Outputs, bad_shape, output

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Pieces:
    """One item of the outputs, nothing computed yet: views where that is possible.

    Attributes:
        boxes: (n, 4) as the file has them.
        scores: (n, nc) of every class, or (n,) of the one in `labels`.
        labels: (n,) classes; None where `scores` has all.
        objectness: (n,) factor of every score; None without.
    """

    boxes: Array
    scores: Array
    labels: Array | None = None
    objectness: Array | None = None


def pieces_of(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    """Return the pieces of item `item`.

    Raises:
        ContractError: an output is missing, or its shape is not its layout's.
    """
    return _READERS[spec.layout](spec, outputs, item)


def _array(spec: ModelSpec, outputs: Outputs, item: int, at: int = 0, rank: int = 3) -> Array:
    return output(outputs, _name(spec, outputs, at), item, rank)


def _name(spec: ModelSpec, outputs: Outputs, at: int = 0) -> str:
    return spec.outputs[at].name if at < len(spec.outputs) else next(iter(outputs), "")


def _rows(first: int) -> Callable[[ModelSpec, Outputs, int], Pieces]:
    def read(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
        rows = _array(spec, outputs, item)
        if rows.shape[1] - first < 1 or (spec.names and rows.shape[1] - first != len(spec.names)):
            raise bad_shape(_name(spec, outputs), rows.shape, f"(n, {first} + {len(spec.names) or 'nc'} classes)")
        return Pieces(rows[:, :4], rows[:, first:], objectness=rows[:, 4] if first > 4 else None)

    return read


def _columns(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    raw = _array(spec, outputs, item).T
    return Pieces(raw[:, :4], raw[:, 4 : 4 + len(spec.names)])


def _finished(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    rows = _array(spec, outputs, item)
    return Pieces(rows[:, :4], rows[:, 4], rows[:, 5])


def _two(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    boxes, scores = _array(spec, outputs, item), _array(spec, outputs, item, 1)
    if boxes.shape[1] != 4 or len(boxes) != len(scores):
        raise bad_shape(_name(spec, outputs), boxes.shape, f"({len(scores)}, 4), a box for each row of scores")
    return Pieces(boxes, scores)


def _three(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    """Boxes, scores and labels as three outputs, the last two with an axis of one number or without."""
    boxes = _array(spec, outputs, item)
    flat = [_array(spec, outputs, item, at, len(spec.outputs[at].shape)).reshape(-1) for at in (1, 2)]
    if boxes.shape != (len(flat[0]), 4) or len(flat[1]) != len(flat[0]):
        raise bad_shape(_name(spec, outputs), boxes.shape, f"({len(flat[0])}, 4), a box for each score")
    return Pieces(boxes, *flat)


def _labelled(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    return _finished(spec, outputs, item) if len(spec.outputs) == 1 else _three(spec, outputs, item)


def _of_batch(spec: ModelSpec, outputs: Outputs, item: int) -> Pieces:
    name = _name(spec, outputs)
    table = output(outputs, name, slice(None), 2)
    if table.shape[1] != 7:
        raise bad_shape(name, table.shape, "(n, 7): image, x1, y1, x2, y2, class, score")
    rows = table[table[:, 0] == item]
    return Pieces(rows[:, 1:5], rows[:, 6], rows[:, 5])


_READERS: dict[Layout, Callable[[ModelSpec, Outputs, int], Pieces]] = {
    Layout.ULTRALYTICS_RAW: _columns,
    Layout.ULTRALYTICS_END2END: _finished,
    Layout.YOLOX_RAW: _rows(5),
    Layout.OBJECTNESS_ROWS: _rows(5),
    Layout.CLASS_ROWS: _rows(4),
    Layout.QUERY_ROWS: _rows(4),
    Layout.BOXES_AND_SCORES: _two,
    Layout.QUERY_LOGITS: _two,
    Layout.LABELLED_BOXES: _three,
    Layout.LABELLED_ROWS: _labelled,
    Layout.BATCH_ROWS: _of_batch,
}
