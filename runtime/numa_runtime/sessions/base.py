"""What every backend offers: arrays in, arrays out, from any thread, nothing else."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

from numpy.typing import NDArray

from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.contract.tensor import TensorInfo

__all__ = ["Session", "TensorInfo"]


@runtime_checkable
class Session(Protocol):
    """A loaded artifact.

    Attributes:
        path: the file or folder.
        backend: what runs it ("onnxruntime").
        device: what is really used, in words ("cpu, 2 threads"; never what was merely asked for).
        spec: the model half of the contract.
        record: how the file was made; None for foreign files.
        inputs: the artifact's inputs.
        outputs: the artifact's outputs.
    """

    @property
    def path(self) -> str: ...
    @property
    def backend(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def spec(self) -> ModelSpec: ...
    @property
    def record(self) -> BuildRecord | None: ...
    @property
    def golden(self) -> str | None:
        """The golden sample's text as stored in the artifact (`numa_runtime.golden` reads it), or None."""
        ...

    @property
    def inputs(self) -> tuple[TensorInfo, ...]: ...
    @property
    def outputs(self) -> tuple[TensorInfo, ...]: ...

    def run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Run one batch and return the outputs by name.

        Several threads may call it at once: a backend that computes for one of them at a time lets the others wait.

        Args:
            batch: `[B, planes, H, W]` of the contract's dtype. Where the file fixes B, fewer images are filled up to
                it, and their answers alone come back.

        Returns:
            The outputs by name; the arrays are the caller's.

        Raises:
            ModelError: the batch's shape or dtype is not what the artifact takes; both are named.
        """
        ...

    def close(self) -> None:
        """Release the backend's memory; the session cannot run afterwards."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
