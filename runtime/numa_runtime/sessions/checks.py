"""Refuse a batch that is not what the artifact takes."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from numa_runtime.contract.tensor import TensorInfo, shape_text
from numa_runtime.errors import ModelError


def check_batch(batch: NDArray[Any], door: TensorInfo, where: str) -> None:
    """Compare a batch with the artifact's input; dynamic axes take any positive size.

    Raises:
        ModelError: shape or dtype differ; one sentence with both.
    """
    shape = batch.shape
    if (
        len(shape) == len(door.shape)
        and all(
            have > 0 if isinstance(want, str) else have == want for have, want in zip(shape, door.shape, strict=True)
        )
        and batch.dtype.name == door.dtype
    ):
        return
    raise ModelError(
        f"{where} takes {door.name} {shape_text(door.shape)} {door.dtype}; "
        f"the batch is {shape_text(shape)} {batch.dtype.name}",
        hint=_hint(batch, door),
    )


def check_open(is_open: bool, where: str) -> None:
    """Refuse to run a closed session.

    Raises:
        ModelError: the session was closed.
    """
    if not is_open:
        raise ModelError(f"the session of {where} is closed", hint="load the model again")


def _hint(batch: NDArray[Any], door: TensorInfo) -> str:
    if batch.shape == door.shape:
        return f"convert it: batch.astype({door.dtype!r})"
    if len(door.shape) == 4 and all(isinstance(axis, int) for axis in door.shape[2:]):
        return f"this file has a fixed size: letterbox frames to {door.shape[3]}x{door.shape[2]}"
    return ""
