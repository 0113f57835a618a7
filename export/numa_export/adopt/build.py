"""From a foreign graph to one of ours: input, head, cleaning, and the contract that describes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import onnx

from numa_export.adopt.source import Source
from numa_export.graph.clean import clean
from numa_export.graph.editor import GraphEditor, modernise
from numa_export.graph.heads import (
    Output,
    append_final,
    append_ultralytics,
    append_yolox,
    free_output_names,
    to_float32,
)
from numa_export.graph.image_input import INPUT_NAME, add_uint8_input
from numa_export.graph.metadata import drop_foreign, version
from numa_export.proof.reference import anchor_grid
from numa_runtime.contract import BuildRecord, Color, Layout, ModelSpec, OutputSpec
from numa_runtime.errors import ModelError
from numa_runtime.sessions.precision import judge

TOOL = "numa-deploy adopt"
_MEANINGS = {
    "boxes": "x1, y1, x2, y2 in input pixels, best candidates first",
    "scores": "score of every class",
    "keypoints": "x, y in input pixels, visibility",
    "detections": "x1, y1, x2, y2, score, class",
}
_MIN_OF_INTEGERS = 12  # opset from which Min takes the int64 that a dynamic K needs


def build(source: Source, name: str) -> tuple[onnx.ModelProto, ModelSpec]:
    """Return the adopted graph (no contract in it yet) and its ModelSpec.

    Raises:
        ModelError: a YOLOX file whose grid cannot be written down because its size is dynamic.
    """
    spec = source.spec
    model = onnx.ModelProto()
    model.CopyFrom(source.model)
    model = modernise(model) if source.head().anchors else modernise(model, _MIN_OF_INTEGERS)
    editor = GraphEditor(model)
    moved = free_output_names(editor)
    raw = to_float32(editor, moved.get(source.output, source.output))
    outputs = _append_head(editor, source, raw)
    add_uint8_input(editor, scale=source.family.scale)
    editor.set_outputs(outputs)
    clean(model)
    drop_foreign(model)
    model.producer_name, model.producer_version = TOOL, version()
    model.graph.name = name
    layout = Layout.FINAL if spec.layout is Layout.ULTRALYTICS_END2END else Layout.CANDIDATES
    return model, _spec(source, name, layout, outputs)


def record(source: Source, *, created: str | None = None) -> BuildRecord:
    """Return the build record; `created` (ISO 8601, UTC) defaults to now."""
    options = [("family", source.family.value)]
    if source.resized:
        options.append(("imgsz", f"{source.spec.input.height}x{source.spec.input.width}"))
    return BuildRecord(
        precision=precision_of(source.model),
        tool=f"{TOOL} {version()}",
        created=created or datetime.now(UTC).isoformat(timespec="seconds"),
        source=source.path.name,
        source_sha256=source.sha256,
        options=tuple(options),
    )


def precision_of(model: onnx.ModelProto) -> str:
    """Judge the precision from the weights (rank 2 and more): "fp32", "fp16", "int8", "mixed", ..."""
    weights: dict[str, int] = {}
    for init in model.graph.initializer:
        if len(init.dims) >= 2:
            kind = onnx.helper.tensor_dtype_to_np_dtype(init.data_type).name
            kind = "float8" if kind.startswith("float8") else kind
            weights[kind] = weights.get(kind, 0) + int(np.prod(init.dims))
    return judge(weights)


def _append_head(editor: GraphEditor, source: Source, raw: str) -> list[Output]:
    spec, shape = source.spec, source.head()
    if spec.layout is Layout.ULTRALYTICS_END2END:
        rows = spec.outputs[0].shape[1]
        return append_final(editor, raw, shape, rows if isinstance(rows, int) else 300)
    if spec.layout is Layout.ULTRALYTICS_RAW:
        return append_ultralytics(editor, raw, shape)
    if source.decodes_itself:
        return append_yolox(editor, raw, shape, None)
    if spec.input.height is None or spec.input.width is None:
        raise ModelError(
            f"{source.path.name} takes any input size; a YOLOX grid needs a fixed one",
            hint=f"numa-deploy adopt {source.path} --family yolox --imgsz 640 640",
        )
    return append_yolox(editor, raw, shape, anchor_grid(spec.input.height, spec.input.width, source.strides))


def _spec(source: Source, name: str, layout: Layout, outputs: list[Output]) -> ModelSpec:
    model_input = replace(
        source.spec.input,
        dtype="uint8",
        color=Color.GRAY if source.spec.input.channels == 1 else source.family.color,
        scale=1.0,
        letterbox=source.family.letterbox,
        name=INPUT_NAME,
    )
    described = tuple(OutputSpec(word, tuple(shape), _MEANINGS[word]) for word, shape in outputs)
    points = source.spec.keypoint_shape
    return replace(
        source.spec,
        input=model_input,
        outputs=described,
        layout=layout,
        name=name,
        keypoint_shape=(points[0], 3) if points else None,
        thresholds=source.family.thresholds,
    )
