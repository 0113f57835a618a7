"""What every source gives: frames, one medium after the other, each medium with one timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Protocol, runtime_checkable

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame

NOMINAL_FPS = 30.0
"""Frames per second where a medium has no clock (images, arrays) and nobody says its rate."""


class MediaKind(Enum):
    """What a medium is."""

    IMAGES = "images"
    VIDEO = "video"
    STREAM = "stream"
    WEBCAM = "webcam"
    ARRAYS = "arrays"

    @property
    def live(self) -> bool:
        """Whether frames come at their own pace, and are lost when they are not read in time."""
        return self in (MediaKind.STREAM, MediaKind.WEBCAM)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is known of a medium before its first frame is used.

    Attributes:
        kind: images, video, stream, webcam or arrays.
        name: short ("match.mp4").
        path: the full path or URL ("" for arrays).
        width: pixels as shown (rotation metadata applied), of the first frame.
        height: pixels as shown (rotation metadata applied), of the first frame.
        fps: the average rate; of media without a clock (images, arrays) what `frame_rate` says, or None.
        frame_count: source frames (before vid_stride) as the header promises, so use it for a progress bar and not
            for an array size. None when unknown.
        vid_stride: only every frame of so many is given.
        pixel_aspect: how much wider than high a pixel is to be shown; pictures are not stretched by it.
        pictures: whether there is anything to see; without, no sink is given a picture.
    """

    kind: MediaKind
    name: str
    path: str
    width: int
    height: int
    fps: float | None = None
    frame_count: int | None = None
    vid_stride: int = 1
    pixel_aspect: Fraction = Fraction(1)
    pictures: bool = True

    @property
    def output_fps(self) -> float:
        """Frames per second as they are given: every `vid_stride`-th of `fps`, or of the nominal rate without one."""
        return (self.fps or NOMINAL_FPS) / self.vid_stride

    @property
    def live(self) -> bool:
        """Whether frames come at their own pace (stream, webcam)."""
        return self.kind.live


@dataclass(frozen=True, slots=True, eq=False)
class SourceFrame:
    """One frame.

    Attributes:
        image: uint8 (height, width, 3) BGR, C-contiguous.
        path: the file it came from, or the stream's URL.
        index: frame number in its medium from 0, counting source frames before vid_stride (and, for streams,
            dropped ones).
        timestamp: seconds from the first frame: presentation time for video, wall clock for streams and webcams,
            index / `frame_rate` (30 unless it is said) for media without a clock.
    """

    image: Frame
    path: str
    index: int
    timestamp: float


@dataclass(frozen=True, slots=True)
class FramePlace:
    """Where a frame is, without its picture; path, index and timestamp as those of `SourceFrame`."""

    path: str
    index: int
    timestamp: float


@dataclass(slots=True)
class Counters:
    """What happened while reading.

    Attributes:
        read: source frames read.
        dropped: of these, live frames that were not read in time.
        damaged: image files or packets that could not be decoded.
        reconnects: how often a lost stream was opened again.
    """

    read: int = 0
    dropped: int = 0
    damaged: int = 0
    reconnects: int = 0


class Media(Protocol):
    """One thing with one timeline: a tracker starts again for each.

    Iterate it for its frames. Leaving the loop early is fine: threads end and files close with the iterator.
    """

    @property
    def info(self) -> MediaInfo: ...
    @property
    def counters(self) -> Counters: ...

    def __iter__(self) -> Iterator[SourceFrame]: ...

    def read(self, index: int) -> Frame:
        """Read frame `index` again, also after `close`.

        Raises:
            SourceError: the frame does not exist, or the medium cannot be read twice (streams, iterators).
        """
        ...

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads frame `index`, the one given last, again; it can be pickled, and holds nothing open.

        Called, it raises what `read` raises.
        """
        ...

    def close(self) -> None:
        """Release files, devices and threads; harmless when repeated."""
        ...


@runtime_checkable
class Listed(Protocol):
    """A medium whose frames are known without being read."""

    def places(self) -> Iterator[FramePlace]: ...


def cannot_read_again(name: str, index: int) -> SourceError:
    """Return the error of media whose frames are gone once given."""
    return SourceError(
        f"frame {index} of {name} cannot be read again",
        hint="use each frame inside the loop that gets it (stream=True)",
    )


def refuse_again(name: str, index: int) -> Frame:
    """Raise `cannot_read_again`: the reader of such media."""
    raise cannot_read_again(name, index)


def no_such_frame(name: str, index: int, count: int) -> SourceError:
    """Return the error for an index outside a medium."""
    return SourceError(f"{name} has no frame {index}: it has {count}")
