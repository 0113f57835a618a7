"""Refuse a batch that is not what the artifact takes."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from numa_runtime.contract.tensor import TensorInfo, shape_text
from numa_runtime.errors import ModelError


def check_batch(batch: NDArray[Any], model_input: TensorInfo, where: str) -> None:
    """Compare a batch with the artifact's input; dynamic axes take any positive size.

    Args:
        batch: what the session was given.
        model_input: the artifact's input.
        where: the file's name, for messages.

    Raises:
        ModelError: shape or dtype differ; one sentence with both.
    """
    shape = batch.shape
    if (
        len(shape) == len(model_input.shape)
        and all(
            have > 0 if isinstance(want, str) else have == want
            for have, want in zip(shape, model_input.shape, strict=True)
        )
        and batch.dtype.name == model_input.dtype
    ):
        return
    raise ModelError(
        f"{where} takes {model_input.name} {shape_text(model_input.shape)} {model_input.dtype}; "
        f"the batch is {shape_text(shape)} {batch.dtype.name}",
        hint=_hint(batch, model_input),
    )


def check_open(is_open: bool, where: str) -> None:
    """Refuse to run a closed session.

    Raises:
        ModelError: the session was closed.
    """
    if not is_open:
        raise ModelError(f"the session of {where} is closed", hint="load the model again")


def _hint(batch: NDArray[Any], model_input: TensorInfo) -> str:
    if batch.shape == model_input.shape:
        return f"convert it: batch.astype({model_input.dtype!r})"
    if len(model_input.shape) == 4 and all(isinstance(axis, int) for axis in model_input.shape[2:]):
        return f"this file has a fixed size: letterbox frames to {model_input.shape[3]}x{model_input.shape[2]}"
    return ""
