"""Session in, metrics out: what `val`, the export gate, the benchmark and the trainer share."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.labels.class_map import class_map
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import UNREADABLE, LeftOut
from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_benchmarks.metrics.coco_map import require_scoring, score_detections
from numa_benchmarks.metrics.scores import DetectionScores, HeadScores
from numa_benchmarks.metrics.seen import SeenImages
from numa_benchmarks.progress import Progress
from numa_runtime.errors import SourceError
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions
from numa_runtime.results import Detections
from numa_runtime.results.result import Frame
from numa_runtime.sessions.base import Session
from numa_runtime.sources.pixels import read_image

Size = tuple[int, int]
log = logging.getLogger("numa_runtime")

STAGES = ("preprocess", "inference", "postprocess")


@dataclass(frozen=True, slots=True)
class Validation:
    """What a session scored on a data set.

    Attributes:
        instances: labelled objects, without crowds.
        speed: mean milliseconds per image by stage, the first image (which warms everything up) omitted where there are
            others.
        left_out: labels and images that do not count in the figures.
        seen: labels and answers, for pictures.
    """

    metrics: DetectionScores
    images: int
    instances: int
    speed: dict[str, float]
    left_out: LeftOut = field(default_factory=LeftOut)
    seen: SeenImages | None = field(default=None, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether every image could be read."""
        return not self.left_out.count(UNREADABLE)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`; figures 0 to 1, one row per class."""
        times = {f"{stage}_ms": self.speed[stage] for stage in STAGES}
        rows = [row.to_dict() for row in self.metrics.classes]
        counts = {"images": self.images, "instances": self.instances}
        return {**counts, **self.metrics.to_dict(), **times, **self.left_out.to_dict(), "rows": rows}

    def lines(self, width: int | None = None) -> list[str]:
        """Return the table as people read it, in lines of at most `width`: all classes, then each; then the time."""
        rows = [
            ("all", self.images, self.instances, self.metrics.box, self.metrics.keypoint),
            *((row.name, row.images, row.instances, row.box, row.keypoint) for row in self.metrics.classes),
        ]
        pose = self.metrics.keypoint is not None
        heads = [*_HEADINGS, *(f"{heading}(K)" for heading in _HEADINGS)] if pose else list(_HEADINGS)
        table = tuple(
            GridRow((name, str(images), str(instances), *_figures(box), *(_figures(keypoint) if pose else ())))
            for name, images, instances, box, keypoint in rows
        )
        lines = Grid(("class", "images", "instances", *heads), table).lines(width)
        times = "  ".join(f"{stage} {self.speed[stage]:.1f}" for stage in STAGES) + " ms per image"
        return [*lines, times, *self.left_out.lines()]


def validate(
    session: Session,
    dataset: Dataset,
    *,
    conf: float = 0.001,
    iou: float = 0.7,
    max_det: int = 300,
    multi_label: bool = True,
    imgsz: int | Size | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Run a session over labelled images and score what it finds.

    The defaults are those the field reports mAP with: nearly no score limit, several classes per box (`multi_label`;
    `predict` gives the best one only, which costs up to a point).

    Args:
        session: what is scored.
        dataset: labelled images.
        conf: smallest score that counts, 0-1.
        iou: overlap of the suppression, 0-1.
        max_det: most detections of an image.
        multi_label: count a box once for every class.
        imgsz: for artifacts of dynamic size, as in `predict`.
        progress: called with (images done, all images).

    Raises:
        DataError: nothing is labelled, more than half of the images cannot be read or have another size than their
            labels say, or the classes or keypoints of model and data do not agree. Fewer such images are left out and
            counted.
        MissingExtra: the `eval` extra is not installed.
    """
    require_scoring()
    classes = class_map(session.spec.names, dataset)
    keypoints = _wants_keypoints(session, dataset)
    options = PredictionOptions(conf=conf, iou=iou, max_det=max_det, imgsz=imgsz)
    model = Model(session, options, multi_label=multi_label)
    model.start(still=True)
    found: list[Detections] = []
    speeds: list[dict[str, float]] = []
    seen: list[LabelledImage] = []
    left_out = deepcopy(dataset.left_out)
    for number, image in enumerate(dataset, start=1):
        try:
            result = model(read_labelled(image))
        except DataError as error:
            left_out.refuse(UNREADABLE, error)
        else:
            seen.append(image)
            found.append(_in_data_classes(result.detections, classes))
            speeds.append(result.speed)
        if progress is not None:
            progress(number, len(dataset))
    left_out.settle({UNREADABLE: len(dataset) + dataset.left_out.count(UNREADABLE)})
    counted = replace(dataset, images=tuple(seen))
    metrics = score_detections(counted, found, keypoints=keypoints)
    seen_images = SeenImages(counted, tuple(found))
    return Validation(metrics, len(counted), counted.objects, _mean_speed(speeds), left_out, seen_images)


def _mean_speed(results: list[dict[str, float]]) -> dict[str, float]:
    """Return mean milliseconds by stage, without the first image where there are others."""
    counted = results[1:] or results
    return {stage: fmean(speed[stage] for speed in counted) for stage in STAGES}


def read_labelled(image: LabelledImage) -> Frame:
    """Read an image; its size must be what its labels were made for, or every box would be wrong.

    Raises:
        DataError: it cannot be read, or has another size.
    """
    try:
        frame = read_image(image.path)
    except SourceError as error:
        raise DataError(error.what, hint=error.hint) from error
    if frame.shape[:2] != image.shape:
        (height, width), (told_height, told_width) = frame.shape[:2], image.shape
        raise DataError(
            f"{image.path} is {width}x{height}, but its labels were made for {told_width}x{told_height}",
            hint="use the images that belong to the labels",
        )
    return frame


def _wants_keypoints(session: Session, dataset: Dataset) -> bool:
    shape = session.spec.keypoint_shape
    if shape is None:
        return False
    if not dataset.keypoints:
        log.warning("%s labels no keypoints: only the boxes are scored", dataset.source)
        return False
    if shape[0] != dataset.keypoints:
        raise DataError(
            f"the model gives {shape[0]} keypoints, {dataset.source} labels {dataset.keypoints}",
            hint="validate with the data this model was trained for",
        )
    return True


def _in_data_classes(found: Detections, classes: NDArray[np.int64]) -> Detections:
    """Return detections numbered as the data does, without what the data does not label."""
    known = found.select(classes[found.cls] >= 0)
    return Detections(known.xyxy, known.conf, classes[known.cls], known.keypoints, known.id)


_HEADINGS = ("P", "R", "mAP50", "mAP50-95")


def _figures(head: HeadScores | None) -> tuple[str, ...]:
    if head is None:
        return ("-",) * len(_HEADINGS)
    return tuple(f"{value:.3f}" for value in (head.precision, head.recall, head.map50, head.map50_95))
