"""Media with detections from MOTChallenge text: their frames are read only where something is to be seen in them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import Detections, Frame, Results
from numa_runtime.sources.base import Counters, FramePlace, Listed, Media, MediaInfo, SourceFrame
from numa_runtime.sources.mot_places import find_detections
from numa_runtime.sources.mot_text import Rows, read_detections, rows_by_frame
from numa_runtime.sources.suffixes import media_stem
from numa_runtime.vision.draw import paint

log = logging.getLogger("numa_runtime")


class GivenMedia:
    """A medium and the detections that belong to its frames.

    Args:
        media: the frames.
        given: where the detections are: see `find_detections`.
        single: it is the only medium.
        look: whether its frames are to be read.

    Attributes:
        file: the detections'.
        names: class names by number.

    Raises:
        SourceError: the detections are missing, malformed, or beyond the last frame.
    """

    def __init__(self, media: Media, given: Path, *, single: bool, look: bool) -> None:
        self._media = media
        place = Path(media.info.path)
        name = media_stem(media.info.name)
        self.file = find_detections(name, place if place.is_dir() else place.parent, given, single=single)
        table = read_detections(self.file)
        self.info = _completed(media.info, table)
        last = int(table[:, 0].max(initial=0))
        exact = isinstance(media, Listed)  # a video's header only promises a number of frames
        frames = (self.info.frame_count or last) if exact else max(last, self.info.frame_count or 0)
        self._rows = rows_by_frame(table, frames, name)
        self.names = names_of(self._rows)
        self._look = look and media.info.pictures

    @property
    def counters(self) -> Counters:
        """What happened while reading."""
        return self._media.counters

    def scores(self) -> Iterator[NDArray[np.float64]]:
        """Yield the scores of each frame's detections."""
        return (rows[:, 4] for rows in self._rows)

    def results(self) -> Iterator[Results]:
        """Yield the detections of each frame; a frame of which nothing is given has none."""
        seen = 0
        for place, image in self._frames():
            seen = place.index + 1
            rows = self._rows[place.index] if place.index < len(self._rows) else np.zeros((0, 6))
            yield Results(
                orig_shape=(self.info.height, self.info.width) if image is None else image.shape[:2],
                names=self.names,
                detections=Detections.of(rows[:, :4], rows[:, 4], rows[:, 5]),
                orig_img=image,
                path=place.path,
                frame_index=place.index,
                timestamp=place.timestamp,
                painter=paint,
                reader=self._media.reader(place.index) if self.info.pictures else None,
            )
        if seen + self.info.vid_stride <= len(self._rows) and any(len(rows) for rows in self._rows[seen:]):
            beyond = sum(len(rows) for rows in self._rows[seen:])
            log.warning("%s: %d detections lie beyond the last frame, %d", self.file, beyond, seen)

    def _frames(self) -> Iterator[tuple[FramePlace, Frame | None]]:
        if isinstance(self._media, Listed) and not self._look:
            places = self._media.places() if self._media.info.frame_count else self._counted()
            yield from ((place, None) for place in places)
            return
        for frame in self._media:
            yield FramePlace(frame.path, frame.index, frame.timestamp), frame.image

    def _counted(self) -> Iterator[FramePlace]:
        """Give the frames up to the last detection: nothing else says how many there are."""
        for index in range(0, len(self._rows), self.info.vid_stride):
            yield FramePlace(self.info.path, index, index / (self.info.fps or 1.0))

    def __iter__(self) -> Iterator[SourceFrame]:
        return iter(self._media)

    def read(self, index: int) -> Frame:
        """Read frame `index` again."""
        return self._media.read(index)

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads frame `index` again."""
        return self._media.reader(index)

    def close(self) -> None:
        """Release what the medium holds."""
        self._media.close()


def names_of(rows: tuple[Rows, ...]) -> dict[int, str]:
    """Return class names by number: a file of detections has numbers only."""
    numbers = {int(number) for frame in rows for number in np.unique(frame[:, 5])} | {0}
    return {number: f"class {number}" if number else "object" for number in sorted(numbers)}


def _completed(info: MediaInfo, table: Rows) -> MediaInfo:
    """Return what is known of the medium; a size that nobody says is what the boxes take."""
    if info.width and info.height:
        return info
    far = (table[:, 2:4] + table[:, 4:6]).max(axis=0, initial=1.0)
    return replace(info, width=int(np.ceil(far[0])), height=int(np.ceil(far[1])))
