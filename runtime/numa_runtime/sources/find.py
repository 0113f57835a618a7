"""From what a user typed to image and video files: folders, globs, single files, and clear refusals."""

from __future__ import annotations

import codecs
import glob
from dataclasses import dataclass, field
from pathlib import Path

from numa_runtime.errors import SourceError, nearest
from numa_runtime.paths import expand
from numa_runtime.sources.suffixes import is_image, is_model, is_video, natural_key

_READABLE = "images (jpg, png, ...), videos (mp4, avi, mkv, ...), folders and globs of these"


@dataclass(slots=True)
class FoundFiles:
    """Files by kind, each in the order they are to be read."""

    images: list[Path] = field(default_factory=list)
    videos: list[Path] = field(default_factory=list)

    def add(self, other: FoundFiles) -> None:
        """Append another find."""
        self.images += other.images
        self.videos += other.videos


def find_files(text: str | Path) -> FoundFiles:
    """Return the images and videos a path, folder or glob pattern stands for.

    A path that exists is never taken as a pattern. Folders and patterns are sorted in natural order.

    Raises:
        SourceError: nothing is found (the nearest name is given), or nothing readable.
    """
    path = expand(text)
    if path.is_dir():
        return _in_folder(path)
    if path.exists():
        return _file(path)
    if glob.has_magic(str(path)):
        return _matching(path)
    raise _missing(path)


def _in_folder(folder: Path) -> FoundFiles:
    try:
        entries = sorted(folder.iterdir(), key=natural_key)
    except OSError as error:
        raise SourceError(f"the folder {folder} cannot be read: {error.strerror or error}") from error
    found = _by_suffix(entries)
    if found.images or found.videos:
        return found
    files = sum(entry.is_file() for entry in entries)
    inner = next((entry for entry in entries if entry.is_dir() and _has_media(entry)), None)
    raise SourceError(
        f"the folder {folder} is empty"
        if not entries
        else f"the folder {folder} holds no image or video ({files} files)",
        hint=f"its folder {inner.name} does: {inner}" if inner else f"frames are read from {_READABLE}",
    )


def _has_media(folder: Path) -> bool:
    try:
        return any(is_image(entry) or is_video(entry) for entry in folder.iterdir())
    except OSError:
        return False


def _matching(pattern: Path) -> FoundFiles:
    matches = sorted((Path(match) for match in glob.glob(str(pattern), recursive=True)), key=natural_key)
    found = _by_suffix(matches)
    if found.images or found.videos:
        return found
    if matches:
        raise SourceError(
            f"{pattern} matches {len(matches)} files, none of them an image or video",
            hint=f"frames are read from {_READABLE}",
        )
    raise SourceError(
        f"{pattern} matches no file", hint="put quotes around a pattern, so that the shell leaves it alone"
    )


def _by_suffix(paths: list[Path]) -> FoundFiles:
    files = [path for path in paths if not path.name.startswith(".") and path.is_file()]
    return FoundFiles([path for path in files if is_image(path)], [path for path in files if is_video(path)])


def _file(path: Path) -> FoundFiles:
    if is_image(path):
        return FoundFiles(images=[path])
    if is_video(path):
        return FoundFiles(videos=[path])
    return _by_content(path)


def _by_content(path: Path) -> FoundFiles:
    """Sort a file without a telling name by its first bytes; text and models are refused by name."""
    if path.suffix.lower() == ".streams":
        raise SourceError(
            f"{path} lists several streams, which one run does not read", hint="start one run for each of its URLs"
        )
    if is_model(path):
        raise SourceError(f"{path} is a model, not an image or video", hint=f"did you mean --model {path}?")
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    if not head:
        raise SourceError(f"{path} is empty (0 bytes)", hint=f"frames are read from {_READABLE}")
    if _is_text(head):
        raise SourceError(f"{path} is a text file, not an image or video", hint=f"frames are read from {_READABLE}")
    return FoundFiles(images=[path]) if _is_picture(head) else FoundFiles(videos=[path])


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # not final: the last letter may be cut in two
    except UnicodeDecodeError:
        return False
    return True


def _is_picture(head: bytes) -> bool:
    """Whether the first bytes are those of JPEG, PNG, BMP, TIFF or WebP."""
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*")) or head[8:12] == b"WEBP"


def _missing(path: Path) -> SourceError:
    """Name the first part of the path that does not exist, and an existing name that resembles it."""
    missing = path
    while not missing.parent.exists() and missing.parent != missing:
        missing = missing.parent
    try:
        names = [entry.name for entry in missing.parent.iterdir()]
    except OSError:
        names = []
    close = nearest(missing.name, names)
    if missing is not path:
        return SourceError(f"{path} does not exist: there is no folder {missing}{close}")
    return SourceError(f"{path} does not exist{close}", hint="" if close else f"looked in {missing.parent.resolve()}")
