"""What an HEIF file (HEIC, AVIF) says of its picture: which item it is, of which tiles it is made, how it is turned.

Boxes as in ISO/IEC 14496-12 and 23008-12 (HEIF). Only the file's head is read; nothing is decoded here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

STILL_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"avif", b"avis"))
"""Major brands of files whose picture is an item; b"avis" is an animation besides."""

SEQUENCE_BRANDS = frozenset((b"hevc", b"hevx", b"msf1"))
"""Major brands of files whose pictures are a film's (bursts, live photos): FFmpeg reads them as such."""

Box = tuple[bytes, int, int]
"""Kind, and where its content begins and ends."""


class HeifError(ValueError):
    """The boxes contradict each other or are cut off."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture made of tiles of one size, row by row (23008-12, 6.6.2.3)."""

    rows: int
    columns: int
    width: int
    height: int
    tiles: tuple[HeifPicture, ...]


@dataclass(slots=True)
class HeifPicture:
    """The primary item, or a tile of it.

    Attributes:
        item: its number; FFmpeg's streams carry it as their id.
        kind: how it is coded: b"hvc1", b"av01", b"grid", ...
        size: (width, height) as coded, before it is turned.
        grid: of which tiles it is made; None for one piece.
        turns: transformations in their order: ("clap", ...), ("irot", quarter turns to the left) and ("imir", axis).
    """

    item: int
    kind: bytes
    size: tuple[int, int] = (0, 0)
    grid: Grid | None = None
    turns: list[tuple[str, tuple[Fraction, ...]]] = field(default_factory=list)


def is_sequence(head: bytes) -> bool:
    """Whether a file that begins so holds a film in HEIF."""
    return head[4:8] == b"ftyp" and head[8:12] in SEQUENCE_BRANDS


def is_heif(head: bytes) -> bool:
    """Whether a file that begins so holds a picture in HEIF."""
    return head[4:8] == b"ftyp" and head[8:12] in STILL_BRANDS


def read_heif(data: bytes) -> HeifPicture:
    """Return what the file says of its primary picture.

    Raises:
        HeifError: cut off, or without a primary picture.
    """
    try:
        start, end = _meta(data)
        return _Meta(data, start, end).primary()
    except (struct.error, IndexError, KeyError, ZeroDivisionError) as error:
        raise HeifError(f"its description is cut off or wrong ({error})") from error


def _meta(data: bytes) -> tuple[int, int]:
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta":
            return start + 4, end
    raise HeifError("it describes no picture")


def _boxes(data: bytes, at: int, stop: int) -> Iterator[Box]:
    while at + 8 <= stop:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        end = stop if size == 0 else at + size
        if end > stop or end < at + head:
            raise HeifError(f"its box {kind!r} is cut off")
        yield kind, at + head, end
        at = end


class _Reader:
    """Reads big-endian numbers one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self.at = data, at

    def __call__(self, size: int) -> int:
        value = self._data[self.at : self.at + size]
        if len(value) < size:
            raise HeifError("its description is cut off")
        self.at += size
        return int.from_bytes(value, "big")


class _Meta:
    """The boxes of `meta`, by kind."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._box = {kind: (first, last) for kind, first, last in _boxes(data, start, end)}

    def _full(self, kind: bytes) -> tuple[int, int, _Reader]:
        """Return version, flags and a reader of a full box's content."""
        read = _Reader(self._data, self._box[kind][0])
        return read(1), read(3), read

    def primary(self) -> HeifPicture:
        version, _, read = self._full(b"pitm")
        found = self._picture(read(4 if version else 2))
        if found.kind == b"grid":
            found.grid = self._grid(found.item)
            found.size = (found.grid.width, found.grid.height)
        return found

    def _picture(self, item: int) -> HeifPicture:
        found = HeifPicture(item, self._kind_of(item))
        self._describe(found)
        return found

    def _kind_of(self, wanted: int) -> bytes:
        version, _, read = self._full(b"iinf")
        read(4 if version else 2)
        for kind, start, _ in _boxes(self._data, read.at, self._box[b"iinf"][1]):
            entry = _Reader(self._data, start)
            entry_version = entry(4) >> 24
            if kind == b"infe" and entry_version >= 2:
                item = entry(4 if entry_version > 2 else 2)
                if item == wanted:
                    entry(2)
                    return self._data[entry.at : entry.at + 4]
        raise HeifError("its first picture is not listed")

    def _describe(self, found: HeifPicture) -> None:
        """Set size and turns from the item's properties."""
        inner = {kind: (start, end) for kind, start, end in _boxes(self._data, *self._box[b"iprp"])}
        properties = list(_boxes(self._data, *inner[b"ipco"]))
        for number in self._numbers_of(found.item, inner[b"ipma"][0]):
            kind, start, _ = properties[number - 1]
            if kind == b"ispe":
                found.size = struct.unpack_from(">II", self._data, start + 4)
            elif kind == b"irot":
                found.turns.append(("irot", (Fraction(self._data[start] & 3),)))
            elif kind == b"imir":
                found.turns.append(("imir", (Fraction(self._data[start] & 1),)))
            elif kind == b"clap":
                values = struct.unpack_from(">IIIIiIiI", self._data, start)
                found.turns.append(("clap", tuple(Fraction(*values[i : i + 2]) for i in range(0, 8, 2))))

    def _numbers_of(self, wanted: int, start: int) -> list[int]:
        """Return the numbers (from 1) of an item's properties."""
        read = _Reader(self._data, start)
        version, flags = read(1), read(3)
        for _ in range(read(4)):
            item = read(4 if version else 2)
            size, mask = (2, 0x7FFF) if flags & 1 else (1, 0x7F)
            numbers = [read(size) & mask for _ in range(read(1))]
            if item == wanted:
                return [number for number in numbers if number]
        return []

    def _grid(self, item: int) -> Grid:
        read = _Reader(self._content(item), 0)
        read(1)
        size = 4 if read(1) & 1 else 2
        rows, columns = read(1) + 1, read(1) + 1
        return Grid(rows, columns, read(size), read(size), tuple(map(self._picture, self._tiles(item))))

    def _tiles(self, wanted: int) -> tuple[int, ...]:
        version, _, read = self._full(b"iref")
        size = 4 if version else 2
        for kind, start, _ in _boxes(self._data, read.at, self._box[b"iref"][1]):
            entry = _Reader(self._data, start)
            if kind == b"dimg" and entry(size) == wanted:
                return tuple(entry(size) for _ in range(entry(2)))
        raise HeifError("its tiles are not listed")

    def _content(self, wanted: int) -> bytes:
        """Return an item's bytes, which lie in the file or in the box `idat`."""
        version, _, read = self._full(b"iloc")
        sizes = read(2)
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        for _ in range(read(2 if version < 2 else 4)):
            item = read(2 if version < 2 else 4)
            method = read(2) & 15 if version else 0
            read(2)
            start = read(base) + (self._box[b"idat"][0] if method == 1 else 0)
            parts = []
            for _ in range(read(2)):
                read(index if version else 0)
                first = start + read(offset)
                parts.append(self._data[first : first + read(length)])
            if item == wanted:
                return b"".join(parts)
        raise HeifError("its grid is not there")
