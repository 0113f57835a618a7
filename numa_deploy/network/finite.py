"""Weights that are numbers."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from numa_runtime.errors import ModelError


def require_finite(state: Mapping[str, Tensor], where: str) -> None:
    """Refuse weights with NaN or infinity.

    Raises:
        ModelError: names the first such tensor and how many of its values are bad.
    """
    for name, tensor in state.items():
        if not tensor.is_floating_point() or bool(tensor.isfinite().all()):
            continue
        bad = int((~tensor.isfinite()).sum())
        raise ModelError(
            f"{where}: the weights {name} hold {bad} values of {tensor.numel()} that are NaN or infinite",
            hint="the training diverged: take an earlier checkpoint, or train with a lower learning rate",
        )
