"""TorchScript: the one session that needs torch, for those who deploy with it; torch comes with the first file."""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract.spec import ModelSpec
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import DeviceError, MissingExtra, ModelError
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.running import BaseSession
from numa_runtime.sessions.threads import thread_count
from numa_runtime.sessions.torchscript_file import read_torchscript


class TorchScriptSession(BaseSession):
    """A TorchScript file that export wrote, on the CPU or a CUDA GPU.

    Args:
        path: the `.torchscript` file.
        device: auto (CUDA when this torch has it, else CPU), cpu, cuda.
        threads: torch's CPU threads, which all of the process shares; None means the usable physical cores.

    Raises:
        MissingExtra: torch is not installed.
        ModelError: the file cannot be opened.
        ContractError: the file does not say what it is.
        DeviceError: an explicit device that this torch does not have.
    """

    backend = "torchscript"

    def __init__(self, path: Path, device: Device, threads: int | None = None) -> None:
        self.path = str(path)
        super().__init__(path.name)
        self.contract = read_torchscript(path)
        self.spec, self.record, self.golden = self.contract.spec, self.contract.record, self.contract.golden
        self.inputs, self.outputs = _declared_tensors(self.spec)
        self._torch = _import_torch(path.name)
        self._device = _choose(self._torch, device)
        self._module: Any = _load(self._torch, path, self._device)
        self.device = self._device
        if self._device == "cpu":
            count = thread_count(threads)
            self._torch.set_num_threads(count)
            self.device = f"cpu, {count} thread{'s' if count > 1 else ''}"

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        torch = self._torch
        try:
            with torch.inference_mode():
                images = torch.from_numpy(np.ascontiguousarray(batch)).to(self._device)
                found = [output.cpu().numpy() for output in self._module(images)]
        except RuntimeError as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise ModelError(f"{self._where} failed while running: {lines[-1]}") from error
        return {info.name: array for info, array in zip(self.outputs, found, strict=True)}

    def _release(self) -> None:
        self._module = None


def _declared_tensors(spec: ModelSpec) -> tuple[tuple[TensorInfo, ...], tuple[TensorInfo, ...]]:
    model_input = spec.input
    shape = (
        model_input.batch or "batch",
        model_input.planes,
        model_input.height or "height",
        model_input.width or "width",
    )
    outputs = tuple(TensorInfo(output.name, output.shape, "float32") for output in spec.outputs)
    return (TensorInfo(model_input.name, shape, model_input.dtype),), outputs


def _import_torch(where: str) -> Any:
    try:
        return importlib.import_module("torch")
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise MissingExtra(f"running {where}", "torch", "train") from error


def _choose(torch: Any, device: Device) -> str:
    have = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device.kind == "cpu" or (device.kind == "auto" and not have):
        return "cpu"
    if device.kind in ("auto", "cuda") and device.index < have:
        return f"cuda:{device.index}"
    units = f"{have} CUDA GPUs" if have else "the CPU only"
    raise DeviceError(
        f"device {device} was asked for, but torch {torch.__version__} here has {units}",
        hint="--device cpu",
    )


def _load(torch: Any, path: Path, device: str) -> Any:
    try:
        with warnings.catch_warnings():
            # torch calls TorchScript deprecated; whoever deploys one knows that.
            warnings.simplefilter("ignore")
            return torch.jit.load(str(path), map_location=device).eval()
    except (RuntimeError, ValueError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"{path.name} cannot be opened by torch {torch.__version__}: {lines[0]}", hint="export it again"
        ) from error
