"""Small generated videos and pictures whose content says which frame they are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np


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
    **container: Any,
) -> Path:
    """Write a clip with a key frame every `gop` frames; pts gives presentation ticks of 1/rate seconds."""
    flags = {"movflags": "+faststart"} if faststart and path.suffix == ".mp4" else {}
    options = {"g": str(gop), "crf": "10"} if codec == "libx264" else {}
    with av.open(str(path), "w", options=flags, **container) as out:
        stream = out.add_stream(codec, rate=rate, options=options)
        stream.height, stream.width = picture(0).shape[:2]
        stream.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
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
