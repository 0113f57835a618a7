"""What marks an unfinished file as ours, and the removal of those that a killed process left."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import time
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

_BORN = time.time_ns() // 1_000_000
_MARK = re.compile(r"\..*\.partial-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-(?P<born>[0-9a-f]+)(\.[^.]*)?")
_swept: set[str] = set()


def mark() -> str:
    """Return the word of an unfinished file's name that says which machine's which process writes it."""
    return f"partial-{_host()}-{os.getpid()}-{_BORN:x}"


@cache
def _host() -> str:
    """Return this machine as eight digits; a container, whose process numbers are its own, is one by itself."""
    try:
        numbers = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        numbers = ""
    return f"{zlib.crc32(f'{socket.gethostname()} {numbers}'.encode()):08x}"


def sweep(folder: Path) -> int:
    """Remove what dead processes of this machine left unfinished in `folder`; return how many there were.

    Whatever another machine, a living process or another program may have made stays. Never raises.
    """
    removed = 0
    with suppress(OSError):
        for entry in [entry for entry in os.scandir(folder) if _is_stale(entry.name)]:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
                removed += 1
    return removed


def only_stale(folder: Path) -> bool:
    """Whether a folder, and each folder in it, holds something, and nothing but what `sweep` removes."""
    found = False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                inner = entry.is_dir(follow_symlinks=False) and not _is_stale(entry.name)
                if not (only_stale(Path(entry.path)) if inner else _is_stale(entry.name)):
                    return False
                found = True
    except OSError:
        return False
    return found


def sweep_once(folder: Path) -> None:
    """Do what `sweep` does where this process has not done it yet: a folder may get thousands of files, one by one."""
    place = os.path.abspath(folder)
    if place not in _swept:
        _swept.add(place)
        sweep(folder)


def _is_stale(name: str) -> bool:
    found = _MARK.fullmatch(name)
    if found is None or found["host"] != _host():
        return False
    pid = int(found["pid"])
    if pid == os.getpid():
        return found["born"] != f"{_BORN:x}"  # a container's first process has the same number in every life
    return not _lives(pid)


def _lives(pid: int) -> bool:
    if sys.platform == "win32":  # there os.kill is no question
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
