"""The configuration of a foreign network: its own YAML, which lies in its file, in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from numa_deploy.network.config.schema import NetworkConfig, Row, read_config
from numa_deploy.network.foreign.heads import ForeignHead, read_head
from numa_deploy.network.foreign.records import Record, tensors
from numa_runtime.contract import Color, Task
from numa_runtime.errors import ModelError

_DEEPER = ("m", "l", "x")
"""Scales whose C3k2 blocks all hold C3k, whatever their rows say."""


def configure(root: Record, where: str) -> tuple[NetworkConfig, tuple[ForeignHead, ...]]:
    """Return the configuration a foreign network was built from, and its heads.

    Args:
        root: the network's module, with its `yaml`, `names` and layers.
        where: the file, for messages.

    Raises:
        ModelError: no YAML inside, a block or head without counterpart here, names that do not fit.
    """
    yaml, layers = root.get("yaml"), _layers(root)
    if not isinstance(yaml, Mapping) or not layers:
        raise ModelError(
            f"{where}: the {root.name} inside has no configuration or no layers; it is no detect or pose network",
            hint="files of YOLOv8, YOLO11 and YOLO26 (detect, pose) are imported",
        )
    planes = _planes(root, where)
    heads = _heads(layers, planes, where)
    config = read_config(_plain(yaml), _scale(yaml), where)
    if len(config.rows) != len(layers):
        raise ModelError(f"{where}: its configuration has {len(config.rows)} layers, the network {len(layers)}")
    rows = tuple(_row(row, layers[at], next((h for h in heads if h.layer == at), None))
                 for at, row in enumerate(config.rows))  # fmt: skip
    task = _task(heads)
    clip = task is Task.MULTITASK
    if not clip and planes not in (1, 3):
        raise ModelError(f"{where}: the network takes {planes} planes; pictures of 1 or 3 are read here")
    return (
        replace(
            config,
            task=task,
            rows=rows,
            names=_names(root, config.nc, where),
            ball_names=("ball",) if clip else (),
            keypoint_shape=next((head.keypoints for head in heads if head.keypoints), None),
            frames=planes if clip else 1,
            channels=1 if clip else planes,
            color=Color.GRAY if clip or planes == 1 else Color.RGB,
            name=_name(yaml, where),
        ),
        heads,
    )


def _layers(root: Record) -> list[Record]:
    held = root.children().get("model")
    return list(held.children().values()) if held is not None else []


def _planes(root: Record, where: str) -> int:
    for record in tensors(root).values():
        if len(record.size) == 4:
            return record.size[1]
    raise ModelError(f"{where}: the {root.name} inside has no convolution")


def _heads(layers: Sequence[Record], planes: int, where: str) -> tuple[ForeignHead, ...]:
    ends = [(at, layer) for at, layer in enumerate(layers) if at == len(layers) - 1 or _has_branches(layer)]
    return tuple(read_head(at, layer, planes, where) for at, layer in ends)


def _has_branches(layer: Record) -> bool:
    inside = layer.children()
    return {"cv2", "cv3"} <= inside.keys() and all(inside[name].name == "ModuleList" for name in ("cv2", "cv3"))


def _plain(yaml: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: yaml[key] for key in ("nc", "backbone", "head", "kpt_shape") if yaml.get(key) is not None}
    scales = yaml.get("scales")
    if isinstance(scales, Mapping) and scales:
        plain["scales"] = dict(scales)
    else:
        plain["scales"] = {"": [yaml.get("depth_multiple", 1.0), yaml.get("width_multiple", 1.0), 2**20]}
    scale = _scale(yaml)
    return plain | ({"nested": list(_DEEPER)} if scale in _DEEPER else {})


def _scale(yaml: Mapping[str, Any]) -> str:
    return str(yaml.get("scale") or "")


def _row(row: Row, layer: Record, head: ForeignHead | None) -> Row:
    if head is not None:
        return replace(row, block=head.block, numbers=(), options=head.options)
    if row.block != "SPPF":
        return row
    first = layer.children().get("cv1")
    act = first.children().get("act") if first is not None else None
    kernel = row.numbers[1] if len(row.numbers) > 1 else 5
    pools, add = layer.get("n", 3), layer.get("add", False) is True
    return replace(row, numbers=(row.numbers[0], kernel, pools, add, act is None or act.name != "Identity"))


def _task(heads: Sequence[ForeignHead]) -> Task:
    blocks = {head.block for head in heads}
    return Task.MULTITASK if "TrackHead" in blocks else Task.POSE if "PoseHead" in blocks else Task.DETECT


def _names(root: Record, nc: int, where: str) -> tuple[str, ...]:
    given = root.get("names")
    names = tuple(map(str, given.values() if isinstance(given, Mapping) else given or ()))
    if len(names) != nc:
        raise ModelError(f"{where}: the network has {nc} classes and {len(names)} names")
    return names


def _name(yaml: Mapping[str, Any], where: str) -> str:
    stem = Path(str(yaml.get("yaml_file") or where)).name
    return stem.removesuffix(".yaml").removesuffix(".yml").removesuffix(".pt")
