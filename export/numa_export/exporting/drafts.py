"""Drafts: an artifact in memory that can be written, first bare and, once proved, with its golden sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import onnx

from numa_export.exporting.job import TOOL, ExportJob, spec_of_graph, spec_of_shapes
from numa_export.exporting.origin import NetworkOrigin
from numa_export.graph.clean import clean
from numa_export.graph.finish import write_onnx
from numa_export.graph.metadata import Contract, version, write_contract
from numa_export.plan import Precision
from numa_export.precision.half import to_half
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format


class Draft(Protocol):
    """An artifact that is not written yet."""

    @property
    def spec(self) -> ModelSpec: ...
    @property
    def record(self) -> BuildRecord: ...
    def write(self, part: Path, output: Path, golden: str | None) -> None:
        """Write to `part`, a temporary name for `output`, replacing what an earlier call wrote."""
        ...


@dataclass(frozen=True, slots=True)
class OnnxDraft:
    """An ONNX file."""

    model: onnx.ModelProto
    spec: ModelSpec
    record: BuildRecord

    def write(self, part: Path, output: Path, golden: str | None) -> None:
        write_contract(self.model, Contract(self.spec, self.record, golden))
        write_onnx(self.model, part)


@dataclass(frozen=True, slots=True)
class OpenVinoDraft:
    """An OpenVINO folder; `half` stores float weights in 16 bits."""

    model: Any
    spec: ModelSpec
    record: BuildRecord
    half: bool

    def write(self, part: Path, output: Path, golden: str | None) -> None:
        from numa_export.formats.openvino import write_contract as write_rt_info
        from numa_export.formats.openvino import write_folder

        write_rt_info(self.model, self.spec, self.record, golden)
        write_folder(self.model, part, output, half_weights=self.half)


@dataclass(frozen=True, slots=True)
class TorchScriptDraft:
    """A TorchScript archive."""

    script: Any
    spec: ModelSpec
    record: BuildRecord

    def write(self, part: Path, output: Path, golden: str | None) -> None:
        from numa_export.formats.torchscript import save_torchscript

        save_torchscript(self.script, part, self.spec, self.record, golden)


def onnx_draft(job: ExportJob) -> OnnxDraft:
    """Trace or copy the graph, and turn its body into half where that was asked for."""
    job.tell("tracing the network" if isinstance(job.origin, NetworkOrigin) else "reading the graph")
    model = _graph(job)
    if job.plan.precision is Precision.FP16:
        to_half(model)
    return OnnxDraft(model, spec_of_graph(job.origin.spec, model), job.record())


def openvino_draft(job: ExportJob) -> OpenVinoDraft:
    """Convert the float32 graph; OpenVINO stores halves and computes in what the device prefers."""
    from numa_export.formats.openvino import convert_onnx_bytes
    from numa_export.formats.openvino_graph import protect_slices

    job.tell("tracing the network" if isinstance(job.origin, NetworkOrigin) else "reading the graph")
    graph = _graph(job)
    job.tell("converting to OpenVINO")
    protect_slices(graph)
    model = convert_onnx_bytes(graph.SerializeToString(), job.origin.name)
    half = job.plan.precision is Precision.FP16
    return OpenVinoDraft(model, spec_of_graph(job.origin.spec, graph), job.record(), half)


def torchscript_draft(job: ExportJob) -> TorchScriptDraft:
    """Trace the network with torch's own tracer.

    Raises:
        UsageError: the source is no network.
    """
    from numa_export.formats.torchscript import output_shapes, to_torchscript

    if not isinstance(job.origin, NetworkOrigin):
        raise UsageError(f"torchscript is made from a network, and {job.origin.name} is an ONNX file")
    job.tell("tracing the network")
    script = to_torchscript(job.origin.deployed, job.plan)
    spec = job.origin.spec
    if not job.plan.dynamic:
        model_input = (job.plan.batch, spec.input.planes, *job.plan.size)
        spec = spec_of_shapes(spec, model_input, output_shapes(script, job.origin.deployed, job.plan))
    return TorchScriptDraft(script, spec, job.record())


DRAFTS: dict[Format, Callable[[ExportJob], Draft]] = {
    Format.ONNX: onnx_draft,
    Format.OPENVINO: openvino_draft,
    Format.TORCHSCRIPT: torchscript_draft,
}


def _graph(job: ExportJob) -> onnx.ModelProto:
    model = job.origin.graph(job.plan)
    clean(model)
    model.producer_name, model.producer_version = TOOL, version()
    model.graph.name = job.origin.spec.name or "network"
    return model
