"""What the first bytes of a picture's file say: its kind, its size, and whether it holds more than one picture."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator

from numa_runtime.sources.heif import is_heif, read_heif

Size = tuple[int, int]
"""Width and height in pixels."""

_MAGIC = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
    b"II+\0": "tiff",
    b"MM\0+": "tiff",
    b"\0\0\0\x0cjP  ": "jp2",
    b"\xff\x4f\xff\x51": "jp2",
}
_TIFF_TYPES = {1: "B", 3: "H", 4: "I", 16: "Q"}
_WIDTH, _HEIGHT, _BITS, _SUBFILE, _ORIENTATION = 256, 257, 258, 254, 274
_ON_ITS_SIDE = (5, 6, 7, 8)
_FIRST_CHUNKS = 4096


def kind_of(head: bytes) -> str:
    """Return "jpeg", "png", "gif", "bmp", "tiff", "webp", "jp2" or "heif"; "" for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if is_heif(head):
        return "heif"
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")


def size_of(data: bytes) -> Size | None:
    """Return the size that a picture's header names; None where it cannot be told."""
    reader = _SIZES.get(kind_of(data[:16]), _pnm_size)
    try:
        return reader(data)
    except (struct.error, IndexError, KeyError, ValueError, StopIteration):  # a HeifError is a ValueError
        return None


def shown_size_of(data: bytes) -> Size | None:
    """Return the size that a JPEG or PNG is shown with: turned where EXIF says that it lies on its side.

    None for all other kinds, and for what only decoding tells: a PNG with EXIF, of which no more than the beginning
    may have been given.
    """
    kind = kind_of(data[:16])
    if kind not in ("jpeg", "png") or (kind == "png" and b"eXIf" in data[:_FIRST_CHUNKS]):
        return None
    size = size_of(data)
    if size is None or kind == "png":
        return size
    return size[::-1] if _jpeg_orientation(data) in _ON_ITS_SIDE else size


def tiff_pages(data: bytes) -> list[int]:
    """Return the numbers of a TIFF's pages; smaller copies of a page and masks (NewSubfileType) are none.

    Any other picture has one.
    """
    if kind_of(data[:16]) != "tiff":
        return [0]
    try:
        return [number for number, tags in enumerate(_tiff_folders(data)) if not tags.get(_SUBFILE, 0) & 5]
    except (struct.error, IndexError):
        return [0]


def sample_bits(data: bytes) -> int:
    """Return how many bits a sample of a TIFF has; 8 for all other kinds, whose samples have 16 at most."""
    try:
        return next(_tiff_folders(data)).get(_BITS, 1) if kind_of(data[:16]) == "tiff" else 8
    except (struct.error, IndexError, StopIteration):
        return 8


def is_animated(data: bytes) -> bool:
    """Whether a PNG, WebP or AVIF may have more than one frame."""
    kind = kind_of(data[:16])
    if kind == "png":
        return data.find(b"acTL", 0, max(0, data.find(b"IDAT"))) > 0
    if kind == "webp":
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 2)
    return data[4:12] == b"ftypavis"


def has_several(data: bytes) -> bool:
    """Whether a file holds more than one picture: pages, or frames."""
    return is_animated(data) or len(tiff_pages(data)) > 1


def _png_size(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif_size(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp_size(data: bytes) -> Size:
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _jpeg_size(data: bytes) -> Size:
    *_, (_, at) = _jpeg_segments(data)
    height, width = struct.unpack_from(">HH", data, at + 5)
    return width, height


def _jpeg_orientation(data: bytes) -> int:
    """Return how EXIF says a JPEG lies (its TIFF header's first folder), 1 where it does not say."""
    for marker, at in _jpeg_segments(data):
        if marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            try:
                return next(_tiff_folders(data[at + 10 :])).get(_ORIENTATION, 1)
            except (struct.error, IndexError, StopIteration):
                return 1
    return 1


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield marker and place of each segment, the frame header last (ITU-T T.81, B.2.2)."""
    at = 2
    while True:
        at = data.index(b"\xff", at)
        while data[at + 1] in (0x00, 0xFF):
            at = data.index(b"\xff", at + 1)
        marker = data[at + 1]
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            raise ValueError("there is no frame header")
        yield marker, at
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return
        at += 2 + length


def _webp_size(data: bytes) -> Size:
    """https://developers.google.com/speed/webp/docs/riff_container, and RFC 6386 for lossy pictures."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _tiff_size(data: bytes) -> Size:
    tags = next(_tiff_folders(data))
    return tags[_WIDTH], tags[_HEIGHT]


def _tiff_folders(data: bytes) -> Iterator[dict[int, int]]:
    """Yield the first value of each tag in use here, folder by folder (TIFF 6.0, and BigTIFF)."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    count, entry, offset = ("Q", 20, "Q") if big else ("H", 12, "I")
    at = struct.unpack_from(order + offset, data, 8 if big else 4)[0]
    seen = set()
    while at and at not in seen:
        seen.add(at)
        entries = struct.unpack_from(order + count, data, at)[0]
        first = at + struct.calcsize(count)
        tags = {}
        for place in range(first, first + entries * entry, entry):
            tag, kind, values = struct.unpack_from(f"{order}HH{offset}", data, place)
            if tag in (_WIDTH, _HEIGHT, _BITS, _SUBFILE, _ORIENTATION) and kind in _TIFF_TYPES:
                letter, value = _TIFF_TYPES[kind], place + struct.calcsize(f"<HH{offset}")
                if struct.calcsize(letter) * values > struct.calcsize(offset):
                    value = struct.unpack_from(order + offset, data, value)[0]
                tags[tag] = struct.unpack_from(order + letter, data, value)[0]
        yield tags
        at = struct.unpack_from(order + offset, data, first + entries * entry)[0]


def _jp2_size(data: bytes) -> Size:
    """Image and reference grid size of the codestream's SIZ marker (ITU-T T.800, A.5.1)."""
    at = data.index(b"\xff\x4f\xff\x51")
    right, bottom, left, top = struct.unpack_from(">IIII", data, at + 8)
    return right - left, bottom - top


def _heif_size(data: bytes) -> Size:
    return read_heif(data).size


def _pnm_size(data: bytes) -> Size | None:
    found = re.match(rb"P[1-6](?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s", data[:4096])
    return (int(found[1]), int(found[2])) if found else None


_SIZES: dict[str, Callable[[bytes], Size | None]] = {
    "png": _png_size,
    "gif": _gif_size,
    "bmp": _bmp_size,
    "jpeg": _jpeg_size,
    "webp": _webp_size,
    "tiff": _tiff_size,
    "jp2": _jp2_size,
    "heif": _heif_size,
}
