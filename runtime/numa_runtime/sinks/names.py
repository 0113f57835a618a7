"""Names for what is written: unique inside one run, and safe on any file system."""

from __future__ import annotations

import re
from pathlib import Path

from numa_runtime.paths import cut

STEM_BYTES = 160
"""Leaves room in 255 bytes for a frame's number, a suffix and the mark of an unfinished file."""

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+')
_NO_TEXT = re.compile(r"[\udc80-\udcff]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Devices of Windows, whatever their suffix: https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""

_SEPARATORS = re.compile(r"[/\\]+")


def safe_name(text: str, fallback: str = "run") -> str:
    """Return `text` (a file name, a stream's URL) as a name that any file system takes and no command reads as a flag.

    Characters that some system refuses, or that a terminal obeys, become "_"; a byte that is no UTF-8 becomes "xe9".
    """
    body = text.partition("://")[2] or text
    body = _NO_TEXT.sub(lambda byte: f"x{ord(byte.group()) - 0xDC00:02x}", body)
    name = cut(_UNSAFE.sub("_", body).lstrip(" ._-"), STEM_BYTES).rstrip(" ._") or fallback
    return f"_{name}" if _RESERVED.match(name) else name


def safe_folders(text: str, fallback: str) -> tuple[str, ...]:
    """Return the names of nested folders, safe each, that "day1/cam2" asks for; ".." and empty ones are left out."""
    names = tuple(filter(None, (safe_name(part, "") for part in _SEPARATORS.split(text))))
    return names or (safe_name(fallback),)


class UniqueNames:
    """Gives each name once: "a.jpg", then "a-2.jpg" for another a.jpg of the same run."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def take(self, stem: str, suffix: str) -> str:
        """Return `stem + suffix`, or the next free `stem-N + suffix`; case does not make a difference."""
        name, number = f"{stem}{suffix}", 2
        while name.lower() in self._given:
            name, number = f"{stem}-{number}{suffix}", number + 1
        self._given.add(name.lower())
        return name


def frame_stem(path: str, frame_index: int, *, many_per_file: bool) -> str:
    """Return a stem for one frame's own file: the image's, or "match_12" (from 1) for frame 11 of match.mp4."""
    stem = safe_name(Path(path).stem, "frame") if path else "frame"
    return f"{stem}_{frame_index + 1}" if many_per_file or not path else stem
