from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from numa_runtime.results import BallRecords, Detections, Results


def make_result(index: int = 0, count: int = 2, *, tracked: bool = True, keypoints: int = 0, **fields: Any) -> Results:
    """A 64x48 result: box i is (10 i, 5, 10 i + 8, 25), class i % 2, score .9, .8, ..., ids 1, 2, ..., the last -1."""
    boxes = [[10 * i, 5, 10 * i + 8, 25] for i in range(count)]
    points = np.tile([12.0, 24.0, 0.5], (count, keypoints, 1)).reshape(count, keypoints, 3)
    found = Detections.of(boxes, [0.9 - 0.1 * i for i in range(count)], [i % 2 for i in range(count)], points)
    if tracked and count:
        found = found.with_ids([*range(1, count), -1])
    values: dict[str, Any] = {"path": "clips/match.mp4", "timestamp": index / 25, "speed": {"inference": 1.23456}}
    return Results((48, 64), {0: "person", 1: 'cup, "big"'}, found, frame_index=index, **(values | fields))


@pytest.fixture
def result() -> Callable[..., Results]:
    return make_result


@pytest.fixture
def balls() -> BallRecords:
    return BallRecords.of([[1, 2, 3, 4, 0.5, 0], [10.256, 20, 11, 21, 0.9, 0]])


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every test here must end with the threads it began with."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
