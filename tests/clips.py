"""Small generated videos and pictures whose content says which frame they are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition


def numbered_frame(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    """A flat frame whose grey level says its number (modulo 32), also after compression."""
    return np.full((height, width, 3), 10 + 7 * (index % 32), np.uint8)


def number_of(image: np.ndarray) -> int:
    """The number of a `numbered_frame`; FFmpeg's way from BGR to YUV and back loses 3 to 4 of 255 levels."""
    return round((float(image.mean()) - 8) / 7)


def write_clip(
    path: Path,
    frames: int = 20,
    rate: Fraction | int = 25,
    codec: str = "libx264",
    gop: int = 5,
    pts: list[int] | None = None,
    faststart: bool = True,
    picture: Callable[[int], np.ndarray] = numbered_frame,
    options: dict[str, str] | None = None,
    pixel_aspect: Fraction = Fraction(1),
    **container: Any,
) -> Path:
    """Write a clip with a key frame every `gop` frames, unless the codec's `options` say otherwise.

    pts gives presentation ticks of 1/rate seconds.
    """
    flags = {"movflags": "+faststart"} if faststart and path.suffix == ".mp4" else {}
    if options is None:
        options = {"g": str(gop), "crf": "10"} if codec == "libx264" else {}
    with av.open(str(path), "w", options=flags, **container) as out:
        stream = out.add_stream(codec, rate=rate, options=options)
        stream.height, stream.width = picture(0).shape[:2]
        stream.codec_context.sample_aspect_ratio = pixel_aspect
        stream.pix_fmt = {"gif": "rgb8", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
        for i in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(i), format="bgr24").reformat(format=stream.pix_fmt)
            frame.pts = i if pts is None else pts[i]
            frame.time_base = 1 / Fraction(rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def set_display_matrix(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Overwrite the transformation in an mp4's first track header (ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 16  # after version, times and id; then reserved, layer, group, volume
    data[at : at + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


OPEN_GROUPS = {"x264-params": "open-gop=1:keyint=8:min-keyint=8:scenecut=0:bframes=3:b-adapt=0"}
"""libx264 options: every 8th frame can be sought, and the frames shown just before it need it."""


def with_decode_times(path: Path, target: Path) -> Path:
    """Copy a clip's packets into another container, their decode times in place of their presentation times."""
    with av.open(str(path)) as source, av.open(str(target), "w") as out:
        stream = source.streams.video[0]
        copied = out.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.pts, packet.stream = packet.dts, copied
                out.mux(packet)
    return target


def trim(path: Path, first: int, frames: int, rate: int = 25) -> None:
    """Shorten an mp4 to some of its frames by its edit list (ISO/IEC 14496-12, 8.6.6), as phones and editors do."""
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as source:
        ticks = source.streams.video[0].time_base.denominator
    at = data.index(b"elst") + 4 + 4 + 4  # after version and count: duration in 1/1000 s, time of the first frame
    start = int.from_bytes(data[at + 4 : at + 8], "big")
    data[at : at + 8] = struct.pack(">II", 1000 * frames // rate, start + first * ticks // rate)
    path.write_bytes(data)


def write_streams(path: Path, *sizes: tuple[int, int], default: int | None = None, cover: bool = False) -> Path:
    """Write ten frames of several videos of these (width, height) into one file, after a cover picture if asked for."""
    with av.open(str(path), "w") as out:
        if cover:
            picture = out.add_stream("mjpeg")
            picture.width, picture.height, picture.pix_fmt = 320, 240, "yuvj420p"
            picture.disposition = Disposition.attached_pic
        streams = [out.add_stream("libx264", rate=25) for _ in sizes]
        for number, (stream, size) in enumerate(zip(streams, sizes, strict=True)):
            (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
            stream.disposition = Disposition.default if number == default else Disposition(0)
        if cover:
            image = av.VideoFrame.from_ndarray(numbered_frame(31, 320, 240), format="bgr24")
            out.mux(picture.encode(image.reformat(format="yuvj420p")))
        for index in range(10):
            for stream, size in zip(streams, sizes, strict=True):
                frame = av.VideoFrame.from_ndarray(numbered_frame(index, *size), format="bgr24")
                out.mux(stream.encode(frame.reformat(format="yuv420p")))
        for stream in streams:
            out.mux(stream.encode(None))
    return path
