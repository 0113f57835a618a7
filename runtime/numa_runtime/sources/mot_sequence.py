"""MOTChallenge folders as sources: SEQUENCE/img1 with what SEQUENCE/seqinfo.ini says of it, or many sequences."""

from __future__ import annotations

import glob
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from numa_runtime.errors import SourceError
from numa_runtime.paths import exists, expand
from numa_runtime.results.result import Frame
from numa_runtime.sources import seqinfo
from numa_runtime.sources.base import (
    NOMINAL_FPS,
    Counters,
    FramePlace,
    Media,
    MediaInfo,
    MediaKind,
    SourceFrame,
    cannot_read_again,
    refuse_again,
)
from numa_runtime.sources.find import find_files
from numa_runtime.sources.images import ImageSequence
from numa_runtime.sources.mot_places import DETECTIONS
from numa_runtime.sources.suffixes import is_image, is_video, natural_key

log = logging.getLogger("numa_runtime")


@dataclass(frozen=True, slots=True)
class SequenceFolder:
    """A sequence: its folder, and the folder of its images, None where there are none."""

    folder: Path
    images: Path | None

    @property
    def name(self) -> str:
        """What results and labels call it: the folder's name."""
        return self.folder.resolve().name


def find_sequences(text: str | Path) -> list[SequenceFolder]:
    """Return the sequences that a path or pattern stands for: one, those in a folder, or none where it is no such.

    SEQUENCE/img1 is SEQUENCE. Folders that hold pictures or videos themselves are no sequences.

    Raises:
        SourceError: a seqinfo.ini that cannot be read.
    """
    path = expand(text, SourceError)
    if not exists(path) and glob.has_magic(str(path)):
        folders = sorted((Path(match) for match in glob.glob(str(path))), key=natural_key)
        return [found for folder in folders if folder.is_dir() for found in [_sequence(folder)] if found is not None]
    if not path.is_dir():
        return []
    whole = path.resolve()
    if whole.name == _images_word(whole.parent) and _holds_media(path):
        return [SequenceFolder(path.parent if path.name == whole.name else whole.parent, path)]
    if _holds_media(path):
        return []
    one = _sequence(path)
    if one is not None:
        return [one]
    inner = sorted((folder for folder in path.iterdir() if folder.is_dir()), key=natural_key)
    return [found for folder in inner for found in [_sequence(folder)] if found is not None]


def open_sequence(
    found: SequenceFolder, *, vid_stride: int = 1, frame_rate: float | None = None, unseen: bool = False
) -> Media:
    """Open a sequence as a video whose frames are images.

    Args:
        found: the sequence.
        vid_stride: give every n-th frame.
        frame_rate: frames per second, in place of what seqinfo.ini says.
        unseen: it may have no images.

    Raises:
        SourceError: there are no images, or seqinfo.ini cannot be read.
    """
    file = found.folder / seqinfo.NAME
    said = seqinfo.read_seqinfo(file) if file.is_file() else None
    fps = frame_rate or (said.fps if said is not None else None)
    if found.images is None:
        if not unseen:
            raise SourceError(
                f"{found.name} has no images: {found.folder / _images_word(found.folder)} is missing",
                hint=f"--detections {DETECTIONS} tracks detections that are given",
            )
        return UnseenSequence(found, said, vid_stride=vid_stride, fps=fps)
    paths = find_files(found.images).images
    if said is not None and said.frames != len(paths):
        log.warning("%s has %d images, and %s says %d frames", found.name, len(paths), seqinfo.NAME, said.frames)
    numbers = _numbers(paths)
    media = ImageSequence(paths, found.name, vid_stride=vid_stride, frame_rate=fps, numbers=numbers)
    media.info = replace(media.info, kind=MediaKind.VIDEO, path=str(found.folder), fps=fps or NOMINAL_FPS)
    return media


def _numbers(paths: Sequence[Path]) -> list[int] | None:
    """Return the frames' numbers from 0 that MOTChallenge's names say (000001.jpg), None where they say nothing.

    So a lost image is a frame that is missing, and does not shift those after it.
    """
    if not all(path.stem.isascii() and path.stem.isdecimal() for path in paths):
        return None
    numbers = [int(path.stem) for path in paths]
    first = min(numbers[0], 1)
    return [number - first for number in numbers] if len(set(numbers)) == len(numbers) else None


class UnseenSequence:
    """A sequence without images, of which only the detections are known; its frames can be counted, not read.

    Args:
        found: the sequence.
        said: what its seqinfo.ini says; None: it has none, and `info.frame_count` is None.
        vid_stride: give every n-th frame.
        fps: frames per second; None: 30.
    """

    def __init__(
        self, found: SequenceFolder, said: seqinfo.SequenceInfo | None, *, vid_stride: int, fps: float | None
    ) -> None:
        self._fps = fps or NOMINAL_FPS
        self.counters = Counters()
        height, width = (0, 0) if said is None else said.shape
        self.info = MediaInfo(
            MediaKind.VIDEO,
            found.name,
            str(found.folder),
            width,
            height,
            self._fps,
            None if said is None else said.frames,
            vid_stride,
            pictures=False,
        )

    def places(self) -> Iterator[FramePlace]:
        """Give index and time of each frame that seqinfo.ini counts."""
        for index in range(0, self.info.frame_count or 0, self.info.vid_stride):
            yield FramePlace(self.info.path, index, index / self._fps)

    def __iter__(self) -> Iterator[SourceFrame]:
        raise cannot_read_again(self.info.name, 0)

    def read(self, index: int) -> Frame:
        """Raise: there is nothing to read."""
        raise cannot_read_again(self.info.name, index)

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what raises when it is called."""
        return partial(refuse_again, self.info.name, index)

    def close(self) -> None:
        """Do nothing: nothing is open."""


def _sequence(folder: Path) -> SequenceFolder | None:
    """Return a folder as a sequence, None where nothing of MOTChallenge is in it."""
    if _holds_media(folder):
        return None
    images = folder / _images_word(folder)
    if images.is_dir() and _holds_media(images):
        return SequenceFolder(folder, images)
    known = ((folder / name).is_file() for name in (seqinfo.NAME, DETECTIONS, Path("gt", "gt.txt")))
    return SequenceFolder(folder, None) if any(known) else None


def _images_word(folder: Path) -> str:
    file = folder / seqinfo.NAME
    return seqinfo.read_seqinfo(file).images if file.is_file() else seqinfo.IMAGES


def _holds_media(folder: Path) -> bool:
    try:
        return any(is_image(entry) or is_video(entry) for entry in folder.iterdir())
    except OSError:
        return False
