from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from clips import number_of, numbered_frame

from numa_runtime.errors import SourceError
from numa_runtime.sources import webcam
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.live import Reconnect


class FakeCapture:
    """OpenCV's VideoCapture with `frames` frames to give."""

    frames = 5
    opens = True

    def __init__(self, index: int) -> None:
        self.index, self.given, self.released = index, 0, False

    def isOpened(self) -> bool:
        return self.opens

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self.given >= self.frames:
            return False, None
        self.given += 1
        return True, numbered_frame(self.given - 1)

    def get(self, _: int) -> float:
        return 30.0

    def release(self) -> None:
        self.released = True


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[FakeCapture]:
    kind = type("Capture", (FakeCapture,), {})
    (tmp_path / "video0").touch()
    monkeypatch.setattr(webcam, "DEVICES", tmp_path)
    monkeypatch.setattr(webcam.cv2, "VideoCapture", kind)
    return kind


def test_a_webcam_gives_frames_until_it_is_lost(camera: type[FakeCapture], caplog: pytest.LogCaptureFixture) -> None:
    media = webcam.open_webcam(0, every_frame=True, reconnect=Reconnect(delays=()))
    assert (media.info.kind, media.info.name, media.info.width, media.info.fps) == (
        MediaKind.WEBCAM,
        "webcam 0",
        64,
        30.0,
    )
    assert [(f.index, number_of(f.image)) for f in media] == [(i, i) for i in range(5)]
    assert "webcam 0 gives no more pictures" in caplog.records[-1].message


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists its cameras in /dev")
def test_a_camera_that_is_not_there_names_those_that_are(camera: type[FakeCapture], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"there is no webcam 3 .*video3 does not exist\)\nwebcams here: 0"):
        webcam.open_webcam(3)
    (tmp_path / "video0").unlink()
    with pytest.raises(SourceError, match="this machine has no webcam; give a file or a stream URL"):
        webcam.open_webcam(0)


def test_a_camera_that_is_taken_or_blind_is_said(camera: type[FakeCapture]) -> None:
    camera.frames = 0
    with pytest.raises(SourceError, match="webcam 0 opens but gives no picture"):
        webcam.open_webcam(0)
    camera.opens = False
    with pytest.raises(SourceError, match="webcam 0 cannot be opened\nis another program using it"):
        webcam.open_webcam(0)
