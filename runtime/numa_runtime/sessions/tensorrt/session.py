"""The TensorRT session: preflight, contract, then arrays in and arrays out through an adapter."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from numa_runtime.contract.reading import read_contract
from numa_runtime.contract.tensor import TensorInfo, named_axes
from numa_runtime.errors import EngineError, MissingExtra
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.running import BaseSession
from numa_runtime.sessions.tensorrt.adapter import EngineAdapter, EngineTensor
from numa_runtime.sessions.tensorrt.buffers import Buffers
from numa_runtime.sessions.tensorrt.container import EngineFile, open_engine
from numa_runtime.sessions.tensorrt.cuda import Machine, probe_machine
from numa_runtime.sessions.tensorrt.header import Flavour
from numa_runtime.sessions.tensorrt.preflight import check_device, check_version, refused_by_runtime

Loader = Callable[[bytes, Flavour, int, str], EngineAdapter]


class TensorRtSession(BaseSession):
    """A `.engine` on an NVIDIA GPU, by TensorRT or TensorRT RTX, whichever built it.

    Args:
        path: the engine, with or without Ultralytics' prefix; its sidecar `.json` lies next to it.
        device: auto, cuda, cuda:1.
        machine: what the machine has; asked of the driver when None.
        loader: makes the adapter; the real one when None.

    Raises:
        EngineError: truncated, for another GPU or version, or no GPU at all.
        MissingExtra: TensorRT or cuda-bindings is not installed.
        ContractError: the engine does not say what it is.
    """

    backend = "tensorrt"

    def __init__(
        self, path: Path, device: Device, *, machine: Machine | None = None, loader: Loader | None = None
    ) -> None:
        self.path = str(path)
        super().__init__(path.name)
        engine = open_engine(path)
        gpu = check_device(engine, device, machine if machine is not None else probe_machine())
        self.device = f"cuda:{device.index} ({gpu.name}), {engine.header.flavour}"
        if loader is None:
            loader = _nvidia_loader(engine)
        try:
            self._adapter: EngineAdapter = loader(engine.plan(), engine.header.flavour, device.index, path.name)
        except EngineError as error:
            raise refused_by_runtime(engine, _installed(engine.header.flavour), gpu, error.what) from error
        try:
            self._prepare(engine, self._adapter)
        except BaseException:
            self._adapter.close()
            raise

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        return self._buffers.infer(batch)

    def _release(self) -> None:
        self._buffers.close()
        self._adapter.close()

    def _prepare(self, engine: EngineFile, adapter: EngineAdapter) -> None:
        tensors = adapter.tensors()
        self.inputs = tuple(_info(tensor) for tensor in tensors if tensor.is_input)
        self.outputs = tuple(_info(tensor) for tensor in tensors if not tensor.is_input)
        self.contract = read_contract(engine.metadata, self.inputs, self.outputs, self.path)
        self.spec, self.record, self.golden = self.contract.spec, self.contract.record, self.contract.golden
        self._buffers = Buffers(adapter, self._where)


def _info(tensor: EngineTensor) -> TensorInfo:
    return TensorInfo(tensor.name, named_axes(tensor.shape), tensor.dtype)


def _nvidia_loader(engine: EngineFile) -> Loader:
    flavour = engine.header.flavour
    found = next((name for name in flavour.modules if importlib.util.find_spec(name)), None)
    if found is None:
        raise MissingExtra(f"running {engine.path.name} ({flavour})", flavour.modules[0], flavour.extra)
    check_version(engine, _installed(flavour))
    from numa_runtime.sessions.tensorrt.nvidia import NvidiaAdapter

    return NvidiaAdapter


def _installed(flavour: Flavour) -> str:
    for name in flavour.modules:
        if importlib.util.find_spec(name):
            return str(getattr(importlib.import_module(name), "__version__", "0"))
    return "0"
