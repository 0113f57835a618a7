"""Clips: T frames of a rally, their balls now and next, and the players of the newest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels
from numa_deploy.training.data.fitted import FittedRally

Floats = NDArray[np.float32]

_SAME_BALL = 80.0
"""Pixels of the input that a ball may move in a frame: of several balls, which is which is told by that."""


@dataclass(slots=True)
class Clip:
    """A sample of a clip network, in pixels of its input.

    Attributes:
        frames: uint8 (T, C, H, W), oldest first.
        balls: per frame float32 (n, 2).
        following: per frame float32 (n, 2), the same balls a frame later; NaN where that is not known.
        ball_known: bool (T,), whether the frame's balls are labelled.
        boxes: float32 (m, 4) of the newest frame's players.
        keypoints: float32 (m, K, 3).
        players_known: whether the newest frame's players are labelled.
        name: which rally and frame, for messages.
    """

    frames: NDArray[np.uint8]
    balls: list[Floats]
    following: list[Floats]
    ball_known: NDArray[np.bool_]
    boxes: Floats
    keypoints: Floats
    players_known: bool
    name: str


def take_clip(rally: FittedRally, newest: int, count: int, *, backwards: bool = False) -> Clip:
    """Return the clip of `count` frames that ends with `newest`; the first frame stands in for those before it.

    Args:
        rally: where from.
        newest: the clip's last frame.
        count: T.
        backwards: time runs the other way: the clip ends with `newest` coming from later frames.
    """
    step = -1 if backwards else 1
    last = len(rally) - 1
    places = [int(np.clip(newest - step * back, 0, last)) for back in range(count - 1, -1, -1)]
    beyond = newest + step
    labels = [rally.labels[place] for place in places]
    after = [*labels[1:], rally.labels[beyond] if 0 <= beyond <= last else FrameLabels.unknown()]
    now = labels[-1]
    return Clip(
        frames=rally.frames[places],
        balls=[one.balls for one in labels],
        following=[_following(one, other) for one, other in zip(labels, after, strict=True)],
        ball_known=np.array([one.labelled for one in labels]),
        boxes=now.boxes,
        keypoints=now.keypoints,
        players_known=now.labelled and now.players_labelled,
        name=f"{rally.name} frame {newest}",
    )


def _following(now: FrameLabels, then: FrameLabels) -> Floats:
    """Return where each ball of a frame is in the next one, NaN where it is not known."""
    found = np.full((len(now.balls), 2), np.nan, np.float32)
    if not then.labelled:
        return found
    for index, ball in enumerate(now.balls):
        away = np.hypot(*(then.balls - ball).T) if len(then.balls) else np.zeros(0)
        if len(away) and (len(away) == len(now.balls) == 1 or away.min() <= _SAME_BALL):
            found[index] = then.balls[away.argmin()]
    return found
