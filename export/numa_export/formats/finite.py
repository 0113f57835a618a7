"""Weights that are numbers: a NaN spreads to every box, and a proof of NaN against NaN proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from numa_runtime.errors import ModelError

if TYPE_CHECKING:
    import onnx
    from torch import Tensor

_WEIGHTED = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def require_finite(state: Mapping[str, Tensor], where: str) -> None:
    """Refuse a module's weights with NaN or infinity.

    Raises:
        ModelError: names the first such tensor and how many of its values are bad.
    """
    for name, tensor in state.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise _error(where, name, int((~tensor.isfinite()).sum()), tensor.numel())


def require_finite_onnx(model: onnx.ModelProto, where: str) -> None:
    """Refuse a graph with NaN constants, or infinite weights.

    Infinity outside of weights is a limit: DETRs put it into attention masks, and in place of anchors at the border.

    Raises:
        ModelError: names the first such tensor and how many of its values are bad.
    """
    from onnx import TensorProto, numpy_helper

    floats = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)
    weights = {name for node in model.graph.node if node.op_type in _WEIGHTED for name in node.input}
    for stored in model.graph.initializer:
        if stored.data_type not in floats or not stored.dims:
            continue
        values = numpy_helper.to_array(stored)
        bad = int((~np.isfinite(values) if stored.name in weights else np.isnan(values)).sum())
        if values.size > 1 and bad:
            raise _error(where, stored.name, bad, values.size)


def _error(where: str, name: str, bad: int, count: int) -> ModelError:
    return ModelError(
        f"{where}: the weights {name} hold {bad} values of {count} that are NaN or infinite",
        hint="the training diverged: take an earlier checkpoint, or train with a lower learning rate",
    )
