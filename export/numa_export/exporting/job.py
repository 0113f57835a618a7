"""ExportJob: one export's inputs, checked, and the small things every step needs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.exporting.origin import Origin
from numa_export.formats.engine_progress import Progress
from numa_export.graph.editor import dims_of
from numa_export.graph.image_input import image_input
from numa_export.graph.metadata import version
from numa_export.plan import ExportPlan
from numa_runtime.contract import BuildRecord, ModelSpec, OutputSpec
from numa_runtime.contract.tensor import fixed
from numa_runtime.errors import ModelError
from numa_runtime.sessions.base import Session

TOOL = "numa-deploy export"
Opener = Callable[[Path], AbstractContextManager[Session]]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What is exported, how, to where, and the photographs it is proved on."""

    origin: Origin
    plan: ExportPlan
    output: Path
    images: list[Image]
    created: str
    opener: Opener
    progress: Progress | None = None

    def tell(self, what: str) -> None:
        """Say which step begins.

        Raises:
            ModelError: the callback said to stop.
        """
        if self.progress is not None and self.progress(what, 0.0) is False:
            raise ModelError(f"the export of {self.origin.name} was cancelled before: {what}")

    def record(self) -> BuildRecord:
        """Return the build record; engines add their builder to it."""
        return BuildRecord(
            precision=self.plan.precision.value,
            tool=f"{TOOL} {version()}",
            created=self.created or datetime.now(UTC).isoformat(timespec="seconds"),
            source=self.origin.name,
            source_sha256=self.origin.sha256(),
            options=self.plan.options,
        )


def spec_of_graph(spec: ModelSpec, model: onnx.ModelProto) -> ModelSpec:
    """Return the contract with the input and output shapes that the graph has."""
    shape = dims_of(image_input(model.graph))
    shapes = {value.name: dims_of(value) for value in model.graph.output}
    return spec_of_shapes(spec, shape, shapes)


def spec_of_shapes(
    spec: ModelSpec, model_input: tuple[int | str, ...], outputs: dict[str, tuple[int | str, ...]]
) -> ModelSpec:
    """Return the contract with these shapes, by output name."""
    size = replace(spec.input, batch=fixed(model_input[0]), height=fixed(model_input[2]), width=fixed(model_input[3]))
    described = tuple(OutputSpec(out.name, outputs[out.name], out.meaning) for out in spec.outputs)
    return replace(spec, input=size, outputs=described)
