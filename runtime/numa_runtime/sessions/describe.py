"""Everything `numa-deploy inspect` prints, without a GPU and without running the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from numa_runtime.contract import Anchor, BuildRecord, ModelSpec, spec_hash
from numa_runtime.contract.reading import Contract, read_contract
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ContractError, ModelError
from numa_runtime.files import size_mb
from numa_runtime.formats import Format
from numa_runtime.paths import expand
from numa_runtime.sessions.precision import UNKNOWN, judge, openvino_weights
from numa_runtime.sessions.sniff import openvino_xml, sniff
from numa_runtime.sessions.tensorrt.header import EngineHeader


@dataclass(frozen=True, slots=True)
class ModelCard:
    """An artifact described.

    Attributes:
        path: the file or folder.
        format: what kind of artifact it is.
        backend: what runs it.
        size_mb: its size in megabytes.
        precision: the build record's word, else judged from the weights, else "unknown".
        inputs: the artifact's inputs.
        outputs: the artifact's outputs.
        spec: the model half of the contract; None where the file does not say what it is.
        record: how the file was made; None for foreign files.
        spec_hash: the contract's hash.
        contract_origin: where the contract came from.
        contract_problem: why `spec` is None.
        has_golden: whether the artifact carries a golden sample.
        engine: what the engine says of itself; filled for engines only.
    """

    path: str
    format: str
    backend: str
    size_mb: float
    precision: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    spec: ModelSpec | None
    record: BuildRecord | None
    spec_hash: str
    contract_origin: str
    contract_problem: str
    has_golden: bool
    engine: EngineHeader | None = None

    def rows(self) -> list[tuple[str, str]]:
        """Return (name, value) lines for a terminal; what is not known is omitted."""
        rows = [("file", self.path), ("format", f"{self.format}, {self.size_mb:.1f} MB, {self.precision}")]
        if self.engine:
            rows.append(("built by", f"{self.engine.builder} {self.engine.target_words}".strip()))
        rows += [("input", str(info)) for info in self.inputs] + [("output", str(info)) for info in self.outputs]
        rows.append(("contract", self._contract_words()))
        if self.spec:
            rows += spec_rows(self.spec)
        if self.record:
            rows += _record_rows(self.record)
        rows.append(("golden sample", "yes: numa-deploy check recomputes it" if self.has_golden else "none"))
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return asdict(self)

    def _contract_words(self) -> str:
        return f"{self.contract_origin}, {self.spec_hash}" if self.spec else f"none: {self.contract_problem}"


def describe(path: str | Path) -> ModelCard:
    """Describe an artifact: contract, inputs, outputs, size, precision.

    Raises:
        ModelError: missing, truncated or not a model.
        MissingExtra: an OpenVINO file and no OpenVINO.
    """
    file = expand(path, ModelError)
    format = sniff(file)
    found = _LOOKS[format](file)
    contract, problem = _contract(found, file.name)
    spec = contract.spec if contract else None
    inputs, outputs = found.inputs, found.outputs
    if spec and not inputs:
        inputs, outputs = declared_tensors(spec)
    return ModelCard(
        path=str(path),
        format=str(format),
        backend=format.backend,
        size_mb=_size_mb(file),
        precision=contract.record.precision if contract and contract.record else found.precision,
        inputs=inputs,
        outputs=outputs,
        spec=spec,
        record=contract.record if contract else None,
        spec_hash=spec_hash(spec) if spec else "",
        contract_origin=str(contract.origin) if contract else "none",
        contract_problem=problem,
        has_golden=bool(contract and contract.golden),
        engine=found.engine,
    )


def declared_tensors(spec: ModelSpec) -> tuple[tuple[TensorInfo, ...], tuple[TensorInfo, ...]]:
    """Return inputs and outputs as the contract states them, for a file that cannot be opened here."""
    model_input = spec.input
    shape = (
        model_input.batch or "batch",
        model_input.planes,
        model_input.height or "height",
        model_input.width or "width",
    )
    outputs = tuple(TensorInfo(output.name, output.shape, "float32") for output in spec.outputs)
    return (TensorInfo(model_input.name, shape, model_input.dtype),), outputs


def spec_rows(spec: ModelSpec) -> list[tuple[str, str]]:
    """Return the lines that describe a model's input and outputs."""
    model_input = spec.input
    clip = f"{model_input.frames} frames, " if model_input.frames > 1 else ""
    rule = model_input.letterbox
    box = "stretched" if rule.anchor is Anchor.STRETCH else f"letterbox {rule.anchor}, pad {rule.pad_value}"
    if model_input.mean:
        box = f"minus {model_input.mean} over {model_input.std}, {box}"
    rows = [
        ("task", f"{spec.task}, layout {spec.layout}" + (f" ({spec.name})" if spec.name else "")),
        ("classes", _listed(spec.names)),
        (
            "pixels",
            f"{clip}{model_input.color} {model_input.dtype} x {model_input.scale:.6g}, {box}, stride {spec.stride}",
        ),
        ("defaults", f"conf {spec.thresholds.conf}, iou {spec.thresholds.iou}, max_det {spec.thresholds.max_det}"),
    ]
    if spec.thresholds.tracking:
        rows.append(("tracking", ", ".join(f"{name} {value:g}" for name, value in spec.thresholds.tracking.items())))
    if spec.keypoint_shape:
        rows.append(("keypoints", f"{spec.keypoint_shape[0]} x {spec.keypoint_shape[1]} values"))
    if spec.ball_names:
        rows.append(("balls", f"{_listed(spec.ball_names)}, {_frames_told(spec)}"))
    return rows


