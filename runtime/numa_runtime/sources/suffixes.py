"""Which file names are images, videos or streams, and the order people expect of numbered files."""

from __future__ import annotations

import re
from pathlib import Path

from numa_runtime.formats import Format

_IMAGES = "avif bmp dib jp2 jpeg jpg pbm pgm png ppm tif tiff webp"
_VIDEOS = "asf avi gif m4v mjpeg mjpg mkv mov mp4 mpeg mpg ts webm wmv"
_OTHER_MODELS = (".pt", ".bin")

IMAGE_SUFFIXES, VIDEO_SUFFIXES = (frozenset(f".{word}" for word in words.split()) for words in (_IMAGES, _VIDEOS))

_URL = re.compile(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")


def is_image(path: Path) -> bool:
    """Whether the name says image."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def is_video(path: Path) -> bool:
    """Whether the name says video."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def is_model(path: Path) -> bool:
    """Whether the name says model."""
    return Format.of(path) is not None or path.suffix.lower() in _OTHER_MODELS


def url_scheme(text: str) -> str:
    """Return "rtsp" for "RTSP://...", "" for anything that is not a URL (a Windows drive letter is not one)."""
    match = _URL.match(text)
    return match.group(1).lower() if match else ""


def natural_key(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key that puts frame2 before frame10, whatever the case; folders before what they hold."""
    parts = _NUMBER.split(str(path).lower())
    return [(0, int(p), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in parts if p], str(path)
