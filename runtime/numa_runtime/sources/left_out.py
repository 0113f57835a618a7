"""What of a folder is no frame, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from numa_runtime.words import count

KINDS = 6
"""Kinds that are named; the rest is counted."""


def left_out(entries: Sequence[Path]) -> str:
    """Return "3 .txt, 2 folders, 1 broken link (cam.mp4)", the most frequent first."""
    groups: dict[str, list[Path]] = {}
    for entry in entries:
        groups.setdefault(_kind(entry), []).append(entry)
    counts = Counter({kind: len(group) for kind, group in groups.items()}).most_common()
    parts = [f"{_counted(kind, number)}{_named(kind, groups[kind])}" for kind, number in counts[:KINDS]]
    more = sum(number for _, number in counts[KINDS:])
    return ", ".join([*parts, _counted("other", more)] if more else parts)


def _kind(entry: Path) -> str:
    try:
        if entry.is_dir():
            return "folder"
        if entry.is_file():
            return entry.suffix.lower() or "file without a suffix"
        return "broken link" if entry.is_symlink() else "special file"
    except OSError:
        return "unreadable file"


def _counted(kind: str, number: int) -> str:
    if kind.startswith(".") or kind == "other":
        return f"{number} {kind}"
    return count(number, kind, kind.replace("file", "files", 1) if "file" in kind else "")


def _named(kind: str, group: Sequence[Path]) -> str:
    return f" ({group[0].name}{', ...' if len(group) > 1 else ''})" if kind in ("broken link", "special file") else ""
