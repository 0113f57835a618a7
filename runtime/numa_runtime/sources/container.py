"""PyAV: open a file or URL, decode it packet by packet, turn a frame into BGR as it is shown."""

from __future__ import annotations

import errno
import struct
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import av.error
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.text import is_text

MOST_FPS = 1000
"""An average rate above this is doubted."""

_NO_TIMES = 0x80
"""AVFMT_NOTIMESTAMPS of libavformat."""


def open_container(
    url: str, name: str, *, timeout: float | None = None, options: dict[str, str] | None = None
) -> tuple[InputContainer, VideoStream]:
    """Open `url` and return it with the video stream that is meant, frame and slice threads on.

    Args:
        url: the file or network stream.
        name: what errors call it (a file's name, a URL without its password).
        timeout: seconds for opening and for each read of a network stream; None = no limit (files).
        options: FFmpeg options for opening it.

    Raises:
        SourceError: it cannot be opened or holds no video; the sentence says which.
    """
    start = time.monotonic()
    try:
        # FFmpeg takes what stands before a colon for a protocol: "12:30.mp4" would be of the protocol "12"
        container = av.open(url if "://" in url else f"file:{url}", timeout=timeout, options=options or {})
    except (av.error.FFmpegError, OSError, ValueError) as error:
        if timeout is not None and time.monotonic() - start >= timeout:  # rtsp then says "invalid data"
            raise _too_late(name) from None
        # PyAV's own words hold the URL as it was given, with its password
        raise explain_open_failure(url, name, error) from (None if "://" in url else error)
    films = _films(container)
    if not films:
        held = "sound and a cover picture" if container.streams.video else "sound or data"
        container.close()
        raise SourceError(f"{name} holds no video ({held} only)", hint="give a file with pictures")
    best = container.streams.best("video")  # the file's default, then the one with most pictures, then bits
    stream = next((film for film in films if film is best), films[0])
    stream.thread_type = "AUTO"
    return container, stream


def _films(container: InputContainer) -> list[VideoStream]:
    """Return the video streams that are no pictures beside one: covers and thumbnails."""
    beside = Disposition.attached_pic | Disposition.timed_thumbnails
    return [stream for stream in container.streams.video if not stream.disposition & beside]


def choice_among(stream: VideoStream) -> str:
    """Return a sentence's end that says which video stream is read where there are several; "" where there is one."""
    films = _films(cast("InputContainer", stream.container))
    if len(films) < 2:
        return ""
    number = 1 + [film.index for film in films].index(stream.index)
    return f"holds {len(films)} videos; number {number} is read ({stream.width}x{stream.height})"


def rate_of(stream: VideoStream) -> Fraction | None:
    """Return frames per second as the header says; the average, unless that is but the ticks of a clock (raw DV)."""
    average, guessed = stream.average_rate, stream.guessed_rate
    if average and guessed and guessed < average and average > MOST_FPS:
        return guessed
    return average or guessed


def pixel_aspect_of(stream: VideoStream) -> Fraction:
    """Return how much wider than high a pixel is to be shown; 1 where nothing is said."""
    return stream.sample_aspect_ratio or Fraction(1)


def has_times(container: InputContainer) -> bool:
    """Whether the format stores times; raw streams (h264, hevc, mjpeg, ...) do not, theirs are made up."""
    return not container.format.flags & _NO_TIMES


def explain_open_failure(url: str, name: str, error: Exception) -> SourceError:
    """Turn what PyAV raised on opening `url` into a sentence with a way out."""
    number = getattr(error, "errno", None)
    if number == errno.ECONNREFUSED:
        return SourceError(f"{name} refused the connection", hint="is the camera or server running at this port?")
    if isinstance(error, av.error.ExitError | av.error.TimeoutError) or number == errno.ETIMEDOUT:
        return _too_late(name)
    if isinstance(error, av.error.HTTPError | av.error.HTTPClientError):
        return SourceError(f"{name} answered with an error: {error.strerror}", hint="check address and password")
    if isinstance(error, av.error.InvalidDataError):
        return _explain_invalid_data(url, name)
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(f"{name} cannot be opened: {reason}", hint="check the source that was given")


def _too_late(name: str) -> SourceError:
    return SourceError(f"{name} did not answer in time", hint="check the address and the network")


