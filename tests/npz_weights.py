"""Weights others made, as `../shared/data` holds them: int8 with a scale per channel, batch norm folded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from numa_deploy.network.builder import build
from numa_deploy.network.model import Network
from numa_deploy.network.state import load_state

_SCALE = "_scale"


def load_npz(path: str | Path) -> Network:
    """Build the network an `.npz` is called after (`yolov8n-pose.int8.npz`), with its weights and folded norms.

    The arrays are named as in a state dict (`model.0.conv.weight`), with `NAME_scale` beside int8 ones.
    """
    file = Path(path)
    state = _read(file)
    network = build(file.name.split(".")[0], nc=_classes(state)).fuse()
    load_state(network, state, file.name)
    return network


def _read(file: Path) -> dict[str, Tensor]:
    """Return float32 tensors by state name."""
    with np.load(file, allow_pickle=False) as arrays:
        plain = {name: arrays[name] for name in arrays.files}
    return {
        name: torch.from_numpy(_floats(name, plain))
        for name in plain
        # The DFL's weights are 0..R-1 by definition; rounded to int8 they would no longer be.
        if not name.endswith((_SCALE, "dfl.conv.weight"))
    }


def _floats(name: str, plain: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    array = plain[name].astype(np.float32)
    scale = plain.get(name + _SCALE)
    if scale is not None:
        array = array * scale.astype(np.float32)
    # Grouped convolutions are written as [groups, out / groups, in / groups, k, k].
    return np.ascontiguousarray(array.reshape(-1, *array.shape[2:]) if array.ndim == 5 else array)


def _classes(state: Mapping[str, Tensor]) -> int | None:
    """Return the number of classes: the size of the class branch's last bias."""
    return next((len(state[name]) for name in state if name.endswith("cv3.0.2.bias")), None)
