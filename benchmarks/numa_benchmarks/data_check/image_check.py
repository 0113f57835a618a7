"""A split of single images: what is in it, and what looks wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_benchmarks.data_check.check_options import CheckOptions
from numa_benchmarks.data_check.objects import ObjectFigures
from numa_benchmarks.data_check.shapes import suspect_shapes
from numa_benchmarks.data_check.suspicions import Suspicions
from numa_benchmarks.labels.contact_sheet import Sample, spread
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_runtime.errors import NumaError
from numa_runtime.results.records import Detections
from numa_runtime.sources.pixels import decode_image, read_bytes
from numa_runtime.words import count


@dataclass(slots=True)
class ImageFigures:
    """What a split of images holds.

    Attributes:
        images: how many.
        background: images without an object.
        objects: of all images.
        left_out: what was not taken over.
    """

    objects: ObjectFigures
    left_out: LeftOut
    images: int = 0
    background: int = 0

    def lines(self) -> list[str]:
        """Return the figures as people read them."""
        counted = f"{count(self.images, 'image')}, {count(sum(self.objects.classes.values()), 'object')}"
        empty = f", {count(self.background, 'image')} without any" if self.background else ""
        return [counted + empty, *self.objects.lines(), *self.left_out.lines()]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return {
            "kind": "images",
            "images": self.images,
            "background": self.background,
            **self.objects.to_dict(),
            **self.left_out.to_dict(),
        }


@dataclass(slots=True)
class ImageReader:
    """Reads images: damaged ones, those that are there twice (in another split even), and samples for the sheet.

    Attributes:
        every: read all; otherwise only those of the contact sheet.
        suspicions: takes what is found.
        tell: called after each image.
        taken: the samples.
        seen: images by the digest of their bytes.
    """

    every: bool
    suspicions: Suspicions
    tell: Callable[[], None]
    taken: list[Sample] = field(default_factory=list)
    seen: dict[bytes, Path] = field(default_factory=dict)

    def read(self, image: LabelledImage, names: tuple[str, ...], *, sample: bool) -> None:
        """Read one image."""
        self.tell()
        if not (self.every or sample):
            return
        try:
            data = read_bytes(image.path)
            picture = decode_image(data, str(image.path))
        except NumaError as error:
            self.suspicions.add("picture that cannot be read", str(image.path), error.what)
            return
        if self.every:
            self._compare(data, image.path)
        if sample and picture.shape[:2] == image.shape:
            found = Detections.of(image.boxes, [1.0] * len(image), image.classes, image.keypoints)
            self.taken.append(Sample.of(image.path.name, picture, found, image.boxes[:0, :2], names))

    def _compare(self, data: bytes, path: Path) -> None:
        """Note an image whose bytes another file has; one file in two splits is noted as such elsewhere."""
        first = self.seen.setdefault(hashlib.blake2b(data, digest_size=16).digest(), path)
        if first.resolve() != path.resolve():
            self.suspicions.add("picture that is there twice", str(path), f"the same as {first}")


def check_images(data: Dataset, options: CheckOptions, suspicions: Suspicions, reader: ImageReader) -> ImageFigures:
    """Count what is in a split, and note what looks wrong.

    Args:
        data: the split.
        options: how many samples are taken.
        suspicions: takes what looks wrong.
        reader: reads the images.
    """
    figures = ImageFigures(ObjectFigures(data.names), data.left_out, len(data))
    wanted = set(spread(len(data), options.samples))
    for index, image in enumerate(data):
        figures.background += not len(image)
        figures.objects.sizes[image.shape] += 1
        figures.objects.add(image.boxes, image.classes, image.keypoints)
        whole = ~image.crowd
        suspect_shapes(image.boxes[whole], image.keypoints[whole], str(image.path), suspicions)
        reader.read(image, data.names, sample=index in wanted)
    return figures
