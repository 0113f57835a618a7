"""Which head each foreign layout gets."""

from __future__ import annotations

from collections.abc import Sequence

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
    spec, shape = source.spec, source.head()
    match spec.layout:
        case Layout.ULTRALYTICS_RAW:
            return append_ultralytics(editor, raw[0], shape)
        case Layout.ULTRALYTICS_END2END:
            return append_final(editor, raw[0], shape)
        case Layout.YOLOX_RAW:
            height, width = _size(source)
            return append_rows(editor, raw[0], shape, 5, anchor_grid(height, width, source.strides))
        case Layout.OBJECTNESS_ROWS:
            return append_rows(editor, raw[0], shape, 5)
        case Layout.CLASS_ROWS:
            return append_rows(editor, raw[0], shape, 4)
        case Layout.BOXES_AND_SCORES:
            return append_pair(editor, raw[0], raw[1], shape)
        case Layout.QUERY_ROWS:
            return append_query_rows(editor, raw[0], shape, _size(source))
        case Layout.QUERY_LOGITS:
            return append_queries(editor, raw[0], raw[1], shape, _size(source), logits=True)
        case Layout.LABELLED_BOXES:
            return append_labelled_boxes(editor, raw[0], raw[1], raw[2], shape)
        case Layout.LABELLED_ROWS:
            three = split_labelled(editor, raw[0]) if len(raw) == 1 else (raw[0], raw[1], raw[2])
            return append_labelled_rows(editor, *three, shape)
        case _:
            _check_single(source)
            return append_batch_rows(editor, raw[0])


def _size(source: Source) -> tuple[int, int]:
    height, width = source.spec.input.height, source.spec.input.width
    if height and width:
        return height, width
    raise ModelError(
        f"{source.path.name} takes any input size, and its boxes are parts of it; a fixed one is needed",
        hint=f"{adopt_hint(str(source.path), source.family)} --imgsz 640 640",
    )


def _check_single(source: Source) -> None:
    if source.spec.input.batch != 1:
        raise ModelError(
            f"{source.path.name} takes {source.spec.input.batch or 'any number of'} images at a time, and its rows are "
            "those of all of them; one is needed",
            hint="export it again with a batch of 1",
        )
