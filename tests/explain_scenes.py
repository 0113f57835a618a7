"""Small constructed scenes whose explanation is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numa_runtime.explain import Explanation, Recorder
from numa_runtime.explain.events import Event
from numa_runtime.explain.reasons import Pairing, Rules
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.params.associations import Standing
from numa_runtime.tracking.tracker import Tracker

Box = list[float]
RULES = Rules(load_params("bytetrack").associations(), per_class=False)


def box(x: float, y: float = 50.0, score: float = 0.9, w: float = 40.0, h: float = 100.0, cls: int = 0) -> Box:
    """A detection with its upper left corner at (x, y)."""
    return [x, y, x + w, y + h, score, cls]


def pair(
    overlap: float,
    score: float,
    standing: Standing = Standing.TRACKED,
    holder: int = 0,
    starts: int = 0,
    same_class: bool = True,
    away: float = 5.0,
    detection: int = 0,
) -> Pairing:
    """A track and a detection under ByteTrack's own thresholds."""
    stage, band = RULES.stage_for(standing, score), RULES.band_of(score)
    return Pairing(detection, standing, score, same_class, overlap, away, band, stage, overlap, holder, starts)


def record(frames: Sequence[Sequence[Box]], **parameters: object) -> Recorder:
    """Track frames of detections with a recorder."""
    recorder = Recorder(Tracker("bytetrack", **parameters))
    for frame in frames:
        recorder.update(np.array(frame, float).reshape(-1, 6))
    return recorder


def the(explanation: Explanation, kind: str) -> Event:
    """The only event of a kind."""
    (found,) = [event for event in explanation.events if event.kind == kind]
    return found


def kinds(explanation: Explanation) -> list[str]:
    """The kinds of all events."""
    return [event.kind.value for event in explanation.events]


def walk(seed: int, frames: int = 40, objects: int = 8) -> list[np.ndarray]:
    """Objects that drift, fade, vanish and come back, among clutter: plenty of losses, switches and doubles."""
    rng = np.random.default_rng(seed)
    centre, size = rng.uniform(0, 400, (objects, 2)), rng.uniform(30, 120, (objects, 2))
    speed = rng.normal(0, 4, (objects, 2))
    found = []
    for _ in range(frames):
        centre = centre + speed + rng.normal(0, 1, (objects, 2))
        keep = rng.uniform(size=objects) > 0.2
        c = np.concatenate([centre[keep], rng.uniform(0, 400, (2, 2))])
        s = np.concatenate([size[keep], rng.uniform(30, 90, (2, 2))])
        score = np.clip(rng.beta(2, 2, len(c)), 0.02, 1)
        found.append(np.column_stack([c - s / 2, c + s / 2, score, rng.integers(0, 2, len(c))]))
    return found
