"""Where the balls of a rally are, how fast they go, and which of them cannot be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from numa_benchmarks.data_check.suspicions import Suspicions
from numa_benchmarks.labels.rally_records import Rally

STILL = 8
"""Frames in which a ball lies on the very same spot before that is suspicious: labels that were copied on."""


@dataclass(slots=True)
class BallFigures:
    """Balls of all rallies of a split.

    Attributes:
        labelled: frames that somebody looked at.
        visible: frames with a ball among them.
        steps: pixels from one frame to the next, of balls that are in both.
        gaps: lengths of the stretches without a ball, frames.
    """

    labelled: int = 0
    visible: int = 0
    steps: list[float] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the figures as people read them."""
        if not self.labelled:
            return []
        lines = [f"ball in {self.visible / self.labelled:.1%} of {self.labelled:,} labelled frames"]
        if self.steps:
            middle, high, higher = np.percentile(self.steps, [50, 90, 99])
            lines.append(
                f"ball speed, px per frame: median {middle:.1f}  p90 {high:.1f}  p99 {higher:.1f}"
                f"  fastest {max(self.steps):.1f}"
            )
        if self.gaps:
            lines.append(
                f"stretches without a ball: {len(self.gaps)}, median {np.median(self.gaps):.0f} frames, "
                f"longest {max(self.gaps)}"
            )
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`; speeds are pixels a frame."""
        speeds = np.percentile(self.steps, [50, 90, 99]).round(2).tolist() if self.steps else [None] * 3
        return {
            "labelled_frames": self.labelled,
            "ball_frames": self.visible,
            "ball_share": self.visible / self.labelled if self.labelled else None,
            "ball_step_median": speeds[0],
            "ball_step_p90": speeds[1],
            "ball_step_p99": speeds[2],
            "ball_step_max": round(max(self.steps), 2) if self.steps else None,
            "ball_gaps": len(self.gaps),
            "ball_gap_longest": max(self.gaps, default=0),
        }


def look_at_balls(rally: Rally, figures: BallFigures, suspicions: Suspicions, jump: float) -> None:
    """Count the balls of a rally; note those that jump and those that stand still in the air.

    Args:
        rally: whose labels.
        figures: are added to.
        suspicions: takes what is found.
        jump: share of the width that a ball may move in a frame.
    """
    farthest = jump * rally.pictures.shape[1]
    gap = still = 0
    for index, now in enumerate(rally.labels):
        figures.labelled += now.labelled
        figures.visible += bool(len(now.balls))
        if now.labelled and not len(now.balls):
            gap += 1
        elif gap:
            figures.gaps.append(gap)
            gap = 0
        before = rally.labels[index - 1].balls if index else now.balls[:0]
        steps = [float(np.hypot(*(before - ball).T).min()) for ball in now.balls] if len(before) else []
        figures.steps += steps
        if steps and max(steps) > farthest:
            x, y = now.balls[int(np.argmax(steps))].tolist()
            said = f"{max(steps):.0f} px since the frame before, to {x:.0f},{y:.0f}"
            suspicions.add("ball that jumps", rally.where(index), said)
        still = still + 1 if steps and min(steps) == 0.0 else 0
        if still == STILL:
            said = f"on the same spot for {STILL} frames or more"
            suspicions.add("ball that stands still", rally.where(index), said)
    figures.gaps += [gap] if gap else []
