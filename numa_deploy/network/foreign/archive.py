"""The zip archive of `torch.save`, walked end to end: what two zip readers could read differently is refused.

Layout: one folder, `data.pkl` and `data/N` in it, every member stored as it is (APPNOTE.TXT 6.3.10, sections 4.3-4.5).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from numa_runtime.errors import ModelError

MOST_PICKLE = 16 * 2**20
_MOST_MEMBERS = 100_000
_END, _END64, _LOCATOR, _CENTRAL, _LOCAL = (b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02", b"PK\x03\x04")
_DESCRIPTORS = (0, 12, 16, 20, 24)
"""Bytes of a data descriptor: sizes of 4 or 8 bytes, with or without a signature."""
_PLAIN_FLAGS = 0x0808
"""Bit 3, sizes after the data, and bit 11, names in UTF-8: all that `torch.save` sets."""
_FULL, _FULL_SHORT = 0xFFFFFFFF, 0xFFFF


class BadArchive(Exception):
    """What is wrong with an archive; `of(file)` makes the sentence."""

    def of(self, path: Path) -> ModelError:
        """Return the error for the user."""
        return ModelError(f"{path.name} is damaged or was made to mislead: {self}", hint="copy or download it again")


@dataclass(frozen=True, slots=True)
class Member:
    """Where one member lies: its name inside the folder, its data's first byte, its length, its checksum."""

    name: str
    start: int
    size: int
    crc: int


class Archive:
    """An open archive; use as a context manager.

    Args:
        path: the file.

    Raises:
        BadArchive: at once where the walk finds anything but plain stored members side by side.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self.members = {member.name: member for member in _walk(self._file, path.stat().st_size)}
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, name: str, most: int | None = None) -> bytes:
        """Return a member's bytes, its checksum compared.

        Raises:
            BadArchive: there is no such member, it is longer than `most`, or the checksum is wrong.
        """
        member = self.members.get(name)
        if member is None:
            raise BadArchive(f"it has no member {name}")
        if most is not None and member.size > most:
            raise BadArchive(f"{name} has {member.size:,} bytes, more than the {most:,} that are read")
        self._file.seek(member.start)
        data = self._file.read(member.size)
        if len(data) != member.size or zlib.crc32(data) != member.crc:
            raise BadArchive(f"the checksum of {name} is wrong")
        return data


def _walk(file: BinaryIO, length: int) -> Iterator[Member]:
    count, size, start, stop = _directory(file, length)
    file.seek(start)
    entries = sorted(_entries(file.read(size), count), key=lambda entry: entry[1].start)
    at, seen, folders = 0, set[str](), set[str]()
    for flags, entry in entries:
        if entry.start - at not in (_DESCRIPTORS if at else (0,)):
            raise BadArchive(f"the bytes before {entry.name} belong to no member, or to two")
        if entry.name.casefold() in seen:
            raise BadArchive(f"it has two members {entry.name}")
        seen.add(entry.name.casefold())
        data = _data_start(file, entry, flags)
        at = data + entry.size
        folder, slash, inside = entry.name.partition("/")
        folders.add(folder)
        if not slash or ".." in inside.split("/") or len(folders) > 1:
            raise BadArchive(f"the member {entry.name} lies outside the archive's one folder")
        if at > start:
            raise BadArchive(f"{entry.name} reaches beyond the members' end")
        yield Member(inside, data, entry.size, entry.crc)
    if start - at not in _DESCRIPTORS or start + size != stop:
        raise BadArchive("there are bytes between the members and their directory")


def _directory(file: BinaryIO, length: int) -> tuple[int, int, int, int]:
    """Return the number of entries, the directory's size and start, and where it has to stop."""
    if length < 22:
        raise BadArchive("it is too short for a zip archive")
    file.seek(length - 22)
    tail = file.read(22)
    if tail[:4] != _END:
        raise BadArchive("it is no zip archive, or its end is missing")
    disk, first, here, count, size, start, comment = struct.unpack("<4H2LH", tail[4:])
    if disk or first or here != count or comment:
        raise BadArchive("it is a part of a split archive, or something follows its end")
    stop = length - 22
    if length >= 42:
        file.seek(length - 42)
        locator = file.read(20)
        if locator[:4] == _LOCATOR:
            count, size, start, stop = _directory64(file, locator, length)
    if count > _MOST_MEMBERS or start + size > length:
        raise BadArchive(f"its directory states {count:,} members and lies outside the file")
    return count, size, start, stop


def _directory64(file: BinaryIO, locator: bytes, length: int) -> tuple[int, int, int, int]:
    at = struct.unpack("<Q", locator[8:16])[0]
    if at + 56 != length - 42:
        raise BadArchive("its two ends contradict each other")
    file.seek(at)
    record = file.read(56)
    if record[:4] != _END64:
        raise BadArchive("its second end is missing")
    disk, first, here, count, size, start = struct.unpack("<2L4Q", record[16:56])
    if disk or first or here != count:
        raise BadArchive("it is a part of a split archive")
    return count, size, start, at


def _entries(directory: bytes, count: int) -> Iterator[tuple[int, Member]]:
    """Yield flags and entry; `start` is where the local header begins."""
    at = 0
    for _ in range(count):
        head = directory[at : at + 46]
        if len(head) < 46 or head[:4] != _CENTRAL:
            raise BadArchive("its directory ends too early")
        flags, method = struct.unpack("<2H", head[8:12])
        crc, packed, size, names, extras, comment = struct.unpack("<3L3H", head[16:34])
        start = struct.unpack("<L", head[42:46])[0]
        name = _text(directory[at + 46 : at + 46 + names])
        extra = directory[at + 46 + names : at + 46 + names + extras]
        if flags & 1:
            raise BadArchive(f"{name} is encrypted")
        if method:
            raise BadArchive(f"{name} is compressed, which torch.save never does")
        if flags & ~_PLAIN_FLAGS or comment:
            raise BadArchive(f"{name} has flags or a comment that torch.save never writes")
        size, packed, start = _wide(extra, size, packed, start)
        if size != packed:
            raise BadArchive(f"{name} states two lengths")
        yield flags, Member(name, start, size, crc)
        at += 46 + names + extras
    if at != len(directory):
        raise BadArchive("its directory is longer than its members")


def _wide(extra: bytes, *values: int) -> tuple[int, ...]:
    """Take from the zip64 field the numbers that do not fit 32 bits."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack("<2H", extra[at : at + 4])
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = iter([number for (number,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])])
            return tuple(next(wide, value) if value == _FULL else value for value in values)
        at += 4 + length
    return values


def _data_start(file: BinaryIO, entry: Member, flags: int) -> int:
    file.seek(entry.start)
    head = file.read(30)
    if len(head) < 30 or head[:4] != _LOCAL:
        raise BadArchive(f"{entry.name} has no header where the directory says")
    own_flags, method = struct.unpack("<2H", head[6:10])
    crc, packed, size, names, extras = struct.unpack("<3L2H", head[14:30])
    name = _text(file.read(names))
    said = not flags & 8
    if name != entry.name or own_flags != flags or method:
        raise BadArchive(f"the header of {entry.name} contradicts the directory")
    if said and _FULL not in (packed, size) and (crc, packed, size) != (entry.crc, entry.size, entry.size):
        raise BadArchive(f"the header of {entry.name} contradicts the directory")
    return int(entry.start + 30 + names + extras)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadArchive("a member's name is no text") from error
