"""Frames for timing: a picture that cannot be read costs itself alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.timing.answering import _frames


def test_unreadable_pictures_are_passed_over(yolo_folder: Path) -> None:
    dataset = open_dataset(yolo_folder)
    whole = _frames(dataset)
    dataset.images[0].path.write_bytes(b"not an image")
    cv2.imwrite(str(dataset.images[1].path), np.zeros((7, 7, 3), np.uint8))
    left = _frames(dataset)
    assert 0 < len(left) <= len(whole)
    assert {frame.shape for frame in left} == {(*dataset.images[2].shape, 3)}
    for image in dataset:
        image.path.write_bytes(b"not an image")
    with pytest.raises(DataError, match="is damaged or not an image"):
        _frames(dataset)
