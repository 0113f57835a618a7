"""build: from a name, a YAML file or a dict to a network."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from numa_deploy.network.config.names import find_config
from numa_deploy.network.config.schema import NetworkConfig, read_config
from numa_deploy.network.model import Network
from numa_runtime.contract.coco import default_names
from numa_runtime.errors import ModelError
from numa_runtime.yaml_text import BadYaml, read_yaml

_LOGGER = logging.getLogger("numa_runtime")


def build(
    model: str | Path | Mapping[str, Any] | NetworkConfig,
    nc: int | None = None,
    names: Sequence[str] | None = None,
    *,
    track: bool = True,
    pose: bool = True,
    seed: int = 0,
) -> Network:
    """Build an untrained network.

    Args:
        model: `multitask-n.yaml`, `yolov8n`, `yolo11s-pose`, a YAML file's path, or its content.
        nc: number of classes of the boxes; the configuration's own by default.
        names: their names; COCO's for 80, else class0, class1, ... or the configuration's own.
        track: False omits the track head of a multitask network.
        pose: False omits the pose head.
        seed: of the random weights; the same seed gives the same network.

    Raises:
        UsageError: an unknown name; the nearest is named.
        ModelError: the configuration is not valid: which row and why.
    """
    config = _with_classes(model if isinstance(model, NetworkConfig) else read(model), nc, names)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Network(config, track=track, pose=pose)


def read(model: str | Path | Mapping[str, Any]) -> NetworkConfig:
    """Read a configuration by name, path or content.

    Raises:
        UsageError: an unknown name.
        ModelError: not YAML, or not a network.
    """
    if isinstance(model, Mapping):
        return read_config(model, str(model.get("scale") or ""), str(model.get("name") or "the configuration"))
    path, scale = find_config(str(model))
    try:
        plain = read_yaml(path)
    except (OSError, BadYaml) as error:
        raise ModelError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(plain, Mapping):
        raise ModelError(f"{path.name} holds a {type(plain).__name__}, not a network's keys and values")
    if not scale and "scale" not in plain and len(plain.get("scales") or ()) > 1:
        scale = next(iter(plain["scales"]))
        _LOGGER.warning("%s has no scale in its name; %s is taken", Path(str(model)).name, scale)
    name = Path(str(model)).name.removesuffix(".yaml").removesuffix(".yml")
    return replace(read_config(plain, scale, path.name), name=name)


def _with_classes(config: NetworkConfig, nc: int | None, names: Sequence[str] | None) -> NetworkConfig:
    if names is not None:
        if isinstance(names, str):
            raise ModelError(f"names is the text {names!r}; a list of names is needed")
        if nc is not None and nc != len(names):
            raise ModelError(f"nc is {nc}, but there are {len(names)} names: {', '.join(names)}")
        return replace(config, nc=len(names), names=tuple(names))
    if nc is not None and nc < 1:
        raise ModelError(f"nc is {nc}; a network has at least one class")
    count = nc or config.nc
    if config.names and count == len(config.names):
        return replace(config, nc=count)
    if config.names and nc is None:
        raise ModelError(f"{config.name} states nc {config.nc} and {len(config.names)} names")
    own = ("person",) if count == 1 and config.keypoint_shape else default_names(count)
    return replace(config, nc=count, names=own)
