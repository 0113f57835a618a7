"""The proof of an adoption: the foreign file with its own decode against the artifact, on real images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.adopt.source import Source
from numa_export.graph.heads import TOP_K
from numa_export.proof import ParityReport, Predictor, Tolerance, compare
from numa_export.proof.batches import letterboxed
from numa_export.proof.numbers import require_numbers
from numa_export.proof.reference import anchor_grid, decoder_for
from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.errors import ModelError

Image = NDArray[np.uint8]
DEFAULT_SIZE = (640, 640)


def prove(
    source: Source, artifact: Predictor, spec: ModelSpec, images: Sequence[Image], *, precision: str
) -> ParityReport:
    """Compare the foreign file (run by plain ONNX Runtime, decoded in numpy) with the artifact.

    Both get the same letterboxed pixels; the foreign file gets them as float x scale. A resized source can
    only be proved as resized, and the report says so.

    Raises:
        ModelError: ONNX Runtime cannot run the foreign file, or its answers are no numbers.
    """
    note = ""
    if source.resized:
        note = f"against the source set to {spec.input.height}x{spec.input.width}"
    tolerance = Tolerance.for_source(precision)
    size = (spec.input.height or DEFAULT_SIZE[0], spec.input.width or DEFAULT_SIZE[1])
    batches = letterboxed(spec, images, size, spec.input.batch or 1)
    return compare(reference(source), artifact, batches, tolerance=tolerance, note=note)


def reference(source: Source) -> Predictor:
    """Return the foreign file as a predictor from uint8 batches to canonical outputs."""
    session = _session(source.model, source.path.name)
    spec = source.spec
    dtype, scale = np.dtype(spec.input.dtype), np.float32(source.family.scale)
    top = source.head().anchors or TOP_K
    decode = decoder_for(spec.layout, len(spec.names), source.keypoints, _grid(source), min(TOP_K, top))

    def run(batch: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        pixels = batch.astype(np.float32) if scale == 1 else batch.astype(np.float32) * scale
        (raw,) = session.run([source.output], {spec.input.name: pixels.astype(dtype)})
        require_numbers({source.output: raw}, source.path.name)
        return decode(raw.astype(np.float32))

    return run


def _grid(source: Source) -> NDArray[np.float32] | None:
    model_input = source.spec.input
    if (
        source.spec.layout is not Layout.YOLOX_RAW
        or source.decodes_itself
        or not (model_input.height and model_input.width)
    ):
        return None
    return anchor_grid(model_input.height, model_input.width, source.strides)


def _session(model: onnx.ModelProto, name: str) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{name} cannot be run by ONNX Runtime {ort.__version__}: {reason}") from error
