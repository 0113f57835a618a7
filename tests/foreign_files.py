"""Checkpoints laid out as Ultralytics writes them, made of our own networks: only names and nesting are theirs."""

from __future__ import annotations

import contextlib
import sys
from importlib.resources import files
from types import ModuleType

import torch
from torch import nn

from numa_deploy.network.builder import build
from numa_deploy.network.config.names import split_scale
from numa_runtime.yaml_text import read_yaml

HOMES = {"DetectionModel": "tasks", "PoseModel": "tasks", "Conv": "modules.conv", "Concat": "modules.conv"}
HEADS = {"DetectHead": "Detect", "PoseHead": "Pose", "TrackHead": "Detect"}


def predecessor(plain):
    """The configuration of multitask-n to -x with the head they had first: on P3 to P5, weights for every frame."""
    head = [[15, 18, 21], 1, "TrackHead", {"num_groups": 10, "feat_no": 8, "reg_max": 16}]
    return {**plain, "head": [*plain["head"][:-2], head]}


def tiny(name, nc=2, seed=3):
    """A network of `name` at a quarter of its width, with norms that have seen something, and its YAML."""
    family, scale = split_scale(name)
    plain = dict(read_yaml(files("numa_deploy.network.config") / f"{family}.yaml"))
    depth, width, most = plain["scales"][scale or "n"]
    plain |= {"scales": {"n": [depth, width / 2, most]}, "nc": nc, "name": name}
    plain.pop("names", None)
    if family == "multitask":
        plain = predecessor(plain)
    if family.startswith("yolov8"):
        plain["scales"]["n"] = [depth, width / 4, most]
    network = build(plain, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low in ((module.running_mean, -0.2), (module.running_var, 0.6), (module.bias.data, -0.2)):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * 0.4 + low)
            module.weight.data.copy_(torch.rand(module.weight.shape, generator=generator) + 1.2)
        if isinstance(module, nn.Conv2d):
            module.weight.data.copy_(module.weight.data.half())
    return network.eval(), plain


@contextlib.contextmanager
def their_modules():
    """Let classes of the package `ultralytics` be found while a file is written, and at no other time."""
    names = ["ultralytics", "ultralytics.nn", "ultralytics.nn.tasks", "ultralytics.nn.modules"]
    names += [f"ultralytics.nn.modules.{part}" for part in ("conv", "block", "head")]
    sys.modules.update({name: ModuleType(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def theirs(name, state, base=nn.Module):
    """An object of a class `name` of theirs with `state` as its attributes."""
    home = HOMES.get(name, "modules.head" if name in ("Detect", "Pose", "Pose26", "Segment") else "modules.block")
    module = f"ultralytics.nn.{home}"
    kind = getattr(sys.modules[module], name, None)
    if kind is None:
        kind = type(name, (base,), {"__module__": module})
        setattr(sys.modules[module], name, kind)
    made = kind.__new__(kind)
    made.__dict__.update(state)
    return made


def translate(module, nest):
    """Our module as one of theirs, children first; torch's own stay what they are."""
    name = type(module).__name__
    state = dict(module.__dict__)
    state["_modules"] = {key: translate(child, nest) for key, child in module._modules.items()}
    if name in HEADS:
        return nest(module, state)
    if name == "Attention":
        state["num_heads"] = state.pop("heads")
    if type(module).__module__.startswith("torch."):
        made = type(module).__new__(type(module))
        made.__dict__.update(state)
        return made
    return theirs(name, state)


def plain_head(module, state):
    """A head as YOLOv8 and YOLO11 have it."""
    return theirs(HEADS[type(module).__name__], _numbers(module, state))


def twin_head(module, state):
    """An end-to-end head: what answers is called one2one, and another branch lies beside it."""
    inside = state["_modules"]
    pose = "cv4" in inside
    if pose:
        towers, lasts = nn.ModuleList(), nn.ModuleList()
        for tower in module.cv4:
            last = nn.Conv2d(tower[2].in_channels, tower[2].out_channels, 1)
            weight, bias = (t.detach().unflatten(0, module.keypoint_shape).clone() for t in tower[2].parameters())
            weight[:, :2] *= 2
            bias[:, :2] = (bias[:, :2] - 0.25) * 2
            last.weight.data, last.bias.data = weight.flatten(0, 1), bias.flatten(0, 1)
            lasts.append(last)
            towers.append(nn.Sequential(tower[0], tower[1]))
        inside |= {
            "cv4": translate(towers, plain_head),
            "cv4_kpts": lasts,
            "cv4_sigma": nn.ModuleList([nn.Conv2d(1, 1, 1)]),
        }
        inside["flow_model"] = nn.Linear(2, 2)
    for key in [key for key in inside if key.startswith("cv")]:
        inside[f"one2one_{key}"] = inside[key]
        inside[key] = nn.ModuleList([nn.Conv2d(1, 1, 1)])
    return theirs("Pose26" if pose else "Detect", _numbers(module, state))


def feature_major_head(module, state):
    """The predecessor's: channel f * G + g."""
    if type(module).__name__ != "TrackHead":
        return plain_head(module, state)
    with torch.no_grad():
        for tower in (*module.cv2, *module.cv3):
            for tensor in tower[2].parameters():
                tensor.copy_(tensor.unflatten(0, (module.num_groups, -1)).transpose(0, 1).flatten(0, 1).clone())
    return theirs("Detect", _numbers(module, state))


def _numbers(module, state):
    kept = {
        key: state[key] for key in state if key.startswith("_") or key in ("nc", "reg_max", "num_groups", "feat_no")
    }
    shape = getattr(module, "keypoint_shape", None)
    return kept | ({"kpt_shape": list(shape)} if shape else {})


def write_foreign(path, network, plain, nest=plain_head, *, half=True, entry="ema", extra=None, change=None):
    """Write `network` as a training checkpoint of theirs; the network is changed where `nest` changes it.

    change: is given their root module before it is written.
    """
    rows = [
        [list(row) if isinstance(row, list) else row for row in part] for part in (plain["backbone"], plain["head"])
    ]
    rows[1] = [[*row[:2], HEADS.get(row[2], row[2]), row[3] if row[2] not in HEADS else ["nc"]] for row in rows[1]]
    yaml = {"nc": plain["nc"], "scales": plain["scales"], "scale": "n", "yaml_file": f"{plain['name']}.yaml"}
    yaml |= {"backbone": rows[0], "head": rows[1], "ch": 3}
    with their_modules():
        layers = nn.Sequential()
        layers._modules = {key: translate(module, nest) for key, module in network.model._modules.items()}
        root = nn.Module()
        pose = network.pose_head is not None
        state = dict(root.__dict__) | {"_modules": {"model": layers}, "yaml": yaml, "args": {"imgsz": 640}}
        state["names"] = {at: f"thing{at}" for at in range(plain["nc"])}
        made = theirs("PoseModel" if pose else "DetectionModel", state)
        if half:
            made.half()
        if change is not None:
            change(made)
        content = {"epoch": 3, "version": "8.4.0", "date": "2026-11-28T10:00:00", entry: made, **(extra or {})}
        torch.save(content, path)
    return path
