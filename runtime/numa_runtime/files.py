"""Nothing half-written under a final name: write next to it, then rename."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from numa_runtime.errors import SinkError
from numa_runtime.partials import mark, sweep_once
from numa_runtime.paths import NAME_BYTES, cut

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def explain_os_error(path: Path, error: OSError, *, remedy: str = "choose another folder") -> SinkError:
    """Turn an `OSError` met while writing `path` into a sentence with a way out.

    Args:
        path: what was to be written.
        error: what the system said.
        remedy: how the caller's user gets another folder; a caller that knows the flag names it.
    """
    if error.errno in _FULL:
        return SinkError(f"{path}: the disk is full", hint=f"free some space or {remedy}")
    if error.errno in _CLOSED:
        return SinkError(f"{path}: the folder is not writable", hint=remedy)
    if error.errno == errno.ENAMETOOLONG:
        return SinkError(f"{path}: its name is longer than the disk takes", hint="choose a shorter name")
    if error.errno == errno.EISDIR:
        return SinkError(f"{path} is a folder, not a file", hint=f"name a file in it: {path / 'name'}")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return SinkError(f"{path}: a file is in the way where a folder is needed", hint=remedy)
    return SinkError(f"{path}: cannot be written: {error.strerror or error}")


def partial_path(final: Path) -> Path:
    """Return the temporary sibling that `final` is written to first (same suffix, so writers know the format)."""
    if not final.name:
        raise SinkError(f"{final} is a folder, not a file", hint=f"name a file in it: {final / 'name'}")
    ending = f".{mark()}{final.suffix}"
    stem, room = final.stem, NAME_BYTES - 1 - len(os.fsencode(ending))
    if len(os.fsencode(stem)) > room:  # the name itself fits, name and ending do not
        stem = f"{cut(stem, room - 9)}-{zlib.crc32(os.fsencode(final.name)):08x}"
    return final.with_name(f".{stem}{ending}")


def discard(path: Path) -> None:
    """Remove a file or folder if it exists; never raises for a missing one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def size_mb(path: Path) -> float:
    """Return the size of a file, or of all files in a folder, in megabytes (1e6 bytes)."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def check_name(final: Path) -> None:
    """Refuse what names no file: "", ".", "/".

    Raises:
        SinkError: with the name.
    """
    if not final.name:
        raise SinkError(f"{final}: this is a folder, and a file is to be written", hint=f"{final / 'result.json'}")


def check_target(final: Path) -> None:
    """Refuse before a long run what could not be written after it; nothing is made or touched.

    Raises:
        SinkError: it is a folder, lies in a file, or in a folder that is not writable.
    """
    check_name(final)
    if is_device(final):
        return
    try:
        if final.is_dir():
            raise SinkError(f"{final}: this is a folder, and a file is to be written", hint=f"{final / 'result.json'}")
        folder = next(parent for parent in final.parents if parent.exists())
        if not folder.is_dir():
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise explain_os_error(final, error) from error


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """Yield a temporary path; rename it to `final` on success, remove it on any exception.

    A link stays one, what it leads to is replaced; a file that is replaced keeps its permissions. What is no file
    (a named pipe, /dev/stdout, /dev/null) is never replaced: it is sent the content.

    Raises:
        SinkError: the folder cannot be made or written, or the disk is full.
    """
    check_name(final)
    if is_device(final):
        with _sent_to(final) as part:
            yield part
        return
    target = Path(os.path.realpath(final)) if final.is_symlink() else final
    part = partial_path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep_once(target.parent)
        yield part
        if part.is_dir() and target.is_dir():
            shutil.rmtree(target)
        elif target.is_file():
            part.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(part, target)
    except OSError as error:
        raise explain_os_error(final, error) from error
    finally:
        _discard_quietly(part)


def is_device(path: Path) -> bool:
    """Whether a path is neither a file nor a folder: a pipe, a device, one of this process's own streams."""
    if str(path).startswith(_STREAMS):
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def _sent_to(device: Path) -> Iterator[Path]:
    """Yield a temporary path; send what was written there to a pipe or character device."""
    try:
        with tempfile.TemporaryDirectory(prefix="numa-") as folder:
            part = Path(folder) / device.name
            yield part
            mode = device.stat().st_mode
            if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode) or part.is_dir():
                raise SinkError(f"{device} is no file, and nothing that can be sent one", hint="choose another name")
            with part.open("rb") as source, device.open("ab") as sink:
                shutil.copyfileobj(source, sink)
    except OSError as error:
        raise explain_os_error(device, error) from error


def _discard_quietly(path: Path) -> None:
    """Discard without hiding the error that is on its way (a part that never came to be cannot be removed)."""
    try:
        discard(path)
    except OSError:
        return


def append_text(path: Path, text: str) -> None:
    """Add UTF-8 text to a file, which is made where there is none.

    Raises:
        SinkError: the folder cannot be made or written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise explain_os_error(path, error) from error


class PartialText:
    """A UTF-8 text file that gets its final name when it is complete; for files written bit by bit.

    Lone surrogates, which UTF-8 has no bytes for, are written escaped, as JSON would.

    Raises:
        SinkError: on opening, writing or closing: folder not writable, disk full.
    """

    def __init__(self, final: Path) -> None:
        self.final = final
        self._part = partial_path(final)
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            sweep_once(final.parent)
            self._file: TextIO = self._part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise explain_os_error(final, error) from error

    def write(self, text: str) -> int:
        """Append `text`; returns its length, as csv writers expect of a file."""
        try:
            return self._file.write(text)
        except OSError as error:
            self.discard()
            raise explain_os_error(self.final, error) from error

    def commit(self) -> Path:
        """Close the file and give it its final name."""
        try:
            self._file.close()
            os.replace(self._part, self.final)
        except OSError as error:
            self.discard()
            raise explain_os_error(self.final, error) from error
        return self.final

    def discard(self) -> None:
        """Close the file and remove it; harmless after `commit`, when repeated, or on a full disk."""
        try:
            self._file.close()
        except OSError:
            pass  # what could not be flushed is thrown away anyway
        finally:
            _discard_quietly(self._part)
