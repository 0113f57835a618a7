"""The proof of an adoption: the foreign file with its own decode against the artifact, on real images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_export.adopt.running import runner
from numa_export.adopt.source import Source, size_of
from numa_export.graph.heads import TOP_K
from numa_export.proof import ParityReport, Predictor, Tolerance, compare
from numa_export.proof.batches import letterboxed
from numa_export.proof.reference import decoder_for
from numa_runtime.contract import Layout, ModelSpec

Image = NDArray[np.uint8]


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
    batches = letterboxed(spec, images, size_of(spec), spec.input.batch or 1)
    return compare(reference(source), artifact, batches, tolerance=tolerance, note=note)


def reference(source: Source) -> Predictor:
    """Return the foreign file as a predictor from uint8 batches to canonical outputs."""
    run = runner(source.model, source.spec, source.path.name)
    top = min(TOP_K, source.rows or TOP_K)
    strides = source.strides if source.spec.layout is Layout.YOLOX_RAW else ()
    decode = decoder_for(source.spec, top, strides)

    def predict(batch: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
        return decode(run(batch), (batch.shape[2], batch.shape[3]))

    return predict
