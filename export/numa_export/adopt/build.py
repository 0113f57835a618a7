"""From a foreign graph to one of ours: input, head, cleaning, and the contract that describes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import onnx

from numa_export.adopt.head import append_head
from numa_export.adopt.source import Source
from numa_export.graph import heat_maps
from numa_export.graph.clean import clean
from numa_export.graph.editor import OLDEST_OPSET, GraphEditor, modernise
from numa_export.graph.heads import Output, free_output_names, to_float32
from numa_export.graph.image_input import INPUT_NAME, add_uint8_input
from numa_export.graph.metadata import drop_foreign, version
from numa_runtime.contract import BuildRecord, Layout, ModelSpec, OutputSpec
from numa_runtime.sessions.precision import judge

TOOL = "numa-deploy adopt"
_MEANINGS = {
    "boxes": "x1, y1, x2, y2 in input pixels, best candidates first",
    "scores": "score of every class",
    "keypoints": "x, y in input pixels, visibility",
    "detections": "x1, y1, x2, y2, score, class",
    "balls": "x, y, next_x, next_y in input pixels, score, class of each frame's best balls; next = x, y: unknown",
}
_MIN_OF_INTEGERS = 12  # opset from which Min takes the int64 that a dynamic K needs


def build(source: Source, name: str) -> tuple[onnx.ModelProto, ModelSpec]:
    """Return the adopted graph (no contract in it yet) and its ModelSpec.

    Raises:
        ModelError: a file of dynamic size whose boxes are in cells or fractions of it, or of batches where its rows say
            which image they are of.
    """
    spec = source.spec
    model = onnx.ModelProto()
    model.CopyFrom(source.model)
    model = modernise(model, _oldest(source))
    editor = GraphEditor(model)
    moved = free_output_names(editor)
    raw = [to_float32(editor, moved.get(output.name, output.name)) for output in spec.outputs]
    outputs = append_head(editor, source, raw)
    repeats = spec.input.planes // spec.input.channels
    add_uint8_input(editor, scale=spec.input.scale, mean=spec.input.mean * repeats, std=spec.input.std * repeats)
    editor.set_outputs(outputs)
    clean(model)
    drop_foreign(model)
    model.producer_name, model.producer_version = TOOL, version()
    model.graph.name = name
    return model, _spec(source, name, outputs)


def _oldest(source: Source) -> int:
    """Return the oldest opset in which its head can be written."""
    if source.family.gives_heat_maps:
        return heat_maps.OLDEST_OPSET
    return OLDEST_OPSET if source.head().anchors else _MIN_OF_INTEGERS


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


def _layout(source: Source) -> Layout:
    if source.family.gives_heat_maps:
        return Layout.MULTITASK
    return Layout.CANDIDATES if source.spec.layout.needs_nms else Layout.FINAL


def _spec(source: Source, name: str, outputs: list[Output]) -> ModelSpec:
    model_input = replace(
        source.spec.input,
        dtype="uint8",
        scale=1.0,
        mean=(),
        std=(),
        name=INPUT_NAME,
    )
    described = tuple(OutputSpec(word, tuple(shape), _MEANINGS[word]) for word, shape in outputs)
    points = source.spec.keypoint_shape
    return replace(
        source.spec,
        input=model_input,
        outputs=described,
        layout=_layout(source),
        name=name,
        keypoint_shape=(points[0], 3) if points else None,
    )
