"""Reading a recording, whole or cut."""

from __future__ import annotations

import logging
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile

from numa_runtime.errors import SourceError
from numa_runtime.paths import expand
from numa_runtime.recording.chunks import last_index, unpack
from numa_runtime.recording.header import CHUNK, END, HEADER, PICTURE, RecordingHeader, read_header
from numa_runtime.results import Results

log = logging.getLogger("numa_runtime")


DAMAGE = (ValueError, KeyError, IndexError, OSError, EOFError, BadZipFile, zlib.error)
"""What reading a damaged block raises."""


class Place(NamedTuple):
    """Where something lies in the file, in bytes."""

    start: int
    size: int


class Recording:
    """What was found in every frame of a medium; iterate it for `Results` that are not tracked yet.

        for result in Recording("match.numa"):
            print(result.timestamp, result.boxes.xyxy)

    A file that is cut, by a full disk or a broken transfer, is read up to the cut, and that is said once.

    Attributes:
        path: the file.
        header: what it says of itself.
        pictures: where the JPEG of a frame lies, by the frame's index.
        whole: whether it ends as it should.

    Raises:
        SourceError: there is no such file, it is no recording, or one of another version.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = expand(path, SourceError)
        self.pictures: dict[int, Place] = {}
        self._chunks: list[Place] = []
        self.whole = False
        try:
            with self.path.open("rb") as file:
                self.header = self._index(file.seek(0, 2), file)
        except FileNotFoundError:
            raise SourceError(f"the recording {self.path} does not exist") from None
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read: {error.strerror or error}") from error
        if not self.whole:
            log.warning("%s is cut: it is read up to the cut", self.path)

    def _index(self, size: int, file: BinaryIO) -> RecordingHeader:
        """Note where everything lies; return the header."""
        header: RecordingHeader | None = None
        file.seek(0)
        try:
            with tarfile.open(fileobj=file, mode="r:") as tar:
                for member in tar:
                    place = Place(member.offset_data, member.size)
                    if place.start + place.size > size:
                        break  # the last one, and cut
                    if header is None:
                        header = self._header(member.name, tar, member)
                    self._note(member.name, place)
        except tarfile.TarError:
            if header is None:
                raise SourceError(f"{self.path} is no recording, or cut within its first bytes") from None
        if header is None:
            raise SourceError(f"{self.path} is no recording, or cut within its first bytes")
        return header

    def _header(self, name: str, tar: tarfile.TarFile, member: tarfile.TarInfo) -> RecordingHeader:
        data = tar.extractfile(member) if name == HEADER else None
        return read_header(b"" if data is None else data.read(), str(self.path))

    def _note(self, name: str, place: Place) -> None:
        if name.startswith(CHUNK):
            self._chunks.append(place)
        elif name.startswith(PICTURE):
            self.pictures[int(Path(name).stem)] = place
        self.whole = self.whole or name == END

    def __iter__(self) -> Iterator[Results]:
        """Yield each frame; a damaged block ends the recording, which is said."""
        names = dict(self.header.names)
        with self.path.open("rb") as file:
            for place in self._chunks:
                file.seek(place.start)
                try:
                    results = unpack(file.read(place.size), names)
                except DAMAGE as error:
                    log.warning("%s is damaged at byte %d and read up to there: %s", self.path, place.start, error)
                    return
                yield from results

    @property
    def frame_count(self) -> int:
        """How many frames the medium had up to the last one that is recorded; 0: none is."""
        if not self._chunks:
            return 0
        with self.path.open("rb") as file:
            file.seek(self._chunks[-1].start)
            try:
                return last_index(file.read(self._chunks[-1].size)) + 1
            except DAMAGE:
                return 0

    @property
    def has_features(self) -> bool:
        """Whether detections have appearance features."""
        first = next((result.detections for result in self if len(result.detections)), None)
        return first is not None and first.features is not None

    def picture(self, index: int) -> bytes:
        """Return the JPEG of a frame, b"" where there is none."""
        place = self.pictures.get(index)
        if place is None:
            return b""
        with self.path.open("rb") as file:
            file.seek(place.start)
            return file.read(place.size)
