"""Recorded boxes have no frames: camera motion is off without a warning, and the boxes are followed as before."""

import logging

import pytest

from numa_benchmarks.trackers.boxes_only import boxes_only, moves_with_camera
from numa_benchmarks.trackers.scenes import SceneSpec
from numa_runtime.tracking import Tracker


@pytest.mark.parametrize(("name", "moves"), [("bytetrack", False), ("ocsort", False), ("botsort", True)])
def test_boxes_are_followed_as_without_frames(name, moves, caplog):
    assert moves_with_camera(name) is moves
    ours, plain = boxes_only(name), Tracker(name)
    for frame in SceneSpec(6).take(12):
        with caplog.at_level(logging.CRITICAL, "numa_runtime"):
            expected = plain.update(frame.detections)
        assert ours.update(frame.detections).tolist() == expected.tolist()
    assert not caplog.records
