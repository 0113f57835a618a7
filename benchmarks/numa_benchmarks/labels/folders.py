"""The images of a split: of folders, links followed, and of lists; nothing passed over in silence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PureWindowsPath

from numa_benchmarks.labels.errors import DataError, read_text
from numa_benchmarks.labels.left_out import UNREADABLE, LeftOut
from numa_runtime.sources.suffixes import is_image, natural_key

_LABELS = frozenset({".txt", ".json", ".yaml", ".yml", ".cache", ".csv", ".xml", ".md", ".npy"})
"""What lies beside images and is none."""


def images_of(places: Iterable[Path], root: Path, left_out: LeftOut) -> list[Path]:
    """Return the images of folders, list files and names, each once, in their order.

    Args:
        places: what the split names.
        root: the data's folder; names in lists may be relative to it.
        left_out: counts what is no image, is not there, or comes a second time.
    """
    found: dict[Path, Path] = {}
    for place in places:
        for image in _images(place, root, left_out):
            # Links of two names may show one picture twice on purpose; the same name in the same folder does not.
            if found.setdefault(image.parent.resolve() / image.name, image) is not image:
                left_out.add("image that is named twice, counted once", str(image))
    return list(found.values())


def _images(place: Path, root: Path, left_out: LeftOut) -> Iterator[Path]:
    """Yield the images of a folder (and the folders in it), of a list file, or the one image itself."""
    if place.is_dir():
        yield from images_below(place, left_out)
    elif place.suffix.lower() == ".txt":
        for line in filter(None, map(str.strip, read_text(place, "a list of images").splitlines())):
            image = _listed(line, place.parent, root)
            if image.is_file():
                yield image
            else:
                left_out.refuse(UNREADABLE, DataError(f"the image {image} does not exist", hint=f"{place} names it"))
    elif is_image(place):
        yield place


def _listed(line: str, folder: Path, root: Path) -> Path:
    """Return the image that a line of a list means: relative to the list, to the data's folder, or to this one.

    As users know it, ./ is the list's own folder; names that Windows wrote have backslashes.
    """
    for name in dict.fromkeys((line, PureWindowsPath(line).as_posix())):
        for image in (folder / name, root / name, Path(name)):
            if image.is_file():
                return image
    return folder / line


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
