"""Which file names are images, videos or streams, and the order people expect of numbered files."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from numa_runtime.formats import Format
from numa_runtime.shown import public_url

_IMAGES = """apng avif avifs bmp dib heic heif hif j2k jfif jp2 jpe jpeg jpg mpo pbm pgm png pnm ppm ras sr tif tiff
webp"""
_VIDEOS = """264 265 3g2 3gp amv asf avi divx dv f4v flv gif h264 h265 hevc insv ivf lrv m1v m2t m2ts m2v m4v mj2 mjpeg
mjpg mkv mov mp4 mpe mpeg mpg mts mxf nut obu ogm ogv qt rm rmvb ts vob webm wmv wtv y4m"""
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


def media_stem(name: str) -> str:
    """Return a source's name without the suffix of a picture or video; "v1.2" and "conf0.25" have none."""
    path = Path(name)
    return path.stem if is_image(path) or is_video(path) else name


def is_model(path: Path) -> bool:
    """Whether the name says model."""
    return Format.of(path) is not None or path.suffix.lower() in _OTHER_MODELS


def url_scheme(text: str) -> str:
    """Return "rtsp" for "RTSP://...", "" for anything that is not a URL (a Windows drive letter is not one)."""
    match = _URL.match(text)
    return match.group(1).lower() if match else ""


def url_name(url: str) -> str:
    """Return the last part of a URL's path ("bus.jpg"), or the whole public URL where it has none."""
    shown = public_url(url)
    path = shown.partition("://")[2].partition("/")[2].rstrip("/")
    return unquote(path.rsplit("/", 1)[-1]) or shown


def natural_key(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key that puts frame2 before frame10, whatever the case; folders before what they hold."""
    parts = _NUMBER.split(str(path).lower())
    return [(0, int(p), "") if p.isdigit() and p.isascii() else (1, 0, p) for p in parts if p], str(path)
