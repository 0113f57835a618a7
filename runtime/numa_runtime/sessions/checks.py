"""Refuse a batch that is not what the artifact takes."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from numa_runtime.contract.tensor import TensorInfo, shape_text
from numa_runtime.errors import ModelError


def check_batch(batch: NDArray[Any], model_input: TensorInfo, where: str) -> None:
    """Compare a batch with the artifact's input; dynamic axes take any positive size, a fixed batch fewer images.

    Args:
        batch: what the session was given.
        model_input: the artifact's input.
        where: the file's name, for messages.

    Raises:
        ModelError: shape or dtype differ; one sentence with both.
    """
    shape = batch.shape
    if _images_fit(batch, model_input) and 0 < shape[0] <= _most(model_input) and batch.dtype.name == model_input.dtype:
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


def _images_fit(batch: NDArray[Any], model_input: TensorInfo) -> bool:
    """Return whether everything but the number of images is what the file takes."""
    return 0 < batch.ndim == len(model_input.shape) and all(
        have > 0 if isinstance(want, str) else have == want
        for have, want in zip(batch.shape[1:], model_input.shape[1:], strict=True)
    )


def _most(model_input: TensorInfo) -> float:
    batch = model_input.shape[0]
    return batch if isinstance(batch, int) else math.inf


def _hint(batch: NDArray[Any], model_input: TensorInfo) -> str:
    if _images_fit(batch, model_input):
        if len(batch) > _most(model_input):
            return f"give it at most {_most(model_input)} at a time"
        return f"convert it: batch.astype({model_input.dtype!r})" if len(batch) else ""
    if len(model_input.shape) == 4 and all(isinstance(axis, int) for axis in model_input.shape[2:]):
        return f"this file has a fixed size: letterbox frames to {model_input.shape[3]}x{model_input.shape[2]}"
    return ""
