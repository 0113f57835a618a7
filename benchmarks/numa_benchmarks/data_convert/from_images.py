"""Single images in another layout: YOLO folders as COCO files, and back."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from numa_benchmarks.data_convert.conversion import Conversion
from numa_benchmarks.data_convert.single_images import open_writer
from numa_benchmarks.labels.records import Dataset


def convert_images(data: Dataset, part: Path, done: Conversion) -> None:
    """Write the images of one split.

    Args:
        data: the split.
        part: the folder of all splits.
        done: says which layout, and counts.
    """
    done.images[data.split] = len(data)
    for omission in data.left_out:
        done.lost[f"{omission.reason} (was not read, first {omission.first})"] += omission.count
    writer = open_writer(part, data.split, data.names, data.keypoints, done)
    taken: set[str] = set()
    for image in data:
        name = image.path.stem
        if name in taken:  # of another folder, or with another suffix: labels go by the name alone
            name = f"{name}-{image.id}"
        taken.add(name)
        writer.add(name, image, partial(_copy, image.path))
        done.frames += 1
        done.tell()
    writer.close()


def _copy(file: Path, target: Path) -> Path:
    written = target.with_name(target.name + file.suffix.lower())
    shutil.copyfile(file, written)
    return written
