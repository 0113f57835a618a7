"""DetectHead: boxes and class scores per cell, no anchors, no objectness (YOLOv8, YOLO11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from numa_deploy.network.blocks.dfl import DFL
from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.appearance import appearance, feature_length
from numa_deploy.network.deploy.candidates import CandidatesForm
from numa_deploy.network.deploy.final import MOST_FINAL, FinalForm, finish
from numa_deploy.network.heads.base import BOX_BINS, TOP_K, depthwise_tower, flatten_levels, prior_bias, tower
from numa_runtime.contract import OutputSpec
from numa_runtime.errors import ModelError


class CellLogits(NamedTuple):
    """Logits per level, as losses read them.

    Attributes:
        box: [B, 4 * R, H, W] left, top, right, bottom.
        scores: [B, nc, H, W].
        keypoints: [B, kpts * values, H, W], an empty list where the head has none.
    """

    box: list[Tensor]
    scores: list[Tensor]
    keypoints: list[Tensor]


class DetectHead(nn.Module):
    """Two branches per level: `cv2` distances to the four sides over R bins, `cv3` class scores.

    Args:
        nc: classes.
        channels: of each level.
        depthwise: YOLO11's lighter class branch.
        reg_max: R, bins per distance; 1: the distance itself (YOLO26).
        end2end: one cell answers for an object, so that nothing has to be suppressed: the outputs are the 300 best
            pairs of cell and class (YOLO26's one-to-one branch).
        width: channels of every branch; None: YOLOv8's rule, by the finest level's channels, classes and bins.
    """

    def __init__(
        self,
        nc: int,
        channels: Sequence[int],
        depthwise: bool = False,
        reg_max: int = BOX_BINS,
        end2end: bool = False,
        width: int | None = None,
    ) -> None:
        super().__init__()
        if nc < 1:
            raise ModelError(f"a head needs at least one class; nc is {nc}")
        self.nc = nc
        if reg_max < 1:
            raise ModelError(f"a head needs at least one bin per distance; reg_max is {reg_max}")
        self.reg_max, self.end2end = reg_max, end2end
        self.feature_length = feature_length(channels)
        self.strides: tuple[int, ...] = ()
        box = width or max(16, channels[0] // 4, 4 * self.reg_max)
        cls = width or max(channels[0], min(nc, 100))
        class_tower = depthwise_tower if depthwise else tower
        self.cv2 = nn.ModuleList(tower(c, box, 4 * self.reg_max) for c in channels)
        self.cv3 = nn.ModuleList(class_tower(c, cls, nc) for c in channels)
        self.dfl: nn.Module = DFL(self.reg_max) if reg_max > 1 else nn.Identity()

    def set_strides(self, strides: Sequence[int]) -> None:
        self.strides = tuple(strides)
        for box, cls, stride in zip(self.cv2, self.cv3, strides, strict=True):
            assert isinstance(box, nn.Sequential)
            assert isinstance(cls, nn.Sequential)
            prior_bias(cls[-1], self.nc, stride)
            last = box[-1]
            assert isinstance(last, nn.Conv2d)
            if last.bias is not None:
                last.bias.data.fill_(1.0)

    def forward(self, levels: Sequence[Tensor]) -> CellLogits:
        """levels: [B, c_i, H_i, W_i] -> raw logits for the loss."""
        return CellLogits(run_each(self.cv2, levels), run_each(self.cv3, levels), [])

    def decode(self, raw: CellLogits) -> tuple[Tensor, Tensor]:
        """Return boxes [B, N, 4] x1, y1, x2, y2 in input pixels and scores [B, N, nc] of all N cells."""
        table = cell_table(shapes_of(raw.box), self.strides, raw.box[0].device)
        centre, stride = table[:, :2], table[:, 2:]
        left_top, right_bottom = self.dfl(flatten_levels(raw.box)).transpose(1, 2).chunk(2, 2)
        boxes = torch.cat((centre - left_top * stride, centre + right_bottom * stride), 2)
        return boxes, flatten_levels(raw.scores).sigmoid().transpose(1, 2)

    def infer(self, levels: Sequence[Tensor], features: bool = False) -> dict[str, Tensor]:
        boxes, scores = self.decode(self(levels))
        if self.end2end:
            return finish(boxes, scores)
        rows = best_rows(scores)
        found = {"boxes": boxes.take_along_dim(rows, 1), "scores": scores.take_along_dim(rows, 1)}
        return found | ({"features": appearance(levels, found["boxes"], self.strides[0])} if features else {})

    def outputs(self, features: bool = False) -> tuple[OutputSpec, ...]:
        if self.end2end:
            return final_outputs()
        return (*candidate_outputs(self.nc), *(feature_outputs(self.feature_length) if features else ()))

    def deploy(self, features: bool = False) -> nn.Module:
        if self.end2end:
            return FinalForm(CandidatesForm(self.cv2, self.cv3, self.strides, self.reg_max, MOST_FINAL))
        return CandidatesForm(self.cv2, self.cv3, self.strides, self.reg_max, TOP_K, features=features)


def run_each(branches: nn.ModuleList, levels: Sequence[Tensor]) -> list[Tensor]:
    """Run one branch per level."""
    return [branch(level) for branch, level in zip(branches, levels, strict=True)]


def best_rows(scores: Tensor) -> Tensor:
    """Return the rows [B, K, 1] of the K cells with the best class scores; scores: [B, N, nc]."""
    return scores.amax(2).topk(min(TOP_K, scores.shape[1]), 1).indices[..., None]


def candidate_outputs(nc: int) -> tuple[OutputSpec, ...]:
    """Return the outputs every head with boxes gives."""
    return (
        OutputSpec("boxes", ("batch", "candidates", 4), "x1, y1, x2, y2 in pixels of the input"),
        OutputSpec("scores", ("batch", "candidates", nc), "score of each class"),
    )


def final_outputs() -> tuple[OutputSpec, ...]:
    """Return the output of heads whose boxes need no suppression."""
    return (
        OutputSpec("detections", ("batch", "detections", 6), "x1, y1, x2, y2 in pixels of the input, score, class"),
    )


def feature_outputs(length: int) -> tuple[OutputSpec, ...]:
    """Return the output that appearance features add."""
    meaning = "appearance: the neck's values at the box's centre, of length 1; compare by dot product"
    return (OutputSpec("features", ("batch", "candidates", length), meaning),)
