"""The small part of TensorRT and CUDA that a session needs, as a Protocol: its logic runs without either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EngineTensor:
    """An input or output of an engine.

    Attributes:
        name: its name in the engine.
        shape: -1 is dynamic.
        dtype: numpy dtype name.
        is_input: whether it is an input.
        smallest: the profile's minimum (inputs only).
        largest: the profile's maximum (inputs only).
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    is_input: bool
    smallest: tuple[int, ...] | None = None
    largest: tuple[int, ...] | None = None


class EngineAdapter(Protocol):
    """One loaded engine with one execution context and one stream; pointers are device addresses."""

    @property
    def version(self) -> str: ...
    def tensors(self) -> tuple[EngineTensor, ...]: ...
    def activate(self) -> None:
        """Make the engine's GPU the calling thread's current one: CUDA keeps that choice per thread."""
        ...

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        """Choose the shape of a dynamic input; False when the profile does not allow it."""
        ...

    def output_shape(self, name: str) -> tuple[int, ...]:
        """Return the shape an output will have once every input has one; -1 where it depends on the data."""
        ...

    def allocate(self, size: int) -> int:
        """Return a device pointer to `size` bytes."""
        ...

    def free(self, pointer: int) -> None: ...
    def bind(self, name: str, pointer: int) -> bool: ...
    def upload(self, pointer: int, array: NDArray[Any]) -> None:
        """Queue a copy of a contiguous host array to the device."""
        ...

    def download(self, array: NDArray[Any], pointer: int) -> None:
        """Queue a copy from the device into a contiguous host array."""
        ...

    def execute(self) -> bool:
        """Queue one inference; False when TensorRT refuses."""
        ...

    def synchronize(self) -> None:
        """Wait for everything queued."""
        ...

    def close(self) -> None: ...
