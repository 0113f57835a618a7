"""The size of an image file from its header, since labels given as fractions need it and decoding is slow."""

from __future__ import annotations

from pathlib import Path

from numa_benchmarks.labels.errors import DataError
from numa_runtime.errors import SourceError
from numa_runtime.sources.picture_header import kind_of, shown_size_of
from numa_runtime.sources.pixels import read_image

Size = tuple[int, int]

_HEAD = 1 << 13
"""Bytes in which the size of most pictures stands; thumbnails may push it farther back."""


def picture_size(path: Path) -> Size:
    """Return (height, width) as the image is displayed: EXIF orientations that lie on their side are turned.

    JPEG and PNG are read from their headers; everything else is decoded.

    Raises:
        DataError: the file is missing or not an image.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            size = shown_size_of(head)
            if size is None and kind_of(head) == "jpeg":
                size = shown_size_of(head + file.read())
    except FileNotFoundError:
        raise DataError(f"the image {path} does not exist") from None
    except OSError as error:
        raise DataError(f"the image {path} cannot be read: {error.strerror or error}") from error
    if size is None or 0 in size:
        return _decoded(path)
    return size[1], size[0]


def _decoded(path: Path) -> Size:
    try:
        shape = read_image(path).shape
    except SourceError as error:
        raise DataError(error.what, hint=error.hint) from error
    return shape[0], shape[1]
