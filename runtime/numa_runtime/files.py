"""Nothing half-written under a final name: write beside it, then rename."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numa_runtime.errors import SinkError


def explain_os_error(path: Path, error: OSError) -> SinkError:
    """Turn an `OSError` met while writing `path` into a sentence with a way out."""
    if error.errno == errno.ENOSPC:
        return SinkError(f"{path}: the disk is full", hint="free some space or choose another folder with --project")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SinkError(f"{path}: the folder is not writable", hint="choose another folder with --project")
    return SinkError(f"{path}: cannot be written: {error.strerror or error}")


def partial_path(final: Path) -> Path:
    """Return the temporary sibling that `final` is written to first (same suffix, so writers know the format)."""
    return final.with_name(f".{final.stem}.partial-{os.getpid()}{final.suffix}")


def discard(path: Path) -> None:
    """Remove a file or folder if it exists; never raises for a missing one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """Yield a temporary path; rename it to `final` on success, remove it on any exception.

    Raises:
        SinkError: the folder cannot be made or written, or the disk is full.
    """
    part = partial_path(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        yield part
        if part.is_dir() and final.is_dir():
            shutil.rmtree(final)
        os.replace(part, final)
    except OSError as error:
        raise explain_os_error(final, error) from error
    finally:
        discard(part)
