"""`open_source`: the one way to open everything frames can come from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from numa_runtime.errors import SourceError, UsageError
from numa_runtime.shown import public_url
from numa_runtime.sources.base import Media
from numa_runtime.sources.find import FoundFiles, find_files
from numa_runtime.sources.mot_sequence import SequenceFolder, find_sequences, open_sequence
from numa_runtime.sources.pixels import is_picture
from numa_runtime.sources.suffixes import url_name, url_scheme

log = logging.getLogger("numa_runtime")


Opener = Callable[[], Media]
"""Opens a medium when its turn comes."""


class Source:
    """Media, one after the other, each opened when its turn comes and closed when the next one's does.

    A single medium is opened at once, so that what is wrong with it is reported before a model is loaded. Among
    several, one that cannot be opened is skipped with a warning; if none can, the last error is raised.

    Attributes:
        name: what runs are called after.
        files: what is read from this machine's disk.
    """

    def __init__(self, name: str, openers: list[Opener], files: Sequence[Path] = ()) -> None:
        self.name = name
        self.files = tuple(files)
        self._openers = openers
        self._first: Media | None = self._openers[0]() if len(openers) == 1 else None
        self._current: Media | None = None

    def __len__(self) -> int:
        return len(self._openers)

    def __iter__(self) -> Iterator[Media]:
        opened, failure = 0, SourceError("nothing to read")
        try:
            for opener in self._openers:
                self._close_current()
                try:
                    self._current, self._first = self._first or opener(), None
                except SourceError as error:
                    if len(self._openers) == 1:
                        raise
                    log.warning("%s; it is skipped", error.what)
                    failure = error
                    continue
                opened += 1
                yield self._current
        finally:
            self._close_current()
        if not opened:
            raise failure

    def mapped(self, change: Callable[[Media], Media]) -> Source:
        """Return the source of what `change` makes of each medium; what it refuses is skipped, or raised, likewise."""

        def opener_of(opener: Opener) -> Opener:
            return lambda: change(opener())

        first, self._first = self._first, None
        openers = [opener_of(opener) for opener in self._openers] if first is None else [lambda: change(first)]
        return Source(self.name, openers, self.files)

    def _close_current(self) -> None:
        if self._current is not None:
            self._current.close()
            self._current = None

    def close(self) -> None:
        """Close whatever is open."""
        self._close_current()
        if self._first is not None:
            self._first.close()
            self._first = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Options:
    vid_stride: int
    stream_buffer: bool
    frame_rate: float | None
    unseen: bool


@dataclass(slots=True)
class _Heap:
    """Everything a source names, sorted: files, sequences, pictures in memory, live things."""

    files: FoundFiles = field(default_factory=FoundFiles)
    sequences: list[SequenceFolder] = field(default_factory=list)
    pictures: list[Any] = field(default_factory=list)
    live: list[Opener] = field(default_factory=list)


def open_source(
    source: Any,
    *,
    vid_stride: int = 1,
    stream_buffer: bool = False,
    frame_rate: float | None = None,
    unseen: bool = False,
) -> Source:
    """Open anything frames can come from.

    Images of one source are one medium (frames of a folder can be tracked), then come pictures in memory, then each
    video, each MOTChallenge sequence, and what is live. A list keeps its order; folders and patterns are sorted so that
    frame2 comes before frame10. A TIFF's pages and the frames of an animated WebP, PNG or AVIF are read where it is the
    only image.

    Args:
        source: an image or video file, a folder, a glob pattern, a MOTChallenge folder (of SEQUENCE/img1, or such a
            SEQUENCE), a webcam number (0 or "0"), a URL (rtsp, rtmp, tcp, udp, http), a uint8 numpy frame (BGR or
            grey), a PIL image, a list or tuple of any of these, or any other iterable of frames (read once).
        vid_stride: give every n-th frame.
        stream_buffer: live sources give every frame (up to 30 wait) instead of the newest.
        frame_rate: frames per second of what has no clock: images, arrays, raw streams in a file; 30 unless their
            header says another rate, and of sequences, whose seqinfo.ini is then not asked.
        unseen: sequences without images are media too.

    Raises:
        SourceError: nothing to read, and why.
        UsageError: vid_stride or frame_rate is not a positive number.
    """
    if isinstance(vid_stride, bool) or not isinstance(vid_stride, int) or vid_stride < 1:
        raise UsageError(f"vid_stride is {vid_stride!r}; it is a whole number from 1", hint="vid_stride=1 reads all")
    if frame_rate is not None and not 0 < frame_rate < float("inf"):
        raise UsageError(f"frame_rate is {frame_rate!r}; it is a number above 0", hint="frame_rate=25, for example")
    options = _Options(vid_stride, stream_buffer, frame_rate, unseen)
    if hasattr(source, "__iter__") and not isinstance(source, str | bytes | list | tuple) and not is_picture(source):
        return _from_iterator(iter(source), options)
    heap = _Heap()
    items = _items(source)
    for item in items:
        _sort_in(item, heap, options)
    return Source(_name(source, heap), _openers(source, heap, options), heap.files.images + heap.files.videos)


def _items(source: Any) -> list[Any]:
    """Return the things `source` names; a 4-D array is a batch of frames."""
    if isinstance(source, list | tuple):
        if not source:
            raise SourceError("the list given as source is empty", hint="give at least one frame or path")
        return list(source)
    if getattr(source, "ndim", 0) == 4 and is_picture(source):
        return list(source)
    return [source]


def _sort_in(item: Any, heap: _Heap, options: _Options) -> None:
    if isinstance(item, str) and item.isdecimal():
        item = int(item)
    if isinstance(item, int) and not isinstance(item, bool):
        heap.live.append(_webcam(item, options))
    elif isinstance(item, str) and url_scheme(item):
        heap.live.append(_url(item, options))
    elif isinstance(item, str | Path):
        sequences = find_sequences(item)
        if sequences:
            heap.sequences += sequences
        else:
            heap.files.add(find_files(item))
    elif is_picture(item):
        heap.pictures.append(item)
    else:
        raise SourceError(
            f"a {type(item).__name__} is not a source of frames",
            hint="give a path, folder, pattern, URL, webcam number, numpy frames or PIL images",
        )


def _openers(source: Any, heap: _Heap, options: _Options) -> list[Opener]:
    openers: list[Opener] = []
    if heap.files.images:
        openers.append(_images(heap.files.images, _name(source, heap), options))
    if heap.pictures:
        openers.append(_arrays(heap.pictures, options))
    openers += [_video(path, options) for path in heap.files.videos]
    openers += [_sequence(found, options) for found in heap.sequences]
    return openers + heap.live


def _from_iterator(frames: Iterator[Any], options: _Options) -> Source:
    """Open an iterator of frames, or of paths (a `Path.glob`), which are few enough to be listed."""
    first = next(frames, None)
    if isinstance(first, str | Path):
        return open_source([first, *frames], **asdict(options))
    return Source("frames", [_arrays(chain([] if first is None else [first], frames), options)])


def _name(source: Any, heap: _Heap) -> str:
    if len(heap.sequences) == 1 and not heap.files:
        return heap.sequences[0].name
    if isinstance(source, str | Path):
        text = str(source)
        scheme = url_scheme(text)
        if scheme:
            return url_name(text) if scheme in ("http", "https") else public_url(text)
        return Path(text).name or text
    if isinstance(source, int):
        return f"webcam {source}"
    files = heap.files.images + heap.files.videos
    if files:
        return files[0].name if len(files) == 1 else f"{len(files)} files"
    return "frames"


def _images(paths: list[Path], name: str, options: _Options) -> Opener:
    def open_it() -> Media:
        from numa_runtime.sources.images import ImageSequence
        from numa_runtime.sources.several import open_several

        several = open_several(paths[0], options.vid_stride, options.frame_rate) if len(paths) == 1 else None
        if several is not None:
            return several
        return ImageSequence(paths, name, vid_stride=options.vid_stride, frame_rate=options.frame_rate)

    return open_it


def _arrays(pictures: Any, options: _Options) -> Opener:
    def open_it() -> Media:
        from numa_runtime.sources.arrays import ArrayFrames

        return ArrayFrames(pictures, vid_stride=options.vid_stride, frame_rate=options.frame_rate)

    return open_it


def _video(path: Path, options: _Options) -> Opener:
    def open_it() -> Media:
        from numa_runtime.sources.video import VideoFile

        return VideoFile(path, vid_stride=options.vid_stride, frame_rate=options.frame_rate)

    return open_it


def _sequence(found: SequenceFolder, options: _Options) -> Opener:
    def open_it() -> Media:
        rate = options.frame_rate
        return open_sequence(found, vid_stride=options.vid_stride, frame_rate=rate, unseen=options.unseen)

    return open_it


def _url(url: str, options: _Options) -> Opener:
    def open_it() -> Media:
        from numa_runtime.sources.stream import open_stream

        return open_stream(url, vid_stride=options.vid_stride, every_frame=options.stream_buffer)

    return open_it


def _webcam(index: int, options: _Options) -> Opener:
    def open_it() -> Media:
        from numa_runtime.sources.webcam import open_webcam

        return open_webcam(index, vid_stride=options.vid_stride, every_frame=options.stream_buffer)

    return open_it
