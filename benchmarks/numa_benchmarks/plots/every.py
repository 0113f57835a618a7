"""All pictures of a validation, whatever was validated."""

from __future__ import annotations

from pathlib import Path

from numa_benchmarks.metrics.ball import TOLERANCE_PX
from numa_benchmarks.metrics.scores import DetectionScores
from numa_benchmarks.metrics.seen import SeenImages, SeenRallies
from numa_benchmarks.plots.ball_curves import save_ball_curves
from numa_benchmarks.plots.confusion_picture import save_confusion
from numa_benchmarks.plots.score_curves import save_score_curves
from numa_benchmarks.plots.score_histogram import save_hit_histogram
from numa_benchmarks.plots.worst_clips import save_worst_clips
from numa_benchmarks.plots.worst_images import save_worst_images
from numa_benchmarks.validate import Validation
from numa_benchmarks.validate_rallies import RallyValidation

WORST = "worst.jpg"
HEADS = {"box": "Box", "keypoint": "Pose"}
"""What heads are called in the names of files, as users of YOLO know them."""


def save_plots(found: Validation | RallyValidation, folder: Path) -> list[Path]:
    """Write all pictures there are of a validation, and return their paths.

    Curves, confusion matrix and histogram of boxes and keypoints; curves and histogram of balls; the samples that went
    worst, labels beside answers.

    Args:
        found: with what was seen.
        folder: which is there already.

    Raises:
        SinkError: they cannot be written.
        SourceError: a picture cannot be read any more.
    """
    if isinstance(found, RallyValidation):
        return _of_rallies(found, folder)
    files = _of_detections(found.metrics, found.seen, folder)
    if found.seen is not None:
        worst = save_worst_images(found.seen, found.metrics.box.confidence, folder / WORST)
        files += [worst] if worst else []
    return files


def _of_detections(scores: DetectionScores, seen: SeenImages | None, folder: Path) -> list[Path]:
    files: list[Path] = []
    names = seen.dataset.names if seen is not None else tuple(row.name for row in scores.classes)
    for head, classes in scores.hits.items():
        if classes:
            files += save_score_curves(classes, names, HEADS[head], folder)
            title = f"{HEADS[head]}: scores of right and wrong answers, overlap 0.50"
            files.append(save_hit_histogram(classes.values(), title, folder / f"{HEADS[head]}_scores.png"))
    return files + (save_confusion(seen.confusion, folder) if seen is not None else [])


def _of_rallies(found: RallyValidation, folder: Path) -> list[Path]:
    seen: SeenRallies | None = found.seen
    if seen is None:
        return []
    files: list[Path] = []
    if found.balls is not None:
        files += save_ball_curves(seen.answers, found.ball_conf, TOLERANCE_PX, folder)
    conf = 0.25
    if found.players is not None:
        files += _of_detections(found.players, seen.players, folder)
        conf = found.players.box.confidence
    worst = save_worst_clips(seen, conf=conf, ball_conf=found.ball_conf, tolerance_px=TOLERANCE_PX, path=folder / WORST)
    return files + ([worst] if worst else [])
