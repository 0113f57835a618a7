"""From what a user typed to image and video files: folders, globs, single files, and clear refusals."""

from __future__ import annotations

import errno
import glob
import logging
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from numa_runtime.errors import SourceError, nearest
from numa_runtime.paths import exists, expand
from numa_runtime.sources.heif import is_sequence
from numa_runtime.sources.left_out import left_out
from numa_runtime.sources.picture_header import kind_of
from numa_runtime.sources.suffixes import is_image, is_model, is_video, natural_key
from numa_runtime.text import is_text

log = logging.getLogger("numa_runtime")

_READABLE = "images (jpg, png, ...), videos (mp4, avi, mkv, ...), folders and globs of these"

_HEIF = (".heic", ".heif", ".hif")


@dataclass(slots=True)
class FoundFiles:
    """Files by kind, each in the order they are to be read."""

    images: list[Path] = field(default_factory=list)
    videos: list[Path] = field(default_factory=list)

    def add(self, other: FoundFiles) -> None:
        """Append another find."""
        self.images += other.images
        self.videos += other.videos

    def __len__(self) -> int:
        return len(self.images) + len(self.videos)


def find_files(text: str | Path) -> FoundFiles:
    """Return the images and videos a path, folder or glob pattern stands for.

    A path that exists is never taken as a pattern. Folders and patterns are sorted in natural order; what they hold
    besides images and videos is counted in one warning.

    Raises:
        SourceError: nothing is found (the nearest name is given), or nothing readable.
    """
    path = expand(text, SourceError)
    mode = _mode(path)
    if mode is None:
        if glob.has_magic(str(path)):
            return _matching(path)
        raise _missing(path)
    if stat.S_ISDIR(mode):
        return _in_folder(path)
    if not stat.S_ISREG(mode):
        raise _special(path, mode)
    return _file(path)


def _mode(path: Path) -> int | None:
    """Return what kind of thing is there, None for nothing.

    Raises:
        SourceError: it may not be looked at.
    """
    try:
        return path.stat().st_mode
    except ValueError as error:
        raise SourceError(f"{str(path)!r} is not a path: {error}") from error
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        if error.errno == errno.ENAMETOOLONG and glob.has_magic(str(path)):
            return None
        raise SourceError(
            f"{path} cannot be read: {error.strerror or error}", hint="may this user enter its folder?"
        ) from error


def _special(path: Path, mode: int) -> SourceError:
    """Refuse what is no file: opening it may wait for ever."""
    kinds = {stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFBLK: "disk", stat.S_IFCHR: "device"}
    number = path.name.removeprefix("video")
    if stat.S_ISCHR(mode) and path.parent == Path("/dev") and number.isdecimal():
        return SourceError(f"{path} is a camera's device, not a file", hint=f"cameras go by number: --source {number}")
    return SourceError(
        f"{path} is a {kinds.get(stat.S_IFMT(mode), 'special file')}, not an image or video: it may never end",
        hint="write a file first, or send a stream:\n"
        "ffmpeg -i IN -f mpegts 'tcp://127.0.0.1:9000?listen'\nnuma-deploy track --source tcp://127.0.0.1:9000",
    )


def _in_folder(folder: Path) -> FoundFiles:
    try:
        entries = sorted(folder.iterdir(), key=natural_key)
    except OSError as error:
        raise SourceError(f"the folder {folder} cannot be read: {error.strerror or error}") from error
    found = _by_suffix(entries)
    if found:
        _say_left_out(str(folder), entries, found)
        return found
    inner = next((entry for entry in entries if entry.is_dir() and _has_media(entry)), None)
    raise SourceError(
        f"the folder {folder} is empty"
        if not entries
        else f"the folder {folder} holds no image or video ({left_out(entries)})",
        hint=f"its folder {inner.name} does: {inner}" if inner else f"frames are read from {_READABLE}",
    )


def _has_media(folder: Path) -> bool:
    try:
        return any(is_image(entry) or is_video(entry) for entry in folder.iterdir())
    except OSError:
        return False


def _matching(pattern: Path) -> FoundFiles:
    matches = sorted((Path(match) for match in glob.glob(_escaped(pattern), recursive=True)), key=natural_key)
    found = _by_suffix(matches)
    if found:
        _say_left_out(str(pattern), [match for match in matches if not match.is_dir()], found)
        return found
    if matches:
        raise SourceError(
            f"{pattern} matches {left_out(matches)}, none of it an image or video",
            hint=f"frames are read from {_READABLE}",
        )
    raise SourceError(
        f"{pattern} matches no file", hint="put quotes around a pattern, so that the shell leaves it alone"
    )


def _escaped(pattern: Path) -> str:
    """Return the pattern with the folders that exist by its very letters ("cam[1]/*.jpg") taken as they are."""
    parent = next((folder for folder in pattern.parents if exists(folder)), Path())
    return str(Path(glob.escape(str(parent)), pattern.relative_to(parent)))


def _by_suffix(paths: list[Path]) -> FoundFiles:
    found = FoundFiles()
    for path in paths:
        if not path.name.startswith(".") and path.is_file() and (is_image(path) or is_video(path)):
            found.add(_by_name(path))
    return found


def _by_name(path: Path) -> FoundFiles:
    """Sort a file with a telling name; that of HEIC does not tell a picture from a film."""
    film = is_video(path)
    if path.suffix.lower() in _HEIF:
        with suppress(SourceError):  # told, and skipped among others, when it is to be read
            film = is_sequence(_head(path))
    return FoundFiles(videos=[path]) if film else FoundFiles(images=[path])


def _say_left_out(where: str, entries: list[Path], found: FoundFiles) -> None:
    taken = {*found.images, *found.videos}
    rest = [entry for entry in entries if entry not in taken and not entry.name.startswith(".")]
    if rest:
        log.warning("%s: %d of its files are read; left out: %s", where, len(found), left_out(rest))


def _file(path: Path) -> FoundFiles:
    return _by_name(path) if is_image(path) or is_video(path) else _by_content(path)


def _by_content(path: Path) -> FoundFiles:
    """Sort a file without a telling name by its first bytes; text and models are refused by name."""
    if path.suffix.lower() == ".streams":
        raise SourceError(
            f"{path} lists several streams, which one run does not read", hint="start one run for each of its URLs"
        )
    if path.suffix.lower() == ".numa":
        raise SourceError(f"{path} is a recording, not an image or video", hint=f"--replay {path}")
    if is_model(path):
        raise SourceError(f"{path} is a model, not an image or video", hint=f"did you mean --model {path}?")
    head = _head(path)
    if not head:
        raise SourceError(f"{path} is empty (0 bytes)", hint=f"frames are read from {_READABLE}")
    if is_text(head):
        raise SourceError(f"{path} is a text file, not an image or video", hint=f"frames are read from {_READABLE}")
    return FoundFiles(images=[path]) if kind_of(head) else FoundFiles(videos=[path])


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error


def _missing(path: Path) -> SourceError:
    """Name the first part of the path that does not exist, and an existing name that resembles it."""
    if path.is_symlink():
        return SourceError(f"{path} is a broken link: {os.readlink(path)} does not exist", hint="link it anew")
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
