"""OpenVINO: the fastest session on x86 CPUs, and the way to Intel GPUs and NPUs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from numa_runtime.contract.codec import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, spec_from_json
from numa_runtime.contract.metadata_values import ULTRALYTICS_KEYS
from numa_runtime.contract.reading import read_contract
from numa_runtime.contract.tensor import TensorInfo, named_axes
from numa_runtime.errors import ContractError, DeviceError, ModelError
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.running import BaseSession
from numa_runtime.sessions.threads import thread_count
from numa_runtime.yaml_text import BadYaml, read_yaml


class OpenVinoSession(BaseSession):
    """An OpenVINO `.xml` (with its `.bin`), compiled once with the latency hint.

    Args:
        path: the `.xml` file.
        device: auto and cpu run on the CPU; intel:gpu and intel:npu on those.
        threads: CPU threads; None means the usable physical cores.

    Raises:
        ModelError: the file cannot be read or compiled.
        DeviceError: a device OpenVINO does not have.
        ContractError: the file does not say what it is.
    """

    backend = "openvino"

    def __init__(self, path: Path, device: Device, threads: int | None = None) -> None:
        self.path = str(path)
        super().__init__(path.name)
        core = ov.Core()
        unit = _unit(core, device)
        model = read_model(core, path)
        metadata = metadata_of(model, path)
        self.inputs, self.outputs = tensors(model, metadata)
        self.contract = read_contract(metadata, self.inputs, self.outputs, self.path)
        self.spec, self.record, self.golden = self.contract.spec, self.contract.record, self.contract.golden
        count = thread_count(threads)
        self._request: Any = _compile(core, model, unit, count, path).create_infer_request()
        self.device = f"cpu, {count} thread{'s' if count > 1 else ''}" if unit == "CPU" else f"intel:{unit.lower()}"

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        try:
            # Not shared: the request's own arrays change with its next run, which may be another thread's.
            found = self._request.infer([np.ascontiguousarray(batch)], share_inputs=True, share_outputs=False)
        except RuntimeError as error:
            raise ModelError(f"{self._where} failed while running: {_last_line(error)}") from error
        return {info.name: found[index] for index, info in enumerate(self.outputs)}

    def _release(self) -> None:
        self._request = None


def read_model(core: Any, path: Path) -> Any:
    """Read an `.xml` and its `.bin` into an `openvino.Model`.

    Raises:
        ModelError: missing weights, damaged, or an operator this OpenVINO does not know.
    """
    weights = path.with_suffix(".bin")
    if not weights.is_file():
        raise ModelError(f"{path.name} has no weights next to it: {weights} is missing", hint="copy the whole folder")
    try:
        return core.read_model(str(path))
    except RuntimeError as error:
        raise ModelError(
            f"{path.name} cannot be read by OpenVINO: {_last_line(error)}", hint="export it again"
        ) from error


def metadata_of(model: Any, path: Path) -> Mapping[str, Any]:
    """Return what the file says of itself, by key.

    First our texts in `rt_info`; then Ultralytics' `metadata.yaml` next to the file; last what OpenVINO's converter
    kept of an ONNX file's metadata (without its build record, which describes the ONNX file and not this one).

    Raises:
        ContractError: `metadata.yaml` is not a YAML mapping.
    """
    keys = (SPEC_KEY, RECORD_KEY, GOLDEN_KEY)
    ours = {key: model.get_rt_info(key.split(".")).astype(str) for key in keys if model.has_rt_info(key.split("."))}
    sidecar = path.with_name("metadata.yaml")
    if ours:
        return ours
    return _sidecar(sidecar) if sidecar.is_file() else _converted(model)


def _sidecar(sidecar: Path) -> Mapping[str, Any]:
    try:
        found = read_yaml(sidecar)
    except (OSError, BadYaml) as error:
        raise ContractError(f"{sidecar} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise ContractError(f"{sidecar} is not a mapping of names to values")
    return found


def _converted(model: Any) -> Mapping[str, Any]:
    # Asked path by path: the keys hold dots, and an absent branch raises instead of being empty.
    texts = {
        key: model.get_rt_info(["framework", key]).astype(str)
        for key in (SPEC_KEY, GOLDEN_KEY, *ULTRALYTICS_KEYS)
        if model.has_rt_info(["framework", key])
    }
    return {key: text for key, text in texts.items() if text}


def tensors(model: Any, metadata: Mapping[str, Any]) -> tuple[tuple[TensorInfo, ...], tuple[TensorInfo, ...]]:
    """Return inputs and outputs of an `openvino.Model`, under the contract's names where an array has several."""
    known = _known_names(metadata)
    inputs = tuple(
        _info(port, known, "images" if index == 0 else f"input{index}") for index, port in enumerate(model.inputs)
    )
    return inputs, tuple(_info(port, known, f"output{index}") for index, port in enumerate(model.outputs))


def _known_names(metadata: Mapping[str, Any]) -> frozenset[str]:
    if SPEC_KEY not in metadata:
        return frozenset()
    spec = spec_from_json(metadata[SPEC_KEY])
    return frozenset((spec.input.name, *(output.name for output in spec.outputs)))


def _info(port: Any, known: frozenset[str], unnamed: str) -> TensorInfo:
    names = sorted(port.get_names())
    name = next((name for name in names if name in known), names[0] if names else unnamed)
    shape = [-1 if axis.is_dynamic else axis.get_length() for axis in port.get_partial_shape()]
    return TensorInfo(name, named_axes(shape), port.get_element_type().to_dtype().name)


def _unit(core: Any, device: Device) -> str:
    if device.kind in ("auto", "cpu"):
        return "CPU"
    have: list[str] = core.available_devices
    if device.kind == "intel" and any(name == device.unit or name.startswith(f"{device.unit}.") for name in have):
        return device.unit
    words = ", ".join("cpu" if name == "CPU" else f"intel:{name.lower()}" for name in have)
    hint = "run the ONNX or the engine on an NVIDIA GPU" if device.kind == "cuda" else "--device cpu"
    raise DeviceError(f"device {device} was asked for, but OpenVINO here only has: {words}", hint=hint)


def _compile(core: Any, model: Any, unit: str, threads: int, path: Path) -> Any:
    settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
    if unit == "CPU":
        settings["INFERENCE_NUM_THREADS"] = threads
        # Left alone, OpenVINO computes in bf16 on CPUs that have it: 22 px and .20 of score on the bundled model.
        settings["INFERENCE_PRECISION_HINT"] = "f32"
    try:
        return core.compile_model(model, unit, settings)
    except RuntimeError as error:
        raise ModelError(f"{path.name} cannot be compiled by OpenVINO for {unit}: {_last_line(error)}") from error


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
