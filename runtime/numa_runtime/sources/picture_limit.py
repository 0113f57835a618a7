"""How large a picture may be: what is larger is refused by its header, before memory is asked for it."""

from __future__ import annotations

import os

from numa_runtime.errors import SourceError
from numa_runtime.sources.picture_header import size_of

MOST_PIXELS = 2**28
"""Pixels of the largest picture: 0.8 GB as a frame, of which several are held at once."""

MOST_SIDE = 2**20
"""OpenCV's longest side."""

VARIABLE = "OPENCV_IO_MAX_IMAGE_PIXELS"
"""The environment's word for another limit; OpenCV has it, and its own is 2^30."""


def require_allowed_size(data: bytes, name: str) -> None:
    """Refuse a picture whose header names more pixels than are decoded.

    Raises:
        SourceError: the limit, and how it is lifted.
    """
    size = size_of(data)
    if size is None:
        return
    width, height = size
    limit = _limit()
    if width * height > limit:
        raise SourceError(
            f"{name} is {width}x{height}: {width * height:,} pixels are more than the {limit:,} that are decoded",
            hint="cut it into tiles or make it smaller (a network sees it at its own size anyway), or\n"
            f"export {VARIABLE}={width * height}",
        )
    if max(width, height) > MOST_SIDE:
        raise SourceError(
            f"{name} is {width}x{height}: no side may be longer than {MOST_SIDE:,}", hint="cut it into tiles"
        )


def _limit() -> int:
    text = os.environ.get(VARIABLE, "")
    return int(text) if text.isdecimal() else MOST_PIXELS
