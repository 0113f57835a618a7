"""Session in, metrics of rallies out: balls in every frame, players of every frame, as `track` would see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.ball import BallTable
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.rallies import RallyDataset
from numa_benchmarks.labels.rally_fit import check_fits
from numa_benchmarks.labels.rally_records import FrameLabels, Rally
from numa_benchmarks.labels.records import BOX_TO_OBJECT_AREA, Dataset, LabelledImage
from numa_benchmarks.metrics.ball import TOLERANCE_PX, BallScores, score_balls
from numa_benchmarks.metrics.ball_ap import BallRanking
from numa_benchmarks.metrics.coco_map import score_detections
from numa_benchmarks.metrics.scores import DetectionScores
from numa_benchmarks.metrics.seen import SeenFrame, SeenImages, SeenRallies
from numa_benchmarks.progress import Progress
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions
from numa_runtime.results import Detections, Results
from numa_runtime.sessions.base import Session
from numa_runtime.vision.sizes import input_size

Size = tuple[int, int]

FAINTEST = 0.05
"""Thresholds below are not tried: nobody would use them."""


@dataclass(frozen=True, slots=True)
class RallyValidation:
    """What a session scored on rallies.

    Attributes:
        balls: counts of frames at `ball_conf`; None where the network knows no balls or none is labelled.
        players: boxes and keypoints; None where no player is labelled.
        ball_conf: score from which a ball counted.
        best_ball: (F1, score) of the best threshold, which has seen the labels.
        ball_ap: average precision by distance, pixels of the input.
        next_px: (mean, median) error of the next position, pixels of the input; None where nothing could be compared.
        frames: labelled frames.
        left_out: labels that do not count in the figures, by reason.
        seen: labels and answers, for pictures.
    """

    balls: BallScores | None
    players: DetectionScores | None
    ball_conf: float
    best_ball: tuple[float, float] | None
    ball_ap: dict[float, float]
    next_px: tuple[float, float] | None
    frames: int
    left_out: LeftOut = field(default_factory=LeftOut)
    seen: SeenRallies | None = field(default=None, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether every frame could be read; one that cannot be ends a validation of rallies."""
        return True

    @property
    def metrics(self) -> DetectionScores:
        """Boxes and keypoints of the players, as `Validation` names them.

        Raises:
            DataError: no player is labelled.
        """
        if self.players is None:
            raise DataError("no player is labelled, so neither boxes nor keypoints were scored")
        return self.players

    @property
    def speed(self) -> dict[str, float]:
        """Nothing: frames of rallies are decoded in between, and `benchmark` measures time."""
        return {}

    @property
    def fitness(self) -> float:
        """One figure to compare epochs by: the mean of ball F1 and the mAP50-95 of boxes and keypoints."""
        parts = [self.best_ball[0]] if self.best_ball is not None else []
        if self.players is not None:
            parts.append(self.players.box.map50_95)
            if self.players.keypoint is not None:
                parts.append(self.players.keypoint.map50_95)
        return float(np.mean(parts)) if parts else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`; figures 0 to 1."""
        told: dict[str, Any] = {"frames": self.frames}
        if self.balls is not None and self.best_ball is not None:
            best, at = self.best_ball
            told |= {**self.balls.to_dict(), "ball_conf": self.ball_conf, "ball_best_f1": best, "ball_best_conf": at}
            told |= {f"ball_ap_{px:g}px": ap for px, ap in self.ball_ap.items()}
            told["ball_ap"] = float(np.mean(list(self.ball_ap.values()))) if self.ball_ap else None
            told["ball_next_mean_px"], told["ball_next_px"] = self.next_px or (None, None)
        if self.players is not None:
            told |= {**self.players.to_dict(), "rows": [row.to_dict() for row in self.players.classes]}
        return told | self.left_out.to_dict()

    def lines(self, _: int | None = None) -> list[str]:
        """Return the figures as people read them; these lines are short enough for any screen."""
        lines = [f"{self.frames:,} frames"]
        if self.balls is not None and self.best_ball is not None:
            b, (best, at) = self.balls, self.best_ball
            chosen = "the best for these labels" if at == self.ball_conf else f"F1 is at most {best:.3f}, at {at:.2f}"
            chosen = chosen if best else "no score finds a ball in its place"
            lines.append(
                f"ball     F1 {b.f1:.3f}  precision {b.precision:.3f}  recall {b.recall:.3f}  accuracy {b.accuracy:.3f}"
            )
            lines.append(f"         at score {self.ball_conf:.2f}, {chosen}")
            if self.ball_ap:
                mean = float(np.mean(list(self.ball_ap.values())))
                by_px = "  ".join(f"{px:g} px {ap:.3f}" for px, ap in self.ball_ap.items())
                lines.append(f"ball AP  {mean:.3f}  ({by_px})")
            if self.next_px is not None:
                lines.append(f"next     {self.next_px[1]:.1f} px off in the median, {self.next_px[0]:.1f} in the mean")
        if self.players is not None:
            for name, head in (("player", self.players.box), ("keypoint", self.players.keypoint)):
                if head is not None:
                    lines.append(f"{name:<8} mAP50 {head.map50:.3f}  mAP50-95 {head.map50_95:.3f}")
        return [*lines, *self.left_out.lines()]


def validate_rallies(
    session: Session,
    dataset: RallyDataset,
    *,
    conf: float = 0.001,
    iou: float = 0.7,
    ball_conf: float | None = None,
    tolerance_px: float = TOLERANCE_PX,
    imgsz: int | Size | None = None,
    offline: bool = False,
    progress: Progress | None = None,
) -> RallyValidation:
    """Run a clip network over rallies, frame by frame as `track` does, and score what it finds.

    Args:
        session: what is scored.
        dataset: labelled rallies.
        conf: smallest score of a player that counts.
        iou: overlap of the suppression.
        ball_conf: score from which the frame's best ball is an answer; None: where F1 is best, as precision and recall
            of boxes are given where theirs is.
        tolerance_px: distance that still counts, pixels of the network's input.
        imgsz: for artifacts of dynamic size.
        offline: balls from all windows that saw their frame, as `track --offline` has them.
        progress: called with (frames done, all frames).

    Raises:
        DataError: nothing is labelled, or the model is for single images or for other keypoints.
        MissingExtra: the `eval` extra is not installed.
    """
    check_fits(session.spec, Path(session.path).name, dataset)
    tally = _Tally(session, imgsz)
    for rally in dataset.rallies:
        model = Model(session, PredictionOptions(conf=conf, iou=iou, imgsz=imgsz, offline=offline))
        for index, result in enumerate(_results(model, rally)):
            tally.add(rally, index, rally.labels[index], result)
            if progress is not None:
                progress(tally.seen, dataset.frames)
    return tally.scores(dataset, ball_conf, tolerance_px)


def _results(model: Model, rally: Rally) -> Iterator[Results]:
    """Yield what a model finds in each frame, in order."""
    fuser = model.fuser()
    for index in range(len(rally.labels)):
        result = model(rally.pictures.read(index))
        if fuser is None:
            yield result
        else:
            yield from fuser.push(result, model.window, model.conf)
    if fuser is not None:
        yield from fuser.flush(model.conf)


class _Tally:
    """Collects what was labelled and what was found."""

    def __init__(self, session: Session, imgsz: int | Size | None) -> None:
        self._session, self._imgsz = session, imgsz
        self.seen = 0
        self._sizes: list[tuple[Size, Size]] = []
        self._balls: list[tuple[int, bool, Any, Any, float]] = []
        self._ranking = BallRanking()
        self._next: list[tuple[float, float]] = []
        self._forecast: tuple[NDArray[np.float32], float] | None = None
        self._images: list[LabelledImage] = []
        self._found: list[Detections] = []
        self._frames: list[SeenFrame] = []

    def add(self, rally: Rally, index: int, labels: FrameLabels, result: Results) -> None:
        """Take in one frame."""
        self.seen += 1
        shape = result.orig_shape
        target = input_size(self._session.spec, shape, self._imgsz)
        scale = min(target[0] / shape[0], target[1] / shape[1])
        found = result.ball_records
        best = int(np.argmax(found.conf)) if len(found.conf) else -1
        self._frames.append(SeenFrame(rally, index, scale, found, result.detections))
        if labels.labelled and self._session.spec.groups:
            self._score_next(index, labels, scale)
            point = found.xy[best] if best >= 0 else np.zeros(2, np.float32)
            there = labels.balls[0] if len(labels.balls) else np.zeros(2, np.float32)
            if len(labels.balls) > 1 and best >= 0:  # of several balls any will do
                there = labels.balls[np.hypot(*(labels.balls - point).T).argmin()]
            score = float(found.conf[best]) if best >= 0 else 0.0
            self._balls.append((len(self._balls), bool(len(labels.balls)), there * scale, point * scale, score))
            self._ranking.add(labels.balls * scale, found.xy * scale, found.conf)
        self._forecast = (found.next_xy[best], float(found.conf[best])) if best >= 0 else None
        if labels.labelled and labels.players_labelled and self._session.spec.names:
            sides = np.prod(labels.boxes[:, 2:] - labels.boxes[:, :2], axis=1)
            area = sides * (BOX_TO_OBJECT_AREA if labels.keypoints.shape[1] else 1)
            number, classes = len(self._images) + 1, np.zeros(len(labels.boxes))
            self._images.append(
                LabelledImage.of(number, rally.path, shape, labels.boxes, classes, labels.keypoints, area=area)
            )
            self._found.append(result.detections)

    def _score_next(self, index: int, labels: FrameLabels, scale: float) -> None:
        """Compare what the frame before said of this one."""
        if self._forecast is None or index == 0 or not len(labels.balls):
            return
        away = np.hypot(*(labels.balls - self._forecast[0]).T).min() * scale
        if np.isfinite(away):
            self._next.append((float(away), self._forecast[1]))

    def scores(self, dataset: RallyDataset, ball_conf: float | None, tolerance: float) -> RallyValidation:
        """Return the figures of everything that was added."""
        balls, best, chosen = None, None, ball_conf or 0.0
        if self._balls:
            # rounded down: a threshold above the score that it came from would miss that ball
            found = sorted({floor(100 * row[4]) / 100 for row in self._balls if row[4] > FAINTEST}) or [FAINTEST]
            best = max((self._at(at, tolerance).f1, at) for at in found)
            chosen = best[1] if ball_conf is None else ball_conf
            balls = self._at(chosen, tolerance)
        players, seen = None, None
        if self._images:
            data = Dataset(dataset.source, dataset.split, dataset.names, tuple(self._images), dataset.keypoints)
            wanted = bool(dataset.keypoints) and self._session.spec.keypoint_shape is not None
            players = score_detections(data, self._found, keypoints=wanted)
            seen = SeenImages(data, tuple(self._found))
        away = [error for error, score in self._next if score >= chosen]
        ahead = (float(np.mean(away)), float(np.median(away))) if away else None
        frames = max(len(self._balls), len(self._images))
        ranked = self._ranking.average_precisions()
        rallies = SeenRallies(tuple(self._frames), seen)
        return RallyValidation(balls, players, chosen, best, ranked, ahead, frames, dataset.left_out, rallies)

    def _at(self, conf: float, tolerance: float) -> BallScores:
        frames = [row[0] for row in self._balls]
        truth = BallTable.of(frames, [row[1] for row in self._balls], [row[2] for row in self._balls])
        said = [row[4] >= conf and row[4] > 0 for row in self._balls]
        found = BallTable.of(frames, said, [row[3] for row in self._balls])
        one = (1, 1)  # points are in pixels of the input already
        return score_balls(truth, found, source_size=one, input_size=one, tolerance_px=tolerance)
