"""One mp4 through PyAV: H.264 where this build of it can, MPEG-4 otherwise."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import av
import cv2
from av.codec.codec import UnknownCodecError
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from numa_runtime.errors import SinkError
from numa_runtime.results import Frame

log = logging.getLogger("numa_runtime")

# veryfast, 720p footage, two cores: 12 ms per frame; superfast 11 ms and twice the file, faster 19 ms
H264 = ("libx264", {"preset": "veryfast", "crf": "23"})
MPEG4 = ("mpeg4", {"qscale": "4"})
MPEG4_MAX_TICKS = 65535
TICKS = 90_000
"""About so many to a second: what a frame's own time is rounded to."""

_ON_TIME = 0.0011
"""Seconds by which a constant rate's frames may be early or late: containers round times to milliseconds (Matroska)."""


def pick_codec(name: str) -> tuple[str, dict[str, str]]:
    """Return codec and options; without libx264 MPEG-4 is used, with a warning that names the file."""
    try:
        av.Codec(H264[0], "w")
    except UnknownCodecError:
        log.warning("%s: this PyAV has no libx264; written as MPEG-4, which browsers do not play (VLC does)", name)
        return MPEG4
    return H264


class Encoder:
    """Writes frames to `path`, each at its own time; use it in a `with` block and call `finish` at the end.

    Frames that come where the rate has them are put there to the tick, others (a variable rate, frames that were
    dropped) as near as `TICKS` allows.

    The colour matrix (BT.601, limited range, what FFmpeg's scaler makes of BGR) is written into the stream,
    so that players do not guess another one from the size.

    Args:
        path: the file.
        rate: frames per second where they come evenly.
        name: what messages call the file.
        pixel_aspect: how much wider than high a pixel is to be shown.
    """

    def __init__(self, path: Path, rate: Fraction, name: str, pixel_aspect: Fraction = Fraction(1)) -> None:
        codec, self._options = pick_codec(name)
        self._rate = rate if codec == H264[0] else _mpeg4_rate(rate)
        self._ticks = _ticks_per_second(self._rate, TICKS if codec == H264[0] else MPEG4_MAX_TICKS)
        self._pixel_aspect = pixel_aspect
        self._codec = codec
        self._name = name
        self._scaler = VideoReformatter()
        self._container = av.open(f"file:{path}", "w", format="mp4", options={"movflags": "+faststart"})
        self._stream: VideoStream | None = None
        self._size = (0, 0)
        self._count = 0
        self._began = 0.0
        self._pts = -1

    def add(self, image: Frame, seconds: float) -> None:
        """Encode one BGR frame that is shown at that time, counted from the source's start."""
        if self._stream is None:
            self._size = (image.shape[1], image.shape[0])
            self._stream = self._new_stream(*self._size)
            self._began = seconds
        picture = av.VideoFrame.from_ndarray(self._fitted(image), format="bgr24")
        picture = self._scaler.reformat(picture, format="yuv420p", threads=1)
        picture.pts = self._pts = max(self._tick_of(seconds - self._began), self._pts + 1)
        picture.time_base = Fraction(1, self._ticks)
        picture.duration = round(self._ticks / self._rate)
        self._count += 1
        self._container.mux(self._stream.encode(picture))

    def _tick_of(self, seconds: float) -> int:
        nearest = round(seconds * self._rate)
        if abs(seconds - nearest / self._rate) <= _ON_TIME:
            return round(nearest * self._ticks / self._rate)
        return round(seconds * self._ticks)

    def _new_stream(self, width: int, height: int) -> VideoStream:
        stream = cast("VideoStream", self._container.add_stream(self._codec, rate=self._rate, options=self._options))
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.thread_type = "AUTO"
        context.time_base = Fraction(1, self._ticks)
        context.sample_aspect_ratio = self._pixel_aspect
        context.colorspace = Colorspace.ITU601.value
        context.color_range = ColorRange.MPEG.value
        return stream

    def _fitted(self, image: Frame) -> Frame:
        """Bring a frame to the video's size: scaled if it differs, then made even by its own edge."""
        width, height = self._size
        fitted: Any = image
        if (image.shape[1], image.shape[0]) != self._size:
            self._say_once(image)
            fitted = cv2.resize(image, self._size, interpolation=cv2.INTER_AREA)
        if width % 2 or height % 2:
            fitted = cv2.copyMakeBorder(fitted, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        return cast("Frame", fitted)

    def _say_once(self, image: Frame) -> None:
        if self._name:
            width, height = self._size
            size = f"{image.shape[1]}x{image.shape[0]}"
            log.warning("%s: frame %d is %s, scaled to %dx%d", self._name, self._count, size, width, height)
            self._name = ""

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:  # a container without a stream has no header to finish
            self._container.close()


def _mpeg4_rate(rate: Fraction) -> Fraction:
    """Return the nearest rate whose clock fits MPEG-4's 16 bits."""
    return rate.limit_denominator(max(1, int(MPEG4_MAX_TICKS / max(rate, Fraction(1)))))


def _ticks_per_second(rate: Fraction, about: int) -> int:
    """Return a number of ticks that makes every frame of `rate` a whole number of them."""
    return rate.numerator * max(1, about // rate.numerator)


def count_frames(path: Path) -> int:
    """Return how many video frames a file holds, by reading all its packets (nothing is decoded).

    Raises:
        SinkError: it cannot be read back.
    """
    try:
        with av.open(f"file:{path}") as container:
            return sum(packet.size > 0 for packet in container.demux(container.streams.video[0]))
    except (av.FFmpegError, IndexError) as error:
        raise SinkError(f"{path.name}: what was written cannot be read back: {error}") from error
