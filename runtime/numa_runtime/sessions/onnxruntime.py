"""ONNX Runtime: the session that runs everywhere."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from numa_runtime.contract.reading import read_contract
from numa_runtime.contract.tensor import TensorInfo, named_axes
from numa_runtime.errors import DeviceError, ModelError
from numa_runtime.installing import packages_line
from numa_runtime.sessions.checks import check_open
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.external_weights import missing_weights
from numa_runtime.sessions.running import BaseSession
from numa_runtime.sessions.threads import thread_count

_LOGGER = logging.getLogger("numa_runtime")
_DTYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int8)": "int8",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
}
_CPU = "CPUExecutionProvider"
_CUDA = "CUDAExecutionProvider"
_QUIET = 3  # ONNX Runtime's severity "error": its warnings about its own graph passes help no user


class OnnxRuntimeSession(BaseSession):
    """An ONNX file on ONNX Runtime, all graph optimisations on.

    Args:
        path: the `.onnx` file.
        device: auto (CUDA when this onnxruntime has it and it starts, else CPU), cpu, cuda, or a provider's name.
        threads: intra-op threads; None means the usable physical cores.

    Raises:
        ModelError: the file cannot be opened.
        DeviceError: an explicit device that this onnxruntime does not have or that fell back to the CPU.
        ContractError: the file does not say what it is.
    """

    backend = "onnxruntime"

    def __init__(self, path: Path, device: Device, threads: int | None = None) -> None:
        self.path = str(path)
        super().__init__(path.name)
        count = thread_count(threads)
        self._session: Any
        self._session, self.device = open_raw(path, device, count)
        self.inputs, self.outputs = tensors(self._session)
        metadata = self._session.get_modelmeta().custom_metadata_map
        self.contract = read_contract(metadata, self.inputs, self.outputs, self.path)
        self.spec, self.record, self.golden = self.contract.spec, self.contract.record, self.contract.golden
        self._input = self.inputs[0].name
        self._names = [info.name for info in self.outputs]
        self._concurrent = self._session.get_providers()[0] in (_CPU, _CUDA)

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        session = self._session  # another thread may close this session meanwhile
        check_open(session is not None, self._where)
        try:
            arrays = session.run(self._names, {self._input: np.ascontiguousarray(batch)})
        except Exception as error:
            raise ModelError(f"{self._where} failed while running: {_first_line(error)}") from error
        return dict(zip(self._names, arrays, strict=True))

    def _release(self) -> None:
        self._session = None


def tensors(session: Any) -> tuple[tuple[TensorInfo, ...], tuple[TensorInfo, ...]]:
    """Return inputs and outputs of an `onnxruntime.InferenceSession`."""
    return tuple(map(_info, session.get_inputs())), tuple(map(_info, session.get_outputs()))


def open_raw(path: Path, device: Device, threads: int) -> tuple[Any, str]:
    """Open a file whatever it is; return the `onnxruntime.InferenceSession`, and where it runs.

    Raises:
        ModelError: the file cannot be opened.
        DeviceError: an explicit device that this onnxruntime does not have or that fell back to the CPU.
    """
    session = _create(path, _providers(device), _options(threads))
    return session, _chosen(session, device, threads, path.name)


def open_plain(path: Path) -> Any:
    """Open a file on the CPU without optimising it: enough to read its inputs, outputs and metadata.

    Raises:
        ModelError: the file cannot be opened.
    """
    options = _options(1)
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return _create(path, [_CPU], options)


def _info(argument: Any) -> TensorInfo:
    return TensorInfo(argument.name, named_axes(argument.shape), _DTYPES.get(argument.type, argument.type))


def _options(threads: int) -> Any:
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _QUIET
    # Threads that spin after each run hold the cores that decoding, letterbox and encoding need: on two cores a
    # tracked 720p frame takes 0.88 of the time without, 0.74 with the video written (interleaved, idle machine).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _providers(device: Device) -> list[Any]:
    available: list[str] = ort.get_available_providers()
    if device.kind == "cpu":
        return [_CPU]
    if device.kind == "auto":
        return [_CUDA, _CPU] if _CUDA in available else [_CPU]
    wanted = next((name for name in available if name.lower() == f"{device.kind}executionprovider"), None)
    if wanted is None or device.kind == "intel":
        have = ", ".join(name.removesuffix("ExecutionProvider").lower() for name in available)
        hint = f"{packages_line('onnxruntime-gpu')}, or --device cpu" if device.kind == "cuda" else "--device cpu"
        raise DeviceError(f"device {device} was asked for, but this onnxruntime only has: {have}", hint=hint)
    return [(wanted, {"device_id": device.index}), _CPU] if wanted == _CUDA else [wanted, _CPU]


def _create(path: Path, providers: list[Any], options: Any) -> Any:
    try:
        with warnings.catch_warnings():
            # A provider that does not start is detected from what the session really has (`_chosen`).
            warnings.simplefilter("ignore", UserWarning)
            return ort.InferenceSession(str(path), options, providers=providers)
    except Exception as error:
        if (missing := missing_weights(path)) is not None:
            raise missing from error
        raise ModelError(
            f"{path.name} cannot be opened by ONNX Runtime {ort.__version__}: {_first_line(error)}",
            hint="export it again, or with an older --opset",
        ) from error


def _chosen(session: Any, device: Device, threads: int, where: str) -> str:
    used: str = session.get_providers()[0]
    cpu = f"cpu, {threads} thread{'s' if threads > 1 else ''}"
    if used != _CPU:
        return f"cuda:{device.index}" if used == _CUDA else used.removesuffix("ExecutionProvider").lower()
    if device.kind == "auto" and _CUDA in ort.get_available_providers():
        _LOGGER.warning("%s: CUDA did not start (driver, CUDA or cuDNN missing); running on the CPU", where)
    elif device.kind not in ("auto", "cpu"):
        raise DeviceError(
            f"device {device} was asked for, but ONNX Runtime fell back to the CPU (driver, CUDA or cuDNN missing)",
            hint="--device cpu runs there on purpose; numa-deploy doctor says what is missing",
        )
    return cpu


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
