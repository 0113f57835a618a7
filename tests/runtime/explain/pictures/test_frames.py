import logging

import numpy as np
import pytest

from numa_runtime.errors import SourceError
from numa_runtime.explain.pictures.frames import Footage, KeptFrames
from numa_runtime.results import Detections, Results


def noise(seed):
    return np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)


def test_the_oldest_go_when_there_are_too_many(caplog):
    kept = KeptFrames(budget=20_000)
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        for number in range(10):
            kept.add(number, noise(number))
    assert kept.get(0) is None
    assert kept.get(9) is not None
    assert 1 <= len(kept) < 10
    assert len(caplog.records) == 1
    assert "the oldest will lack in the pictures" in caplog.text


def test_grey_frames_are_kept():
    kept = KeptFrames()
    kept.add(1, np.full((8, 8), 99, np.uint8))
    assert kept.get(1).shape == (8, 8, 3)


def result(path, reader=None, image=None):
    return Results((8, 8), {}, Detections.empty(), path=str(path), reader=reader, orig_img=image)


def test_files_are_read_again_and_cameras_kept(tmp_path):
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"")
    read = []
    footage = Footage()
    footage.add(1, result(file, reader=lambda: read.append(1) or noise(1)))
    footage.add(2, result("rtsp://camera", reader=lambda: pytest.fail("read"), image=np.full((8, 8, 3), 50, np.uint8)))
    footage.add(3, result(""))
    assert read == []
    assert np.array_equal(footage.get(1), noise(1))
    footage.get(1)
    assert read == [1]
    assert footage.get(2).mean() == pytest.approx(50, abs=2)
    assert footage.get(3) is None


def test_a_file_that_is_gone_leaves_a_gap(tmp_path, caplog):
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"")

    def gone():
        raise SourceError("clip.mp4 is gone")

    footage = Footage()
    footage.add(1, result(file, reader=gone))
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert footage.get(1) is None
    assert "frame 1 lacks in the pictures: clip.mp4 is gone" in caplog.text
