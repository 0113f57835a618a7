"""The images a network is most wrong about: labels beside answers, the worst first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from numa_benchmarks.labels.contact_sheet import Sample, write_sheet
from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.metrics.seen import SeenImages
from numa_benchmarks.plots.mistakes import mistakes_of
from numa_runtime.results import Detections
from numa_runtime.sources.pixels import read_image

MOST = 24
"""Images of a sheet."""

_NO_BALLS = np.zeros((0, 2), np.float32)


def save_worst_images(seen: SeenImages, conf: float, path: Path, most: int = MOST) -> Path | None:
    """Write a sheet with two columns of pairs, labels at the left of answers; None where no image has a mistake.

    Args:
        seen: labels and answers.
        conf: score from which a box counts as found.
        path: a .jpg or .png.
        most: images of the sheet.

    Raises:
        SinkError: it cannot be written.
        SourceError: an image cannot be read any more.
    """
    shown = [found.select(found.conf >= conf) for found in seen.found]
    said = [mistakes_of(image, found) for image, found in zip(seen.dataset, shown, strict=True)]
    order = [at for at in sorted(range(len(said)), key=lambda at: -said[at].cost) if said[at].cost > 0][:most]
    samples: list[Sample] = []
    for at in order:
        image = seen.dataset.images[at]
        picture, names = read_image(image.path), seen.dataset.names
        label = Sample.of(f"label   {image.path.name}", picture, labels_of(image), _NO_BALLS, names)
        answer = Sample.of(f"found   {said[at].said}", picture, shown[at], _NO_BALLS, names)
        samples += [label, answer]
    if samples:
        write_sheet(samples, path)
    return path if samples else None


def labels_of(image: LabelledImage) -> Detections:
    """Return what is labelled as if it had been found, keypoints that are not labelled out of sight."""
    return Detections.of(image.boxes, np.ones(len(image)), image.classes, image.keypoints)
