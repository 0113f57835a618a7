"""Results in words: what was found, and what `print` shows of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from urllib.parse import urlsplit

import numpy as np

from numa_runtime.results.records import BallRecords, Detections

_MOST_ROWS = 10
_WIDEST = 24


def count_phrase(found: Detections, balls: BallRecords, names: Mapping[int, str]) -> str:
    """Return one phrase: "2 persons, 1 cup", or "nothing"."""
    counts = np.bincount(found.cls, minlength=1) if len(found) else np.zeros(1, int)
    parts = [f"{n} {names.get(c, str(c))}{'s' if n > 1 else ''}" for c, n in enumerate(counts) if n]
    if len(balls):
        parts.append(f"{len(balls)} ball{'s' if len(balls) > 1 else ''}")
    return ", ".join(parts) or "nothing"


def source_name(path: str) -> str:
    """Return a file's name, or of a URL the last part of its path, else its host: never what it was signed in with."""
    if "://" not in path:
        return PurePath(path).name
    parts = urlsplit(path)
    return PurePath(parts.path).name or parts.hostname or parts.scheme


def printable(text: str, longest: int = 60) -> str:
    """Return a text from a file as a terminal may show it: control characters escaped, cut where it is long."""
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."


def box_lines(found: Detections, names: Mapping[int, str]) -> Iterator[str]:
    """Yield the boxes as a table that is never longer than a screen."""
    kinds = [printable(names.get(cls, str(cls)), _WIDEST) for cls in found.cls[:_MOST_ROWS].tolist()]
    width = max(map(len, kinds), default=0)
    for at, kind in enumerate(kinds):
        track = f"#{found.id[at]:<4d} " if found.id[at] >= 0 else ""
        x1, y1, x2, y2 = found.xyxy[at].tolist()
        yield f"  {track}{kind:<{width}}  {found.conf[at]:.2f}  {x1:8.1f} {y1:8.1f} {x2:8.1f} {y2:8.1f}"
    if len(found) > _MOST_ROWS:
        yield f"  ... and {len(found) - _MOST_ROWS} more"
