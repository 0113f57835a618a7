"""From which score a ball counts: each training ends elsewhere, `track` begins at one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import log

import torch
from torch import nn

from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.model import Network
from numa_runtime.tracking.balls.params import BallTrackParams

BIRTH = BallTrackParams().new_track_thresh


@contextmanager
def settled_scores(network: Network, figures: Mapping[str, float]) -> Iterator[None]:
    """Move the scores of balls, while this lasts, so that the best one to cut at becomes the one `track` cuts at.

    A loss that looks at the hardest lookalikes alone settles them at a score of its own, often well above the ball
    tracker's `new_track_thresh`: one bias moves all scores, and their order stays.

    Args:
        network: with or without a track head.
        figures: of a validation: `ball_best_conf`, the score at which F1 is best, and `ball_best_f1`, that F1.
    """
    head, best = network.track_head, figures.get("ball_best_conf", 0.0)
    if head is None or not 0 < best < 1 or not figures.get("ball_best_f1"):
        yield
        return
    biases = [_last_bias(branch) for branch in head.cv3]
    kept = [bias.detach().clone() for bias in biases]
    move_scores(head, best, BIRTH)
    try:
        yield
    finally:
        with torch.no_grad():
            for bias, before in zip(biases, kept, strict=True):
                bias.copy_(before)


@torch.no_grad()
def move_scores(head: TrackHead, score: float, to: float) -> None:
    """Move the scores of balls, in place, so that `score` becomes `to`, both between 0 and 1."""
    for branch in head.cv3:
        _last_bias(branch).add_(log(to / (1 - to)) - log(score / (1 - score)))


def _last_bias(branch: nn.Module) -> torch.Tensor:
    assert isinstance(branch, nn.Sequential)
    assert isinstance(branch[-1], nn.Conv2d)
    assert branch[-1].bias is not None
    return branch[-1].bias
