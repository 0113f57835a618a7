"""Weights others made: state names as usual, int8 weights with a scale per channel, batch norm folded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from numa_deploy.network.builder import build
from numa_deploy.network.model import Network
from numa_deploy.network.state import load_state
from numa_runtime.errors import ModelError

_SCALE = "_scale"


def load_npz(path: str | Path, model: str | None = None) -> Network:
    """Build a network with the weights of an `.npz`.

    Args:
        path: arrays named as in a state dict (`model.0.conv.weight`), with `NAME_scale` next to int8 ones.
        model: the network's name; the file's name up to its first dot by default (`yolov8n-pose.int8.npz`).

    Returns:
        The network with norms folded (`Conv` has a bias and no norm) and as many classes as the weights have.

    Raises:
        ModelError: not such a file, or weights of another network.
        UsageError: an unknown `model`.
    """
    file = Path(path)
    state = read_npz(file)
    network = build(model or file.name.split(".")[0], nc=_classes(state)).fuse()
    load_state(network, state, file.name)
    return network


def read_npz(file: Path) -> dict[str, Tensor]:
    """Return float32 tensors by state name.

    Raises:
        ModelError: missing, not an `.npz`, or holding pickled objects.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            plain = {name: arrays[name] for name in arrays.files}
    except FileNotFoundError as error:
        raise ModelError(f"there is no file {file}") from error
    except (ValueError, OSError, BadZipFile, AttributeError, EOFError) as error:
        raise ModelError(f"{file.name} is not an .npz of plain arrays: {error}") from error
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
