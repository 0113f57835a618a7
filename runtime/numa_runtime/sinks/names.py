"""Names for what is written: unique inside one run, and safe on any file system."""

from __future__ import annotations

import re
from pathlib import Path

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def safe_name(text: str, fallback: str = "run") -> str:
    """Return `text` (a file name, a stream's URL) as a name without characters any file system refuses."""
    body = text.partition("://")[2] or text
    return _UNSAFE.sub("_", body).strip(" ._")[:100] or fallback


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