def _explain_invalid_data(url: str, name: str) -> SourceError:
    path = Path(url)
    if not path.is_file():
        return SourceError(f"{name} gives no video that can be decoded", hint="open it in a player to see what it is")
    if path.stat().st_size == 0:
        return SourceError(f"{name} is empty (0 bytes)", hint="copy or record the file again")
    with path.open("rb") as file:
        head = file.read(4096)
    if _is_iso(path) and not _has_index(path):
        return SourceError(
            f"{name} is cut off: its index (moov), written last, is missing",
            hint="the recording or the copy was interrupted; copy or record the file again",
        )
    what = "it is a text" if is_text(head) else f"no known format begins with {head[:8].hex(' ')}"
    return SourceError(f"{name} is damaged or not a video: {what}", hint="copy it again, or try it in a player")


def _is_iso(path: Path) -> bool:
    """Whether a file begins like MP4 and QuickTime do: with a box of one of the kinds that may come first."""
    with path.open("rb") as file:
        return file.read(8)[4:] in (b"ftyp", b"styp", b"mdat", b"moov", b"free", b"skip", b"wide", b"pnot")


def _has_index(path: Path) -> bool:
    """Whether an ISO file's top level holds a moov box (its boxes are walked, nothing else is read)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at + 8 <= size:
            file.seek(at)
            length = int.from_bytes(file.read(4), "big")
            kind = file.read(4)
            if length == 1:
                length = int.from_bytes(file.read(8), "big")
            if kind == b"moov":
                return at + length <= size
            if length < 8:
                break
            at += length
    return False


def decode(
    container: InputContainer,
    stream: VideoStream,
    damaged: Callable[[], None],
    broken_off: Callable[[Exception], None],
) -> Iterator[av.VideoFrame]:
    """Yield every frame that can be decoded.

    Args:
        container: the open file or stream.
        stream: its video stream.
        damaged: called for each packet that cannot be decoded; the packet is skipped.
        broken_off: gets what ends the packets early (a file cut off, a connection lost), after the frames the
            decoder still held.
    """
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (av.error.FFmpegError, OSError) as error:
            yield from stream.decode(None)
            broken_off(error)
            return
        if packet is None:
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            damaged()


class ToBGR:
    """Converts decoded frames to BGR arrays as a player shows them, rotation metadata applied.

    One converter belongs to one stream of frames and one thread: it keeps the scaler's state, and takes the
    rotation from the first frame. One scaler thread, because FFmpeg's pool costs more than it saves
    (720p on two cores: 2.8 ms per frame decoded and converted, 5.2 ms with the pool).
    """

    def __init__(self) -> None:
        self._scaler = VideoReformatter()
        self._turn: tuple[bool, bool, bool] | None = None

    @property
    def turned(self) -> bool:
        """Whether width and height change places; known once a frame was converted."""
        return self._turn is not None and self._turn[0]

    def __call__(self, frame: av.VideoFrame) -> Frame:
        if self._turn is None:
            self._turn = _turn_of(frame)
        image = self._scaler.reformat(frame, format="bgr24", threads=1).to_ndarray()
        swap, flip_x, flip_y = self._turn
        if swap:
            image = cv2.transpose(image)
        if flip_x or flip_y:
            image = cv2.flip(image, -1 if flip_x and flip_y else 1 if flip_x else 0)
        return np.ascontiguousarray(image, np.uint8)


_TURNS = {-90: (True, True, False), 90: (True, False, True), 180: (False, True, True), -180: (False, True, True)}
"""Transpose, then flip x, flip y, by degrees to the left."""


def _turn_of(frame: av.VideoFrame) -> tuple[bool, bool, bool]:
    """Return (transpose, then flip x, flip y) of a frame's display matrix; angles between right ones are left.

    The matrix (ISO/IEC 14496-12, 8.3.2) maps x' = a x + c y, y' = b x + d y with (a, b, u, c, d, ...) in 16.16.
    """
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV lists none where FFmpeg adds a kind it does not know (EXIF, from FFmpeg 8 on)
        return _TURNS.get(frame.rotation, (False, False, False))
    if data is None:
        return False, False, False
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(cast("Any", data)))
    if a == 0 and d == 0:
        return True, c < 0, b < 0
    if b == 0 and c == 0:
        return False, a < 0, d < 0
    return False, False, False
