"""Writing a recording: a tar archive that is whole up to wherever it is cut."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.files import discard, explain_os_error, partial_path
from numa_runtime.partials import sweep_once
from numa_runtime.recording.chunks import pack
from numa_runtime.recording.header import CHUNK, END, HEADER, PICTURE, RecordingHeader
from numa_runtime.results import Results

FRAMES = 32
"""Frames of one block: what is lost at most where a file is cut, and few enough to be kept in memory."""


class RecordingWriter:
    """Writes one medium: the header, then blocks of frames with their pictures before them.

    The file gets its name when it is complete.

    Args:
        final: the file.
        header: what is known before the first frame.

    Raises:
        SinkError: on opening, writing or closing: folder not writable, disk full.
    """

    def __init__(self, final: Path, header: RecordingHeader) -> None:
        self.final = final
        self._part = partial_path(final)
        self._waiting: list[Results] = []
        self._frames = 0
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            sweep_once(final.parent)
            self._file = self._part.open("wb")
            self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
            self._put(HEADER, header.to_json())
        except OSError as error:
            raise explain_os_error(final, error) from error

    def write(self, result: Results, picture: bytes = b"") -> None:
        """Append a frame that is not tracked yet, and its picture as JPEG if there is one."""
        try:
            if picture:
                self._put(f"{PICTURE}{result.frame_index:09d}.jpg", picture)
            self._waiting.append(result.new(orig_img=None, reader=None))
            if len(self._waiting) == FRAMES:
                self._flush()
        except OSError as error:
            self.abort()
            raise explain_os_error(self.final, error) from error

    def close(self) -> Path:
        """Finish the file and give it its name."""
        try:
            self._flush()
            self._put(END, f'{{"frames": {self._frames}}}'.encode())
            self._tar.close()
            self._file.close()
            os.replace(self._part, self.final)
        except OSError as error:
            self.abort()
            raise explain_os_error(self.final, error) from error
        return self.final

    def abort(self) -> None:
        """Remove what was written; never raises."""
        try:
            self._file.close()
            discard(self._part)
        except (OSError, SinkError):
            return

    def _flush(self) -> None:
        if self._waiting:
            self._put(f"{CHUNK}{self._waiting[0].frame_index:09d}.npz", pack(self._waiting))
            self._file.flush()
            self._frames += len(self._waiting)
            self._waiting.clear()

    def _put(self, name: str, data: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        self._tar.addfile(member, io.BytesIO(data))
