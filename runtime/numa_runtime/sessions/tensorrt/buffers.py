"""Device memory of one engine: grown when needed, bound once, freed at the end."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import EngineError, ModelError
from numa_runtime.sessions.tensorrt.adapter import EngineAdapter, EngineTensor


class Buffers:
    """Holds a device buffer per tensor, reused while the shape stays; the host arrays are the caller's."""

    def __init__(self, adapter: EngineAdapter, where: str) -> None:
        self._adapter = adapter
        self._where = where
        tensors = adapter.tensors()
        self._input = next(tensor for tensor in tensors if tensor.is_input)
        self._outputs = [tensor for tensor in tensors if not tensor.is_input]
        self._pointers: dict[str, tuple[int, int]] = {}
        self._shapes: dict[str, tuple[tuple[int, ...], str]] = {}
        self._shape: tuple[int, ...] | None = None

    def infer(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Copy in, run, copy out, into new arrays.

        Raises:
            ModelError: the profile does not allow the shape.
            EngineError: TensorRT refuses to run, or an output's shape depends on the data.
        """
        self._adapter.activate()
        if batch.shape != self._shape:
            self._reshape(batch)
        source = np.ascontiguousarray(batch)
        self._adapter.upload(self._pointers[self._input.name][0], source)
        if not self._adapter.execute():
            raise EngineError(f"{self._where}: TensorRT refused to run; its log says why")
        hosts = {name: np.empty(shape, dtype) for name, (shape, dtype) in self._shapes.items()}
        for name, host in hosts.items():
            self._adapter.download(host, self._pointers[name][0])
        self._adapter.synchronize()
        return hosts

    def close(self) -> None:
        """Free the device memory; safe to call twice."""
        for pointer, _ in self._pointers.values():
            self._adapter.free(pointer)
        self._pointers.clear()
        self._shapes.clear()
        self._shape = None

    def _reshape(self, batch: NDArray[Any]) -> None:
        # Unknown until everything below has worked: a refused shape must not look like the current one.
        self._shape = None
        if -1 in self._input.shape and not self._adapter.set_input_shape(self._input.name, batch.shape):
            raise ModelError(
                f"{self._where} takes {self._input.name} from {_words(self._input.smallest)} to "
                f"{_words(self._input.largest)}; the batch is {_words(batch.shape)}",
                hint="build the engine with a wider profile: numa-deploy export --format engine --dynamic",
            )
        self._reserve(self._input.name, batch.nbytes)
        self._shapes = {tensor.name: (self._reserve_output(tensor), tensor.dtype) for tensor in self._outputs}
        self._shape = batch.shape

    def _reserve_output(self, tensor: EngineTensor) -> tuple[int, ...]:
        shape = self._adapter.output_shape(tensor.name)
        if -1 in shape:
            raise EngineError(
                f"{self._where}: the shape of {tensor.name} depends on the data ({_words(shape)})",
                hint="export with a fixed number of detections (top-k or fast NMS in the graph)",
            )
        self._reserve(tensor.name, prod(shape) * np.dtype(tensor.dtype).itemsize)
        return shape

    def _reserve(self, name: str, size: int) -> None:
        pointer, have = self._pointers.get(name, (0, 0))
        if have < size or pointer == 0:
            if pointer:
                del self._pointers[name]
                self._adapter.free(pointer)
            pointer = self._adapter.allocate(max(size, 1))
            self._pointers[name] = (pointer, size)
            if not self._adapter.bind(name, pointer):
                raise EngineError(f"{self._where}: TensorRT refused the memory of {name}; its log says why")


def _words(shape: tuple[int, ...] | None) -> str:
    return "x".join(map(str, shape)) if shape else "?"
