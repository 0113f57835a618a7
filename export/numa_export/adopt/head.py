"""Which head each foreign layout gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from numa_export.adopt.source import Source
from numa_export.graph.editor import GraphEditor
from numa_export.graph.final_heads import (
    append_batch_rows,
    append_labelled_boxes,
    append_labelled_rows,
    append_queries,
    append_query_rows,
    split_labelled,
)
from numa_export.graph.heads import Output, append_final, append_pair, append_rows, append_ultralytics
from numa_export.graph.heat_maps import MapShape, append_heat_maps
from numa_export.proof.reference import anchor_grid
from numa_runtime.contract import Layout
from numa_runtime.contract.foreign import adopt_hint
from numa_runtime.errors import ModelError


def append_head(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    """Append what makes our outputs of the foreign ones; return their names and shapes.

    Args:
        editor: of the graph, which is changed in place.
        source: the foreign file.
        raw: the names of its arrays in the graph, in the layout's order.

    Raises:
        ModelError: a file of dynamic size whose boxes are in cells or fractions of it, or of batches where its rows
            say which image they are of.
    """
    return _HEADS[source.spec.layout](editor, source, raw)


_Head = Callable[[GraphEditor, Source, Sequence[str]], list[Output]]


def _yolox(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    grid = anchor_grid(*_size(source), source.strides)
    return append_rows(editor, raw[0], source.head(), 5, grid)


def _query_rows(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    return append_query_rows(editor, raw[0], source.head(), _size(source))


def _query_logits(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    return append_queries(editor, raw[0], raw[1], source.head(), _size(source), logits=True)


def _labelled_rows(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    boxes, scores, labels = raw if len(raw) == 3 else split_labelled(editor, raw[0])
    return append_labelled_rows(editor, boxes, scores, labels, source.head())


def _batch_rows(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    batch = source.spec.input.batch
    if batch != 1:
        raise ModelError(
            f"{source.path.name} takes {batch or 'any number of'} images at a time, and its rows are those of all of "
            "them; one is needed",
            hint="export it again with a batch of 1",
        )
    return append_batch_rows(editor, raw[0])


def _heat_maps(editor: GraphEditor, source: Source, raw: Sequence[str]) -> list[Output]:
    spec = source.spec
    height, width = (int(side) for side in spec.outputs[0].shape[2:])
    logits = spec.layout is Layout.HEAT_MAP_LOGITS
    shape = MapShape(spec.input.batch or "batch", spec.input.frames, (height, width), _size(source), logits)
    return append_heat_maps(editor, raw[0], shape)


_HEADS: dict[Layout, _Head] = {
    Layout.ULTRALYTICS_RAW: lambda editor, source, raw: append_ultralytics(editor, raw[0], source.head()),
    Layout.ULTRALYTICS_END2END: lambda editor, source, raw: append_final(editor, raw[0], source.head()),
    Layout.YOLOX_RAW: _yolox,
    Layout.OBJECTNESS_ROWS: lambda editor, source, raw: append_rows(editor, raw[0], source.head(), 5),
    Layout.CLASS_ROWS: lambda editor, source, raw: append_rows(editor, raw[0], source.head(), 4),
    Layout.BOXES_AND_SCORES: lambda editor, source, raw: append_pair(editor, raw[0], raw[1], source.head()),
    Layout.LABELLED_ROWS: _labelled_rows,
    Layout.QUERY_ROWS: _query_rows,
    Layout.QUERY_LOGITS: _query_logits,
    Layout.LABELLED_BOXES: lambda editor, source, raw: append_labelled_boxes(editor, source.head(), *raw),
    Layout.BATCH_ROWS: _batch_rows,
    Layout.HEAT_MAPS: _heat_maps,
    Layout.HEAT_MAP_LOGITS: _heat_maps,
}


def _size(source: Source) -> tuple[int, int]:
    height, width = source.spec.input.height, source.spec.input.width
    if height and width:
        return height, width
    raise ModelError(
        f"{source.path.name} takes any input size, and its boxes are parts of it; a fixed one is needed",
        hint=f"{adopt_hint(str(source.path), source.family)} --imgsz 640 640",
    )
