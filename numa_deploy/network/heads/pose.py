"""PoseHead: a DetectHead whose cells also say where K keypoints are."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from numa_deploy.network.cells.grid import cell_table, shapes_of
from numa_deploy.network.deploy.appearance import appearance
from numa_deploy.network.deploy.candidates import CandidatesForm
from numa_deploy.network.deploy.final import MOST_FINAL, FinalForm, finish
from numa_deploy.network.heads.base import BOX_BINS, TOP_K, flatten_levels, tower
from numa_deploy.network.heads.detect import CellLogits, DetectHead, best_rows, feature_outputs, run_each
from numa_runtime.contract import OutputSpec
from numa_runtime.errors import ModelError


class PoseHead(DetectHead):
    """Boxes, scores and keypoints (x, y and visibility) of one frame; `cv4` gives the keypoints.

    Args:
        nc: classes.
        channels: of each level.
        keypoint_shape: (keypoints, 2 or 3 values).
        depthwise: as DetectHead.
        reg_max: as DetectHead.
        end2end: as DetectHead.
        extra: values per keypoint that the branch's width has room for besides its own (YOLO26: 2).
        width: as DetectHead.
    """

    def __init__(
        self,
        nc: int,
        channels: Sequence[int],
        keypoint_shape: tuple[int, int],
        depthwise: bool = False,
        reg_max: int = BOX_BINS,
        end2end: bool = False,
        extra: int = 0,
        width: int | None = None,
    ) -> None:
        super().__init__(nc, channels, depthwise, reg_max, end2end, width)
        count, values = keypoint_shape
        if count < 1 or values not in (2, 3):
            raise ModelError(f"kpt_shape is {list(keypoint_shape)}; it is [keypoints, 2 or 3]")
        self.keypoint_shape = keypoint_shape
        hidden = width or max(channels[0] // 4, count * (values + extra))
        self.cv4 = nn.ModuleList(tower(c, hidden, count * values) for c in channels)

    def forward(self, levels: Sequence[Tensor]) -> CellLogits:
        """levels: [B, c_i, H_i, W_i] -> raw logits for the loss."""
        return super().forward(levels)._replace(keypoints=run_each(self.cv4, levels))

    def decode_keypoints(self, raw: CellLogits) -> Tensor:
        """Return keypoints [B, N, kpts, 2 or 3] of all cells: x, y in input pixels, visibility 0..1.

        x = (2 v + column) * stride, y alike: v is zero at the cell's corner.
        """
        table = cell_table(shapes_of(raw.keypoints), self.strides, raw.keypoints[0].device)
        corner, stride = (table[:, :2] - table[:, 2:] / 2)[:, None], table[:, 2:, None]
        values = torch.unflatten(flatten_levels(raw.keypoints).transpose(1, 2), 2, self.keypoint_shape)
        points = values[..., :2] * 2 * stride + corner
        return torch.cat((points, values[..., 2:].sigmoid()), 3)

    def infer(self, levels: Sequence[Tensor], features: bool = False) -> dict[str, Tensor]:
        raw = self(levels)
        boxes, scores = self.decode(raw)
        if self.end2end:
            return finish(boxes, scores, self.decode_keypoints(raw))
        rows = best_rows(scores)
        points = self.decode_keypoints(raw).take_along_dim(rows[..., None], 1)
        found = {
            "boxes": boxes.take_along_dim(rows, 1),
            "scores": scores.take_along_dim(rows, 1),
            "keypoints": points,
        }
        return found | ({"features": appearance(levels, found["boxes"], self.strides[0])} if features else {})

    def outputs(self, features: bool = False) -> tuple[OutputSpec, ...]:
        values = "x, y in pixels of the input" + (", visibility" if self.keypoint_shape[1] == 3 else "")
        rows = "detections" if self.end2end else "candidates"
        points = OutputSpec("keypoints", ("batch", rows, *self.keypoint_shape), values)
        if self.end2end:
            return (*super().outputs(), points)
        return (*super().outputs(), points, *(feature_outputs(self.feature_length) if features else ()))

    def deploy(self, features: bool = False) -> nn.Module:
        form = CandidatesForm(
            self.cv2,
            self.cv3,
            self.strides,
            self.reg_max,
            MOST_FINAL if self.end2end else TOP_K,
            keypoints=self.cv4,
            keypoint_shape=self.keypoint_shape,
            features=features and not self.end2end,
        )
        return FinalForm(form) if self.end2end else form
