from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_runtime.errors import SinkError
from numa_runtime.sinks.images import ImageSink


@pytest.fixture
def picture() -> np.ndarray:
    return cv2.resize(np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8), (64, 48))


def test_names_and_formats_follow_the_source(tmp_path: Path, result, picture: np.ndarray) -> None:
    sink = ImageSink(tmp_path)
    assert sink.needs_picture
    for path in ("in/a.png", "in/ü b.jpg", "other/a.png", "in/c.bmp"):
        sink.write(result(path=path), picture)
    assert sink.close() == (tmp_path,)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a-2.png", "a.png", "c.jpg", "ü b.jpg"]
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "a.png")), picture)
    jpeg = cv2.imread(str(tmp_path / "c.jpg")).astype(int)
    assert np.abs(jpeg - picture).mean() < 3


def test_one_image_is_named_and_frames_of_a_video_are_numbered(tmp_path: Path, result, picture: np.ndarray) -> None:
    sink = ImageSink(tmp_path / "out", many_per_file=True)
    sink.write(result(7), picture)
    assert sink.close() == (tmp_path / "out" / "match_8.jpg",)
    assert ImageSink(tmp_path / "none").close() == ()


def test_failures_leave_nothing_half_written(
    tmp_path: Path, result, picture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = ImageSink(tmp_path)
    with pytest.raises(SinkError, match="was given no picture"):
        sink.write(result(), None)

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(SinkError, match=r"match.jpg: the disk is full"):
        sink.write(result(), picture)
    assert list(tmp_path.iterdir()) == []
    sink.abort()
