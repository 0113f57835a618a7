"""The files below a folder, links followed, nothing passed over in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from numa_benchmarks.labels.left_out import LeftOut
from numa_runtime.sources.suffixes import is_image, natural_key

_LABELS = frozenset({".txt", ".json", ".yaml", ".yml", ".cache", ".csv", ".xml", ".md", ".npy"})
"""What lies beside images and is none."""


def images_below(folder: Path, left_out: LeftOut) -> list[Path]:
    """Return the images of a folder and of the folders in it, linked ones too, in natural order.

    Broken links and files that are neither images nor labels are counted in `left_out`.
    """
    found = []
    for path in _files(folder):
        if is_image(path) and path.exists():
            found.append(path)
        elif not path.exists():
            left_out.add("link that leads nowhere", str(path))
        elif path.suffix.lower() not in _LABELS and not path.name.startswith("."):
            left_out.add(f"file that is no image we read ({path.suffix.lower() or 'no suffix'})", str(path))
    return sorted(found, key=natural_key)


def _files(folder: Path) -> Iterator[Path]:
    """Yield every file; a folder that links lead to twice, or into itself, is walked once."""
    seen: set[tuple[int, int]] = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        yield from (Path(place, name) for name in files)
