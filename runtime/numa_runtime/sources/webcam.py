"""Webcams, through OpenCV."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.base import MediaInfo, MediaKind
from numa_runtime.sources.live import LiveMedia, Picture, Reconnect

DEVICES = Path("/dev")


class WebcamFeed:
    """One opened camera.

    Raises:
        SourceError: the camera does not exist, another program holds it, or it gives no picture.
    """

    def __init__(self, index: int) -> None:
        self.damaged = 0
        self._index = index
        require_device(index)
        self._capture: Any = cv2.VideoCapture(index)
        if not self._capture.isOpened():
            raise SourceError(
                f"webcam {index} cannot be opened", hint="is another program using it, and may this user open it?"
            )
        first = self._grab()
        if first is None:
            self.close()
            raise SourceError(f"webcam {index} opens but gives no picture", hint="unplug it and plug it in again")
        self.first = first
        self.fps = float(self._capture.get(cv2.CAP_PROP_FPS)) or None

    def _grab(self) -> Frame | None:
        ok, image = self._capture.read()
        return image if ok else None

    def pictures(self) -> Iterator[Picture]:
        """Yield frames as they come."""
        image: Frame | None = self.first
        while image is not None:
            yield functools.partial(_same, image)
            image = self._grab()
        raise SourceError(f"webcam {self._index} gives no more pictures")

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()


def _same(image: Frame) -> Frame:
    return image


def require_device(index: int) -> None:
    """Raise SourceError where Linux has no /dev/video<index>; the message names the cameras that exist."""
    if not sys.platform.startswith("linux") or (DEVICES / f"video{index}").exists():
        return
    there = sorted(path.name.removeprefix("video") for path in DEVICES.glob("video*"))
    raise SourceError(
        f"there is no webcam {index} ({DEVICES}/video{index} does not exist)",
        hint=f"webcams here: {', '.join(there)}"
        if there
        else "this machine has no webcam; give a file or a stream URL",
    )


def open_webcam(
    index: int, *, vid_stride: int = 1, every_frame: bool = False, reconnect: Reconnect | None = None
) -> LiveMedia:
    """Open webcam `index`.

    Raises:
        SourceError: the camera does not exist, another program holds it, or it gives no picture.
    """
    feed = WebcamFeed(index)
    height, width = feed.first.shape[:2]
    info = MediaInfo(MediaKind.WEBCAM, f"webcam {index}", str(index), width, height, feed.fps, None, vid_stride)
    return LiveMedia(
        info, lambda: WebcamFeed(index), feed, vid_stride=vid_stride, every_frame=every_frame, reconnect=reconnect
    )
