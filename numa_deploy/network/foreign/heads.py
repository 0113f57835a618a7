"""The heads of a foreign network: which of ours each one is, and how its tensors are called and arranged here.

Three differences, all undone on the way in:

- an end-to-end head (YOLO26) has each branch twice; the one-to-one twin answers, the other serves training;
- its keypoints count from the cell's centre, v strides away, ours from the corner, 2 v: v' = v / 2 + 1/4;
- the multitask predecessor's grouped head lays its channels feature-major, f * G + g, ours g * (F * R) + f.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from numa_deploy.network.foreign.records import Record, TensorRecord, tensors
from numa_runtime.errors import ModelError

KNOWN = ("Detect", "Pose", "Pose26")
_FEATURES, _BINS = 8, 16
_TWIN = "one2one_"
_UNUSED = "the one-to-many branch, which serves training"
_SERVES_TRAINING = "it serves training"


@dataclass(frozen=True, slots=True)
class ForeignHead:
    """One head: its layer number, our block for it, our options of that block, how its tensors are to be read.

    Attributes:
        layer: number of the layer, as in state names.
        block: DetectHead, PoseHead or TrackHead.
        options: of our block.
        twin: the answering branch is the `one2one_` one.
        split: the keypoint branch's last convolution lies in a list of its own (`cv4_kpts`).
        keypoints: (count, values), None where there are none.
        groups: G of a grouped head, else 0.
    """

    layer: int
    block: str
    options: dict[str, Any]
    twin: bool = False
    split: bool = False
    keypoints: tuple[int, int] | None = None
    groups: int = 0

    def rename(self, name: str) -> tuple[str, str]:
        """Return our name of a tensor or module, or "" and why it is dropped."""
        prefix = f"model.{self.layer}."
        if not name.startswith(prefix):
            return name, ""
        branch, dot, rest = name.removeprefix(prefix).partition(".")
        if branch.startswith(("flow_model", "cv4_sigma", f"{_TWIN}cv4_sigma")):
            return "", _SERVES_TRAINING
        if self.twin and branch.startswith("cv"):
            return "", _UNUSED
        if branch == "dfl" and self.options.get("reg_max") == 1:
            return "", "without bins there is nothing to average"
        branch = branch.removeprefix(_TWIN)
        if self.split and branch == "cv4_kpts":
            level, dot, rest = rest.partition(".")
            return f"{prefix}cv4.{level}.2{dot}{rest}", ""
        return f"{prefix}{branch}{dot}{rest}", ""

    def rewrite(self, name: str, tensor: Tensor) -> tuple[Tensor, str]:
        """Return a tensor under its new name, arranged as ours, and what was done ("" for nothing)."""
        parts = name.removeprefix(f"model.{self.layer}.").split(".")
        if not name.startswith(f"model.{self.layer}.") or len(parts) != 4 or parts[2] != "2":
            return tensor, ""
        if self.groups > 1 and parts[0] in ("cv2", "cv3"):
            grouped = torch.unflatten(tensor, 0, (-1, self.groups)).transpose(0, 1).flatten(0, 1)
            return grouped.contiguous(), "feature-major channels laid frame by frame"
        if self.split and parts[0] == "cv4" and self.keypoints is not None:
            return _from_centres(tensor, self.keypoints, parts[3]), "keypoints counted from the cell's corner"
        return tensor, ""


def _from_centres(tensor: Tensor, keypoints: tuple[int, int], leaf: str) -> Tensor:
    rows = torch.unflatten(tensor, 0, keypoints).clone()
    rows[:, :2] *= 0.5
    if leaf == "bias":
        rows[:, :2] += 0.25
    return rows.flatten(0, 1)


def read_head(layer: int, record: Record, planes: int, where: str) -> ForeignHead:
    """Say which of our heads a foreign one is.

    Args:
        layer: its number.
        record: its module.
        planes: of the network's input.
        where: the file, for messages.

    Raises:
        ModelError: a head that has no counterpart here; it is named.
    """
    state = tensors(record)
    twin = f"{_TWIN}cv2" in record.children()
    width, scores = _outputs(state, "cv2", twin), _outputs(state, "cv3", twin)
    bins = record.get("reg_max", _BINS)
    grouped = _grouped(record, width, planes, bins)
    if grouped is not None:
        groups, features = grouped
        options = {"num_groups": groups, "feat_no": features, "reg_max": bins, "nc": max(scores // groups, 1)}
        return ForeignHead(layer, "TrackHead", options, groups=groups)
    if record.name not in KNOWN:
        raise ModelError(
            f"{where}: layer {layer} is a {record.name}, and {', '.join(KNOWN)} and the grouped ball head are the "
            "heads that have a counterpart here",
            hint="detect and pose networks are imported; another task's file can be exported to ONNX where it was made",
        )
    options = {"reg_max": bins} | ({"end2end": True} if twin or record.get("_end2end") is True else {})
    if record.name == "Detect":
        return ForeignHead(layer, "DetectHead", options, twin)
    shape = record.get("kpt_shape")
    if not isinstance(shape, list | tuple) or len(shape) != 2 or not all(type(n) is int and n > 0 for n in shape):
        raise ModelError(f"{where}: layer {layer} is a {record.name} whose kpt_shape is {shape!r}")
    split = record.name == "Pose26"
    return ForeignHead(
        layer, "PoseHead", options | ({"extra": 2} if split else {}), twin, split, (int(shape[0]), int(shape[1]))
    )


def _grouped(record: Record, width: int, planes: int, bins: int) -> tuple[int, int] | None:
    """Return G and F of a grouped head: as it states them, else as its width says for a clip of `planes` frames."""
    features = record.get("feat_no")
    if type(features) is int and features > 0:
        groups = record.get("num_groups", width // (features * bins))
        return groups, features
    if planes > 3 and width == planes * _FEATURES * bins:
        return planes, _FEATURES
    return None


def _outputs(state: dict[str, TensorRecord], branch: str, twin: bool) -> int:
    last = state.get(f"{_TWIN if twin else ''}{branch}.0.2.weight")
    return last.size[0] if last is not None and last.size else 0
