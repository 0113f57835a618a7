"""Made-up scenes that trackers are timed and scored on: walkers, what a detector would say of them, and the truth.

Open worlds have MOT17's mean density (21 objects per Full HD frame) and grow with the number of objects; a crowd
shares one Full HD frame. Heights are lognormal, motion is smooth, boxes jitter by 2 % of their size, 5 % of the
objects are missed and as many false boxes are added in each frame. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot_detections import Rows, tracks_table
from numa_benchmarks.metrics.mot import MotScores, score_mot
from numa_benchmarks.metrics.mot_sequence import MotSequence

FULL_HD = (1920.0, 1080.0)
DENSITY = 21 / (1920 * 1080)
"""Objects per square pixel."""

MISSED = 0.05
FALSE = 0.05

MOST_OBJECTS = 1000
"""The metrics build matrices of objects times tracks per frame: beyond this they would take minutes."""


class World(StrEnum):
    """How much room the objects have."""

    OPEN = "open"
    CROWD = "crowd"

    def size(self, objects: int) -> tuple[float, float]:
        """Return width and height in pixels, 16:9."""
        if self is World.CROWD:
            return FULL_HD
        scale = sqrt(objects / DENSITY / (FULL_HD[0] * FULL_HD[1]))
        return FULL_HD[0] * scale, FULL_HD[1] * scale


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """One frame.

    Attributes:
        detections: float64 (n, 6) x1, y1, x2, y2, score, class, in random order.
        ids: int64 (k,), of the objects that are in the frame, detected or not.
        boxes: float64 (k, 4) x1, y1, x2, y2 of these.
    """

    detections: Rows
    ids: NDArray[np.int64]
    boxes: Rows


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """What a scene is made of.

    Attributes:
        objects: how many there are at any time.
        world: how much room they have.
        lifetime: mean frames until an object leaves and a new one comes; None = never.
        seed: of the random numbers.
    """

    objects: int
    world: World = World.OPEN
    lifetime: float | None = None
    seed: int = 0

    @property
    def name(self) -> str:
        """The scene in words: "open 100"."""
        return f"{self.world} {self.objects}"

    def frames(self) -> Iterator[SceneFrame]:
        """Return the scene's frames, without end; each call starts over, with the same ones."""
        return _film(self)

    def take(self, count: int) -> list[SceneFrame]:
        """Return the first `count` frames."""
        return list(islice(self.frames(), count))


def usual_frames(objects: int) -> int:
    """Return how many frames of a scene tell enough: fewer where each takes long."""
    return max(40, min(400, 20_000 // objects))


def score_scene(name: str, frames: Sequence[SceneFrame], tracks: Sequence[Rows]) -> MotScores:
    """Score the tracks of the first `len(tracks)` frames of a scene.

    Args:
        name: the scene's.
        frames: its frames, with the truth.
        tracks: per frame float64 (m, 5 or more) x1, y1, x2, y2, id.

    Raises:
        MissingExtra: trackeval is not installed.
    """
    truth = tracks_table([np.column_stack([frame.boxes, frame.ids]) for frame in frames[: len(tracks)]])
    return score_mot([MotSequence(name, truth, tracks_table(tracks), len(tracks))]).combined


def _film(spec: SceneSpec) -> Iterator[SceneFrame]:
    rng = np.random.default_rng(spec.seed)
    walkers = _Walkers(spec, rng)
    while True:
        walkers.walk()
        boxes = walkers.boxes()
        yield SceneFrame(_detect(boxes, walkers, rng), walkers.ids.copy(), boxes)


class _Walkers:
    """The objects: positions, sizes and speeds, one row each."""

    def __init__(self, spec: SceneSpec, rng: np.random.Generator) -> None:
        n = spec.objects
        self.rng, self.lifetime = rng, spec.lifetime
        self.size = np.array(spec.world.size(n))
        self.ids = np.arange(1, n + 1)
        self.centre, self.shape, self.speed = np.empty((n, 2)), np.empty((n, 2)), np.empty((n, 2))
        self._place(np.ones(n, bool))

    def _place(self, who: NDArray[np.bool_]) -> None:
        """Put new objects in the places of `who`."""
        count = int(who.sum())
        self.centre[who] = self.rng.uniform(0, 1, (count, 2)) * self.size
        height = np.clip(self.rng.lognormal(log(150), 0.5, count), 30, 600)
        self.shape[who] = np.stack([height * self.rng.uniform(0.35, 0.5, count), height], 1)
        self.speed[who] = self.rng.normal(0, 0.015, (count, 2)) * height[:, None]

    def walk(self) -> None:
        """Go on by one frame: speeds drift by 10 % of their spread, the world's edge turns an object around."""
        self.speed += self.rng.normal(0, 0.0015, self.speed.shape) * self.shape[:, 1:]
        self.centre += self.speed
        self.speed[(self.centre < 0) | (self.centre > self.size)] *= -1
        self.centre = np.clip(self.centre, 0, self.size)
        if self.lifetime is not None:
            gone = self.rng.uniform(size=len(self.ids)) < 1 / self.lifetime
            self.ids[gone] = self.ids.max() + 1 + np.arange(int(gone.sum()))
            self._place(gone)

    def boxes(self) -> Rows:
        """Return x1, y1, x2, y2."""
        return np.concatenate([self.centre - self.shape / 2, self.centre + self.shape / 2], 1)


def _detect(boxes: Rows, walkers: _Walkers, rng: np.random.Generator) -> Rows:
    seen = rng.uniform(size=len(boxes)) > MISSED
    found = (boxes + rng.normal(0, 0.02, boxes.shape) * np.tile(walkers.shape, 2))[seen]
    wrong = rng.poisson(FALSE * len(boxes))
    corner = rng.uniform(0, 1, (wrong, 2)) * walkers.size
    false = np.concatenate([corner, corner + rng.uniform(30, 200, (wrong, 2))], 1)
    score = np.concatenate([rng.beta(8, 2, len(found)), rng.uniform(0.05, 0.5, wrong)])
    rows = np.column_stack([np.concatenate([found, false]), score, np.zeros(len(score))])
    return np.ascontiguousarray(rows[rng.permutation(len(rows))])
