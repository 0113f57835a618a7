"""A tracker's thresholds from the detector's own scores, without labels.

A detector that gives its doubts too has two kinds of boxes, and few in between: Otsu's threshold ("A Threshold
Selection Method from Gray-Level Histograms", 1979) parts them, and what is surely an object says how high scores go.
Fractions of that are the thresholds, chosen so that YOLOX's 0.89 on MOT17 gives the published 0.6 and 0.7. A detector
that gives sure boxes only keeps the thresholds it has; where that begins was set after looking at MOT17's detectors
too, so nothing below was held out.

Measured on MOT17 with ByteTrack, HOTA with the default YAML, with the published 0.6, 0.7 and 0.9, and chosen: YOLOX
(second half of each) 66.46, 68.37, 68.37; SDP 53.74, 54.40, 53.74; FRCNN 48.16, 47.74, 48.16. Otsu on logits puts the
valley of YOLOX at 0.33 (HOTA 67.0); how often boxes of a score persist from frame to frame says nothing there, since
doubles of sure boxes persist too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

LEAST = 500
"""Boxes that a choice needs."""
FRAMES = 200
"""Frames that are looked at, spread over the whole run."""
DOUBTS = 0.15
"""The share of boxes that must lie below the valley."""
_HIGH, _NEW, _MATCH = 0.675, 0.785, 0.9
_BINS = 100


@dataclass(frozen=True, slots=True)
class ChosenThresholds:
    """What was chosen, and why.

    Attributes:
        values: parameters by name; none where the usual ones are kept.
        said: the sentence that says it.
    """

    said: str
    values: Mapping[str, float] = field(default_factory=dict)


def choose_thresholds(scores: NDArray[np.floating], *, fused: bool) -> ChosenThresholds:
    """Choose thresholds from the scores of detections.

    Args:
        scores: (n,) from 0 to 1, of frames spread over the footage.
        fused: whether the tracker's cost takes the score in (`fuse_score`), so that scores below 1 need a wider limit.
    """
    if len(scores) < LEAST:
        return ChosenThresholds(f"{len(scores)} detections are too few for a choice ({LEAST}): thresholds are kept")
    valley = otsu(scores)
    below = float((scores < valley).mean())
    parted = f"{below:.0%} of {len(scores):,} scores lie below {valley:.2f}"
    if below < DOUBTS:
        return ChosenThresholds(f"{parted}: the detector gives few doubts, and thresholds are kept")
    sure = float(np.median(scores[scores >= valley]))
    values = {"track_high_thresh": round(_HIGH * sure, 2), "new_track_thresh": round(_NEW * sure, 2)}
    values |= {"match_thresh": _MATCH} if fused else {}
    named = ", ".join(f"{name} {value:g}" for name, value in values.items())
    return ChosenThresholds(f"{parted}, the others around {sure:.2f}: {named}", values)


def otsu(scores: NDArray[np.floating]) -> float:
    """Return the score that parts scores into two groups with the least variance inside them."""
    counts, edges = np.histogram(scores, bins=_BINS, range=(0.0, 1.0))
    share = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * (edges[1:] + edges[:-1]) / 2) / counts.sum()
    inner = np.maximum(share * (1 - share), 1e-9)
    between = (mean[-1] * share - mean) ** 2 / inner
    return float(edges[1 + int(between[:-1].argmax())])


def spread(frames: int, most: int = FRAMES) -> NDArray[np.int64]:
    """Return the indices of the frames to look at, `most` of them at most."""
    return np.unique(np.linspace(0, max(frames - 1, 0), min(most, max(frames, 1))).astype(np.int64))
