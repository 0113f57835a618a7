"""The real adapter: TensorRT 10, 11 or RTX through one set of calls, memory and stream through cuda-bindings.

Only reached after `preflight` has seen a driver and a device: TensorRT objects made without one can crash.
Every TensorRT attribute used here exists in all three flavours (`TENSORRT_NAMES`, tested).
"""

from __future__ import annotations

import importlib
import logging
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import EngineError, MissingExtra
from numa_runtime.sessions.tensorrt.adapter import EngineTensor
from numa_runtime.sessions.tensorrt.header import Flavour

_LOGGER = logging.getLogger("numa_runtime")
TENSORRT_NAMES = {
    "": ("ILogger", "Runtime", "TensorIOMode", "DataType", "nptype", "__version__"),
    "Runtime": ("deserialize_cuda_engine",),
    "ICudaEngine": (
        "create_execution_context",
        "get_tensor_dtype",
        "get_tensor_mode",
        "get_tensor_name",
        "get_tensor_profile_shape",
        "get_tensor_shape",
        "num_io_tensors",
    ),
    "IExecutionContext": ("execute_async_v3", "get_tensor_shape", "set_input_shape", "set_tensor_address"),
}
_loggers: dict[str, Any] = {}


def bindings(flavour: Flavour, where: str) -> ModuleType:
    """Import the Python bindings of a flavour.

    Raises:
        MissingExtra: they are not installed; the hint installs them.
    """
    for name in flavour.modules:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    raise MissingExtra(f"running {where} ({flavour})", flavour.modules[0], flavour.extra)


def cuda_runtime(flavour: Flavour, where: str) -> Any:
    """Import the CUDA runtime's bindings.

    Raises:
        MissingExtra: cuda-bindings is not installed.
    """
    try:
        return importlib.import_module("cuda.bindings.runtime")
    except ModuleNotFoundError as error:
        raise MissingExtra(f"running {where}", "cuda-bindings", flavour.extra) from error


class NvidiaAdapter:
    """One engine, one execution context and one stream on one GPU.

    Raises:
        EngineError: TensorRT refuses the plan.
        MissingExtra: the bindings are not installed.
    """

    def __init__(self, plan: bytes, flavour: Flavour, index: int, where: str) -> None:
        self._trt: Any = bindings(flavour, where)
        self._cuda = cuda_runtime(flavour, where)
        self._index = index
        self.activate()
        self._runtime: Any = self._trt.Runtime(_logger(self._trt))
        self._engine: Any = self._runtime.deserialize_cuda_engine(plan)
        if self._engine is None:
            raise EngineError("the log line above says why")
        self._context: Any = self._engine.create_execution_context()
        if self._context is None:
            raise EngineError("no execution context (is the GPU's memory full?)")
        self._stream = self._call("cudaStreamCreate")

    @property
    def version(self) -> str:
        return str(self._trt.__version__)

    def activate(self) -> None:
        self._call("cudaSetDevice", self._index)

    def tensors(self) -> tuple[EngineTensor, ...]:
        names = [self._engine.get_tensor_name(index) for index in range(self._engine.num_io_tensors)]
        return tuple(map(self._tensor, names))

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        return bool(self._context.set_input_shape(name, shape))

    def output_shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._context.get_tensor_shape(name))

    def allocate(self, size: int) -> int:
        return int(self._call("cudaMalloc", size))

    def free(self, pointer: int) -> None:
        self._call("cudaFree", pointer)

    def bind(self, name: str, pointer: int) -> bool:
        return bool(self._context.set_tensor_address(name, pointer))

    def upload(self, pointer: int, array: NDArray[Any]) -> None:
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._call("cudaMemcpyAsync", pointer, array.ctypes.data, array.nbytes, kind, self._stream)

    def download(self, array: NDArray[Any], pointer: int) -> None:
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._call("cudaMemcpyAsync", array.ctypes.data, pointer, array.nbytes, kind, self._stream)

    def execute(self) -> bool:
        return bool(self._context.execute_async_v3(int(self._stream)))

    def synchronize(self) -> None:
        self._call("cudaStreamSynchronize", self._stream)

    def close(self) -> None:
        # Context before engine before runtime: each holds on to the next.
        self._context = self._engine = self._runtime = None
        self._call("cudaStreamDestroy", self._stream)

    def _tensor(self, name: str) -> EngineTensor:
        engine = self._engine
        shape = tuple(engine.get_tensor_shape(name))
        is_input = engine.get_tensor_mode(name) == self._trt.TensorIOMode.INPUT
        smallest = largest = None
        if is_input and -1 in shape:
            smallest, _, largest = (tuple(found) for found in engine.get_tensor_profile_shape(name, 0))
        dtype = np.dtype(self._trt.nptype(engine.get_tensor_dtype(name))).name
        return EngineTensor(name, shape, dtype, is_input, smallest, largest)

    def _call(self, name: str, *arguments: Any) -> Any:
        status, *values = getattr(self._cuda, name)(*arguments)
        if int(status) != 0:
            raise EngineError(f"CUDA's {name} failed: {getattr(status, 'name', status)}")
        return values[0] if values else None


def _logger(trt: Any) -> Any:
    """Return the one logger of this process: TensorRT keeps the first it is given for good."""
    if trt.__name__ not in _loggers:
        _loggers[trt.__name__] = _forwarding_logger(trt)
    return _loggers[trt.__name__]


def _forwarding_logger(trt: Any) -> Any:
    levels = {
        trt.ILogger.INTERNAL_ERROR: logging.ERROR,
        trt.ILogger.ERROR: logging.ERROR,
        trt.ILogger.WARNING: logging.WARNING,
    }

    def log(_: Any, severity: Any, message: str) -> None:
        _LOGGER.log(levels.get(severity, logging.DEBUG), "TensorRT: %s", message)

    def init(self: Any) -> None:
        trt.ILogger.__init__(self)

    return type("ForwardingLogger", (trt.ILogger,), {"__init__": init, "log": log})()