def _frames_told(spec: ModelSpec) -> str:
    frames = spec.input.frames
    return f"{spec.groups} frames" if spec.groups == frames else f"the newest {spec.groups} of {frames} frames"


def _record_rows(record: BuildRecord) -> list[tuple[str, str]]:
    rows = [("written by", f"{record.tool}, {record.created}")]
    if record.source:
        rows.append(("made from", f"{record.source} {record.source_sha256[:12]}".strip()))
    rows += [(key, value) for key, value in record.options]
    rows += [("profile", profile) for profile in record.profiles]
    return rows


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5])
    return f"{len(names)}: {shown}" + (", ..." if len(names) > 5 else "")


@dataclass(frozen=True, slots=True)
class _Look:
    metadata: Mapping[str, Any]
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    precision: str
    engine: EngineHeader | None = None


def _look_onnx(file: Path) -> _Look:
    from numa_runtime.sessions.onnx_file import summarise
    from numa_runtime.sessions.onnxruntime import open_plain, tensors

    session = open_plain(file)
    metadata: Mapping[str, Any] = session.get_modelmeta().custom_metadata_map
    return _Look(metadata, *tensors(session), judge(summarise(file).weights))


def _look_openvino(file: Path) -> _Look:
    from numa_runtime.sessions.loading import require_openvino

    require_openvino(file)
    from openvino import Core

    from numa_runtime.sessions.openvino import metadata_of, read_model, tensors

    xml = openvino_xml(file)
    model = read_model(Core(), xml)
    metadata = metadata_of(model, xml)
    return _Look(metadata, *tensors(model, metadata), judge(openvino_weights(xml)))


def _look_engine(file: Path) -> _Look:
    from numa_runtime.sessions.tensorrt.container import open_engine

    engine = open_engine(file)
    return _Look(engine.metadata, (), (), UNKNOWN, engine.header)


def _look_torchscript(file: Path) -> _Look:
    from numa_runtime.sessions.torchscript_file import read_extra_files

    return _Look(read_extra_files(file), (), (), UNKNOWN)


_LOOKS = {
    Format.ONNX: _look_onnx,
    Format.OPENVINO: _look_openvino,
    Format.ENGINE: _look_engine,
    Format.TORCHSCRIPT: _look_torchscript,
}


def _contract(found: _Look, where: str) -> tuple[Contract | None, str]:
    try:
        if found.engine and not found.metadata:
            return None, "a pure engine: its shapes show only where it can be loaded, on its GPU"
        if not found.metadata and not found.inputs:
            return None, "its shapes show only where it is run"
        return read_contract(found.metadata, found.inputs, found.outputs, where), ""
    except ContractError as error:
        return None, error.what


def _size_mb(file: Path) -> float:
    """Return the artifact's size; an OpenVINO `.xml` counts with the weights next to it."""
    weights = file.with_suffix(".bin")
    return size_mb(file) + (size_mb(weights) if file.suffix == ".xml" and weights.is_file() else 0.0)
