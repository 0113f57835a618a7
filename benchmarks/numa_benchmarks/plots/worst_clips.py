"""The frames of rallies a network is most wrong about: those before, then labels beside answers, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.contact_sheet import Sample, write_sheet
from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.metrics.seen import SeenFrame, SeenRallies
from numa_benchmarks.plots.mistakes import Mistakes, mistakes_of
from numa_benchmarks.plots.worst_images import labels_of
from numa_runtime.results import Detections

MOST = 12
"""Frames of a sheet."""

BEFORE = 3
"""Earlier frames that are shown with each."""

APART = 10
"""Frames between two that are shown: neighbours are wrong in the same way."""

_NO_BALLS = np.zeros((0, 2), np.float32)
_FOUND = (90, 90, 255)
"""BGR of the cross of a ball that was found."""


def save_worst_clips(
    seen: SeenRallies, *, conf: float, ball_conf: float, tolerance_px: float, path: Path, most: int = MOST
) -> Path | None:
    """Write a sheet with a row a frame: three frames before it, its labels, its answers; None without a mistake.

    A ring is a labelled ball, a cross the one that was found.

    Args:
        seen: labels and answers.
        conf: score from which a player counts as found.
        ball_conf: score from which a ball does.
        tolerance_px: distance of a ball that still counts, pixels of the input.
        path: a .jpg or .png.
        most: frames of the sheet.

    Raises:
        SinkError: it cannot be written.
        SourceError: a frame cannot be read any more.
    """
    shown = [_counting(frame, conf, ball_conf) for frame in seen.frames]
    players = [_player_mistakes(frame) for frame in shown]
    balls = [_ball_mistake(frame, tolerance_px) for frame in shown]
    costs = [player.cost + (ball != "") for player, ball in zip(players, balls, strict=True)]
    samples: list[Sample] = []
    for at in _worst(shown, costs, most):
        said = ", ".join(word for word in (balls[at], players[at].said if players[at].cost else "") if word)
        samples += _row(shown, at, said)
    if samples:
        write_sheet(samples, path, columns=BEFORE + 2)
    return path if samples else None


def _counting(frame: SeenFrame, conf: float, ball_conf: float) -> SeenFrame:
    """Return the frame with what counts: players above the score, the best ball where it is an answer."""
    best = frame.best_ball
    kept = [] if best is None or frame.balls.conf[best] < ball_conf else [best]
    players = frame.players.select(frame.players.conf >= conf)
    return SeenFrame(frame.rally, frame.index, frame.scale, frame.balls.select(np.array(kept, np.int64)), players)


def _player_mistakes(frame: SeenFrame) -> Mistakes:
    if not (frame.labels.labelled and frame.labels.players_labelled):
        return Mistakes(0, 0, 0, 0.0)
    return mistakes_of(_as_image(frame), frame.players)


def _as_image(frame: SeenFrame) -> LabelledImage:
    labels, shape = frame.labels, frame.rally.pictures.shape
    return LabelledImage.of(1, frame.rally.path, shape, labels.boxes, np.zeros(len(labels.boxes)), labels.keypoints)


def _ball_mistake(frame: SeenFrame, tolerance_px: float) -> str:
    """Return what is wrong with the ball, "" where nothing is."""
    labels: FrameLabels = frame.labels
    if not labels.labelled:
        return ""
    if not len(frame.balls):
        return "ball missed" if len(labels.balls) else ""
    if not len(labels.balls):
        return "false ball"
    away = float(np.hypot(*(labels.balls - frame.balls.xy[0]).T).min() * frame.scale)
    return f"ball {away:.0f} px off" if away > tolerance_px else ""


def _worst(frames: Sequence[SeenFrame], costs: Sequence[float], most: int) -> list[int]:
    """Return the places of the worst frames, neighbours left out."""
    chosen: list[int] = []
    for at in sorted(range(len(costs)), key=lambda at: -costs[at]):
        if costs[at] <= 0 or len(chosen) == most:
            break
        mine = frames[at]
        near = (frames[other] for other in chosen if frames[other].rally is mine.rally)
        if all(abs(other.index - mine.index) >= APART for other in near):
            chosen.append(at)
    return chosen


def _row(frames: Sequence[SeenFrame], at: int, said: str) -> list[Sample]:
    """Return the tiles of one frame; at the begin of a rally its first frame stands for those before."""
    frame, samples = frames[at], list[Sample]()
    for back in range(BEFORE, 0, -1):
        before = frames[max(at - back, at - frame.index)]
        samples.append(_tile(before, f"frame {before.index}", Detections.empty(), before.labels.balls, cross=True))
    image = frame.labels
    labelled = labels_of(_as_image(frame)) if image.labelled else Detections.empty()
    caption = f"label   {frame.rally.name} frame {frame.index}"
    samples.append(_tile(frame, caption, labelled, image.balls, cross=False))
    samples.append(_tile(frame, f"found   {said}", frame.players, _NO_BALLS, cross=True))
    return samples


def _tile(frame: SeenFrame, caption: str, players: Detections, rings: NDArray[np.float32], *, cross: bool) -> Sample:
    picture = frame.rally.pictures.read(frame.index)
    sample = Sample.of(caption, picture, players, rings)
    if cross:
        scale = sample.tile.shape[1] / picture.shape[1]
        for x, y in (frame.balls.xy * scale).round().astype(int).tolist():
            for width, color in ((3, (0, 0, 0)), (1, _FOUND)):
                cv2.drawMarker(sample.tile, (x, y), color, cv2.MARKER_TILTED_CROSS, 11, width, cv2.LINE_AA)
    return sample
