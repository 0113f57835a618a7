"""A split of rallies: what is in it, and what looks wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from numa_benchmarks.data_check.balls import BallFigures, look_at_balls
from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.data_check.objects import ObjectFigures
from numa_benchmarks.data_check.rally_pictures import RallyPictures
from numa_benchmarks.data_check.shapes import suspect_shapes
from numa_benchmarks.data_check.suspicions import Suspicions
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.rallies import RallyDataset
from numa_benchmarks.labels.rally_records import Rally
from numa_runtime.words import count

_LISTED = 12
"""Rallies that are printed one by one."""

CLIP = 10
"""Frames of the multitask network's clip; a shorter rally's clips show its first frame again and again."""


@dataclass(slots=True)
class RallyFigures:
    """What a split of rallies holds.

    Attributes:
        rallies: name, frames, frames without labels and stretches of them, frames per second of each.
        balls: of all rallies.
        players: of all rallies.
        left_out: labels that were not taken over.
    """

    players: ObjectFigures
    left_out: LeftOut
    rallies: list[dict[str, Any]] = field(default_factory=list)
    balls: BallFigures = field(default_factory=BallFigures)

    def lines(self) -> list[str]:
        """Return the figures as people read them."""
        frames = sum(one["frames"] for one in self.rallies)
        lines = [f"{count(len(self.rallies), 'rally', 'rallies')}, {count(frames, 'frame')}"]
        for one in self.rallies[:_LISTED]:
            gaps = f", {one['unlabelled']} without labels in {count(one['gaps'], 'gap')}" if one["gaps"] else ""
            fps = f", {one['fps']:.4g} fps" if one["fps"] else ""
            lines.append(f"  {one['name']}: {count(one['frames'], 'frame')}{fps}{gaps}")
        if len(self.rallies) > _LISTED:
            lines.append(f"  and {len(self.rallies) - _LISTED:,} more")
        return [*lines, *self.balls.lines(), *self.players.lines(), *self.left_out.lines()]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "kind": "rallies",
            "frames": sum(one["frames"] for one in self.rallies),
            "rallies": self.rallies,
            **self.balls.to_dict(),
            **self.players.to_dict(),
            **self.left_out.to_dict(),
        }


def check_rallies(
    data: RallyDataset, options: CheckOptions, suspicions: Suspicions, pictures: RallyPictures
) -> RallyFigures:
    """Count what is in a split, and note what looks wrong.

    Args:
        data: the split.
        options: from where on something is suspicious.
        suspicions: takes what looks wrong.
        pictures: reads the frames.
    """
    figures = RallyFigures(ObjectFigures(data.names), data.left_out)
    share = max(1, options.samples // max(len(data.rallies), 1))
    for rally in data.rallies:
        figures.rallies.append(_described(rally))
        _look_at_length(rally, suspicions)
        look_at_balls(rally, figures.balls, suspicions, options.jump)
        _look_at_players(rally, figures.players, suspicions)
        pictures.read(rally, share)
    return figures


def _described(rally: Rally) -> dict[str, Any]:
    unknown = [not one.labelled for one in rally.labels]
    gaps = sum(now and not before for now, before in zip(unknown, [False, *unknown], strict=False))
    return {
        "name": rally.name,
        "file": str(rally.path),
        "frames": len(rally),
        "unlabelled": sum(unknown),
        "gaps": gaps,
        "fps": rally.fps,
    }


def _look_at_length(rally: Rally, suspicions: Suspicions) -> None:
    if len(rally) < CLIP:
        said = f"{count(len(rally), 'frame')}; a clip has {CLIP}"
        suspicions.add("stretch of frames shorter than a clip", rally.where(0), said)
    if not any(one.labelled for one in rally.labels):
        suspicions.add("stretch of frames without any label", rally.where(0), count(len(rally), "frame"))


def _look_at_players(rally: Rally, figures: ObjectFigures, suspicions: Suspicions) -> None:
    figures.sizes[rally.pictures.shape] += len(rally)
    heights = [box[3] - box[1] for one in rally.labels for box in one.boxes.tolist()]
    typical = float(np.median(heights)) if heights else None
    for index, one in enumerate(rally.labels):
        if one.labelled and one.players_labelled:
            figures.add(one.boxes, np.zeros(len(one.boxes), np.int64), one.keypoints)
            suspect_shapes(one.boxes, one.keypoints, rally.where(index), suspicions, typical)
