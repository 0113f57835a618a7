"""The loss of boxes with keypoints."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from numa_deploy.network.heads.pose import PoseHead
from numa_deploy.training.losses.assigner import Assignment
from numa_deploy.training.losses.detect import Cells, DetectLoss, rows_of
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.targets import BoxTargets
from numa_runtime.tracking.poses import COCO_SIGMAS

_TINY = 1e-9


class PoseLoss(DetectLoss):
    """The loss of a detect head, and of keypoints: where they are (OKS), and whether they are seen.

    The error of a point is e = d^2 / (2 (2 sigma)^2 area), as in COCO's keypoint similarity exp(-e), with the area of
    the label's box. A person's loss is the mean of 1 - exp(-e) over its labelled points; a batch's is the mean over
    positives. Of people without a labelled point nothing is said, visibility included.

    `pose_score` makes scores follow the keypoints too: a cell is to have (1 - pose_score + pose_score OKS) times the
    score that its overlap deserves, so that players whose limbs are wrong rank behind others.

    Args:
        head: the head whose logits are judged.
        gains: how much each part counts.
        class_weights: as DetectLoss.
    """

    def __init__(self, head: PoseHead, gains: LossGains | None = None, class_weights: Tensor | None = None) -> None:
        super().__init__(head, gains, class_weights)
        self._shape = head.keypoint_shape
        self._sigmas = torch.tensor(sigmas_of(head.keypoint_shape[0]))

    def _parts(self, cells: Cells, found: Assignment, targets: BoxTargets) -> dict[str, Tensor]:
        values = rows_of(cells.raw.keypoints)[found.image, found.cell].float()
        values = torch.unflatten(values, 1, self._shape)
        wanted = targets.keypoints[found.image, found.label]
        labelled = wanted[..., 2] > 0
        corner, stride = (cells.centres - cells.strides / 2)[found.cell], cells.strides[found.cell]
        points = values[..., :2] * 2 * stride[..., None] + corner[:, None]
        boxes = targets.boxes[found.image, found.label]
        area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        error = (points - wanted[..., :2]).square().sum(2)
        error = error / (8 * self._sigmas.to(error.device).square() * area[:, None] + _TINY)
        share = labelled / labelled.sum(1, keepdim=True).clamp(min=1)
        parts = super()._parts(cells, self._ranked(found, (torch.exp(-error) * share).sum(1), labelled), targets)
        people = max(int(self.total(torch.tensor(len(found)))), 1)
        parts["pose"] = ((1 - torch.exp(-error)) * share).sum() / people
        if self._shape[1] == 3:
            known = labelled.any(1, keepdim=True).expand_as(labelled)
            seen = functional.binary_cross_entropy_with_logits(values[..., 2], labelled.float(), reduction="none")
            parts["kobj"] = (seen * known).sum() / max(self._shape[0] * people, 1)
        return parts

    def _ranked(self, found: Assignment, oks: Tensor, labelled: Tensor) -> Assignment:
        """Let the scores that cells are to have follow `oks` [P], where a point is labelled ([P, K])."""
        if not self.gains.pose_score:
            return found
        missing = (1 - oks.detach()) * labelled.any(1)
        return replace(found, share=found.share * (1 - self.gains.pose_score * missing))


def sigmas_of(keypoints: int) -> list[float]:
    """Return each keypoint's falloff as validation counts it: COCO's for its 17, 1 / K for others."""
    return [sigma / 1000 for sigma in COCO_SIGMAS] if keypoints == len(COCO_SIGMAS) else [1 / keypoints] * keypoints
