"""Weights that are numbers: a NaN spreads to every box, and a proof of NaN against NaN proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import numpy_helper

from numa_runtime.errors import ModelError

if TYPE_CHECKING:
    from torch import nn

_FLOATS = {onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE}


def require_finite_module(module: nn.Module, where: str) -> None:
    """Refuse a module with NaN or infinite weights.

    Raises:
        ModelError: names the first such tensor and how many of its values are bad.
    """
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise _error(where, name, int((~tensor.isfinite()).sum()), tensor.numel())


def require_finite_onnx(model: onnx.ModelProto, where: str) -> None:
    """Refuse a graph with NaN weights, or infinite ones (single infinities are limits, not weights).

    Raises:
        ModelError: names the first such tensor and how many of its values are bad.
    """
    for stored in model.graph.initializer:
        if stored.data_type not in _FLOATS or not stored.dims:
            continue
        values = numpy_helper.to_array(stored)
        if values.size > 1 and not np.isfinite(values).all():
            raise _error(where, stored.name, int((~np.isfinite(values)).sum()), values.size)


def _error(where: str, name: str, bad: int, count: int) -> ModelError:
    return ModelError(
        f"{where}: the weights {name} hold {bad} values of {count} that are NaN or infinite",
        hint="the training diverged: take an earlier checkpoint, or train with a lower learning rate",
    )
