"""The size of an image file from its header, since labels given as fractions need it and decoding is slow."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from numa_benchmarks.labels.errors import DataError

Size = tuple[int, int]

_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)


def picture_size(path: Path) -> Size:
    """Return (height, width) as the image is displayed: EXIF orientations that lie on their side are turned.

    JPEG and PNG are read from their headers; everything else is decoded.

    Raises:
        DataError: the file is missing or not an image.
    """
    try:
        with path.open("rb") as file:
            size = _from_header(file)
    except FileNotFoundError:
        raise DataError(f"the image {path} does not exist") from None
    except OSError as error:
        raise DataError(f"the image {path} cannot be read: {error.strerror or error}") from error
    return size or _decoded(path)


def _from_header(file: BinaryIO) -> Size | None:
    try:
        start = file.read(24)
        if start[:8] == b"\x89PNG\r\n\x1a\n":
            width, height = struct.unpack(">II", start[16:24])
            # An eXIf chunk may turn a PNG too; it is rare and stands anywhere, so decoding decides then.
            return None if b"eXIf" in file.read(4096) else (height, width)
        return _jpeg(file) if start[:2] == b"\xff\xd8" else None
    except struct.error:
        return None


def _jpeg(file: BinaryIO) -> Size | None:
    """Walk the segments (ITU T.81, annex B) up to the frame header."""
    file.seek(2)
    turned = False
    while True:
        marker = _marker(file)
        if marker is None or marker == 0xDA:
            return None
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _SOF:
            _, height, width = struct.unpack(">BHH", file.read(5))
            if not height:
                return None
            return (width, height) if turned else (height, width)
        body = file.read(length - 2)
        if marker == 0xE1 and body[:6] == b"Exif\0\0":
            turned = _orientation(body[6:]) in _TURNED


def _marker(file: BinaryIO) -> int | None:
    byte = file.read(1)
    while byte and byte != b"\xff":
        byte = file.read(1)
    while byte == b"\xff":
        byte = file.read(1)
    return byte[0] if byte else None


def _orientation(tiff: bytes) -> int:
    """Return the orientation of a TIFF header's first directory (TIFF 6.0, section 2), 1 when there is none."""
    order = "<" if tiff[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, at)
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, entry)
        if tag == _ORIENTATION:
            return int(value)
    return 1


def _decoded(path: Path) -> Size:
    from numa_runtime.errors import SourceError
    from numa_runtime.sources.pixels import read_image

    try:
        shape = read_image(path).shape
    except SourceError as error:
        raise DataError(error.what, hint=error.hint) from error
    return shape[0], shape[1]
