"""`load(path)`: the right session for a file, by what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from numa_runtime.errors import ModelError, require
from numa_runtime.formats import Format
from numa_runtime.paths import expand
from numa_runtime.sessions.base import Session
from numa_runtime.sessions.device import Device, parse_device
from numa_runtime.sessions.sniff import openvino_xml, sniff


def load(path: str | Path, device: str | int | None = "auto", threads: int | None = None) -> Session:
    """Open an artifact: an `.onnx` file, an OpenVINO folder or `.xml`, a `.torchscript`, or a TensorRT `.engine`.

    Args:
        path: the file or folder; its content decides, not its suffix.
        device: auto (says what it chose in `Session.device`), cpu, cuda, cuda:1, 0 (= cuda:0), intel:gpu.
        threads: CPU threads; None means the usable physical cores.

    Raises:
        ModelError: missing, empty, truncated or not a model.
        ContractError: a model that does not say what it is, or a task that is not supported here.
        DeviceError: an explicit device that cannot be honoured.
        EngineError: an engine this machine cannot run.
        MissingExtra: the backend is not installed.
        UsageError: an invalid device word or thread count.
    """
    wanted, file = parse_device(device), expand(path, ModelError)
    return _OPENERS[sniff(file)](file, wanted, threads)


def require_openvino(file: Path) -> None:
    """Refuse early where OpenVINO is not installed.

    Raises:
        MissingExtra: with its `pip install` line.
    """
    require(f"running {file.name}", "openvino")


def _open_onnx(file: Path, device: Device, threads: int | None) -> Session:
    from numa_runtime.sessions.onnxruntime import OnnxRuntimeSession

    return OnnxRuntimeSession(file, device, threads)


def _open_openvino(file: Path, device: Device, threads: int | None) -> Session:
    require_openvino(file)
    from numa_runtime.sessions.openvino import OpenVinoSession

    return OpenVinoSession(openvino_xml(file), device, threads)


def _open_torchscript(file: Path, device: Device, threads: int | None) -> Session:
    from numa_runtime.sessions.torchscript import TorchScriptSession

    return TorchScriptSession(file, device, threads)


def _open_engine(file: Path, device: Device, _threads: int | None) -> Session:
    from numa_runtime.sessions.tensorrt.session import TensorRtSession

    return TensorRtSession(file, device)


_OPENERS: dict[Format, Callable[[Path, Device, int | None], Session]] = {
    Format.ONNX: _open_onnx,
    Format.OPENVINO: _open_openvino,
    Format.TORCHSCRIPT: _open_torchscript,
    Format.ENGINE: _open_engine,
}
