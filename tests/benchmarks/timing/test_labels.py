"""Frames for timing: a picture that cannot be read costs itself alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from rally_files import write_rallies, write_rally

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.timing.labels import ImageLabels, open_labels


def test_unreadable_pictures_are_passed_over(yolo_folder: Path) -> None:
    dataset = open_dataset(yolo_folder)
    whole = list(ImageLabels(dataset).frames())
    dataset.images[0].path.write_bytes(b"not an image")
    cv2.imwrite(str(dataset.images[1].path), np.zeros((7, 7, 3), np.uint8))
    left = list(ImageLabels(dataset).frames())
    assert 0 < len(left) <= len(whole)
    assert {frame.shape for frame in left} == {(*dataset.images[2].shape, 3)}
    for image in dataset:
        image.path.write_bytes(b"not an image")
    with pytest.raises(DataError, match="is damaged or not an image"):
        list(ImageLabels(dataset).frames())


def test_rallies_give_the_frames_of_one_size_in_order(tmp_path):
    data = write_rallies(tmp_path / "rallies", train=0, val=2, frames=6)
    write_rally(tmp_path / "rallies" / "val" / "wider", 7, 2, (64, 128))
    labels = open_labels(str(data), "val", keypoints=True)
    assert [frame.shape for frame in labels.frames()] == [(64, 96, 3)] * 6
    assert not np.array_equal(*list(labels.frames())[:2])
