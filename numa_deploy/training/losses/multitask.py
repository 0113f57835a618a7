"""The loss of a whole network: what each of its heads says, added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from numa_deploy.network.model import Network
from numa_deploy.training.losses.detect import DetectLoss
from numa_deploy.training.losses.gains import LossGains
from numa_deploy.training.losses.pose import PoseLoss
from numa_deploy.training.losses.targets import BallTargets, BoxTargets
from numa_deploy.training.losses.track import TrackNetLoss
from numa_runtime.errors import ModelError


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch is labelled with; None where its data has no such labels."""

    boxes: BoxTargets | None = None
    balls: BallTargets | None = None


class MultiTaskLoss:
    """The heads' losses, each given its own head.

    Args:
        track: of the track head, None without one.
        boxes: of the pose or detect head, None without one.
    """

    def __init__(self, track: TrackNetLoss | None = None, boxes: DetectLoss | None = None) -> None:
        self.track, self.boxes = track, boxes

    @classmethod
    def of(
        cls,
        network: Network,
        gains: LossGains | None = None,
        class_weights: Tensor | None = None,
        total: Callable[[Tensor], Tensor] | None = None,
    ) -> MultiTaskLoss:
        """Return the loss of a network's heads.

        Args:
            network: with a track head, a box head or both.
            gains: how much each part counts.
            class_weights: float32 [nc], how much each class's scores count.
            total: adds up, over all processes that share a batch, what its sums are divided by.

        Raises:
            ModelError: an end-to-end head, whose two branches are trained together.
        """
        track, pose, detect = network.track_head, network.pose_head, network.detect_head
        if any(head is not None and (head.end2end or head.reg_max == 1) for head in (pose, detect)):
            raise ModelError(
                f"{network.spec.name} has an end-to-end head (YOLO26), which cannot be trained here",
                hint="train a yolov8 or yolo11 network; --weights takes from this one what fits",
            )
        boxes: DetectLoss | None = None
        if pose is not None:
            boxes = PoseLoss(pose, gains, class_weights)
        elif detect is not None:
            boxes = DetectLoss(detect, gains, class_weights)
        made = cls(TrackNetLoss(track, gains) if track is not None else None, boxes)
        for loss in (made.track, made.boxes):
            if loss is not None and total is not None:
                loss.total = total
        return made

    def __call__(self, raw: dict[str, Any], targets: Targets) -> dict[str, Tensor]:
        """Return every part, weighted; their sum is the loss. A head without labels is not judged."""
        parts: dict[str, Tensor] = {}
        if self.track is not None and targets.balls is not None:
            parts |= self.track(raw["track"], targets.balls)
        if self.boxes is not None and targets.boxes is not None:
            parts |= self.boxes(raw["pose" if "pose" in raw else "detect"], targets.boxes)
        return parts

    @property
    def positives(self) -> int:
        """Cells that had a label in the last batch, of all heads."""
        return sum(loss.positives for loss in (self.track, self.boxes) if loss is not None)
