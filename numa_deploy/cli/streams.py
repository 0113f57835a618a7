"""Standard streams that end no run: closed, full, unread, or of a console that knows few letters."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TextIO


class _Bottom(io.RawIOBase):
    """Passes bytes on; what cannot be written is dropped, and the first reason kept."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def write(self, data: Any) -> int:
        """Write some of `data`; waits for a pipe that was set to refuse instead of waiting."""
        while self.failure is None:
            try:
                written = self._raw.write(data)
            except OSError as error:
                self.failure = error
            else:
                if written is not None:
                    return int(written)
                select.select([], [self._raw], [], 1.0)
        return len(data)


@dataclass(frozen=True, slots=True)
class Streams:
    """The two streams of a command, as far as they are real ones.

    Attributes:
        out: under standard output; None where that is closed or somebody else's.
    """

    out: _Bottom | None

    def failure(self) -> OSError | None:
        """Return why standard output did not take everything; None where it did, or where nobody reads on."""
        with suppress(ValueError):  # closed meanwhile
            sys.stdout.flush()
        failed = None if self.out is None else self.out.failure
        return None if failed is None or failed.errno in (errno.EPIPE, errno.EINVAL) else failed


@contextmanager
def safe_streams() -> Iterator[Streams]:
    """Replace standard output and error, within the block, by streams that never raise.

    Letters that the console's encoding does not have are written escaped. A closed one (`2>&-`, a daemon, pythonw) is
    replaced by nothing at all, and so is its number: the next file that is opened would get it, and with it what
    native libraries write there. Streams that are not the interpreter's own (a test's, a notebook's) are left alone.
    """
    _occupy()
    before = sys.stdout, sys.stderr
    out, sys.stdout = _safe(sys.stdout, sys.__stdout__)
    _, sys.stderr = _safe(sys.stderr, sys.__stderr__)
    try:
        yield Streams(out)
    finally:
        for stream, own in zip((sys.stdout, sys.stderr), before, strict=True):
            if stream is not own:
                with suppress(ValueError, OSError):
                    stream.close()  # writes the rest; what is under it stays open
        sys.stdout, sys.stderr = before


def no_output() -> bool:
    """Whether standard output is closed."""
    return getattr(sys.stdout, "name", "") == os.devnull


def _occupy() -> None:
    """Open /dev/null under the numbers 0, 1 and 2 as far as they are free."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, so this one


def _safe(stream: TextIO | None, own: TextIO | None) -> tuple[_Bottom | None, TextIO]:
    if stream is None:
        return None, open(os.devnull, "w", encoding="utf-8")
    if stream is not own or not isinstance(stream, io.TextIOWrapper):
        return None, stream
    with suppress(OSError):
        stream.flush()
    bottom = _Bottom(getattr(stream.buffer, "raw", stream.buffer))  # python -u has no buffer between
    return bottom, io.TextIOWrapper(
        io.BufferedWriter(bottom),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
