"""How much each part of a loss counts, under the names users know."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.training.panels import LOSS
from numa_runtime.options import Options, option
from numa_runtime.options.readers import within


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGains(Options):
    """The weights of the parts of a loss, all before the sum.

    Attributes:
        box: overlap of boxes (1 - CIoU).
        cls: class scores of boxes.
        dfl: distributions over the distances to a box's sides.
        pose_gain: where keypoints are (1 - OKS).
        kobj: whether keypoints are seen.
        pose_score: by how much scores follow OKS too, 0-1; 0: boxes alone.
        ball: scores of balls.
        ball_point: distributions over the distances to a ball, now and in the next frame.
    """

    box: float = option(7.5, "Weight of the boxes' overlap.", read=within(0, 1000), panel=LOSS)
    cls: float = option(0.5, "Weight of class scores.", read=within(0, 1000), panel=LOSS)
    dfl: float = option(1.5, "Weight of the distributions over box sides.", read=within(0, 1000), panel=LOSS)
    pose_gain: float = option(12.0, "Weight of keypoint positions.", read=within(0, 1000), panel=LOSS)
    kobj: float = option(1.0, "Weight of keypoint visibility.", read=within(0, 1000), panel=LOSS)
    pose_score: float = option(
        0.0, "By how much scores follow the keypoints' similarity too, 0-1.", read=within(0, 1), panel=LOSS
    )
    ball: float = option(4.0, "Weight of ball scores.", read=within(0, 1000), panel=LOSS)
    ball_point: float = option(1.0, "Weight of ball positions, now and next.", read=within(0, 1000), panel=LOSS)

    def of_part(self, part: str) -> float:
        """Return the weight of a part of the loss; that of `pose` is `pose_gain`, since `pose` says what is trained."""
        weight: float = getattr(self, "pose_gain" if part == "pose" else part)
        return weight
