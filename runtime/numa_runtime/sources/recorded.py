"""A recording as a medium: its frames are small pictures, and what was found in them is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from numa_runtime.errors import SourceError
from numa_runtime.recording import Recording
from numa_runtime.recording.reading import Place
from numa_runtime.results import Frame, Results
from numa_runtime.sources.base import Counters, MediaInfo, MediaKind, SourceFrame, cannot_read_again, refuse_again
from numa_runtime.vision.draw import paint
from numa_runtime.vision.opencv import import_cv2


class RecordedMedia:
    """One recording.

    Its pictures are enlarged to the size of the frames, so that boxes fit; they are not offered to sinks that draw.

    Args:
        recording: opened.
        still: give the camera's motion as none where it was not recorded.
    """

    def __init__(self, recording: Recording, *, still: bool = False) -> None:
        self.recording = recording
        self._still = still
        self.counters = Counters()
        header = recording.header
        self.info = MediaInfo(
            MediaKind.VIDEO,
            header.name,
            str(recording.path),
            header.width,
            header.height,
            header.fps,
            recording.frame_count,
            header.vid_stride,
            pictures=False,
        )

    def results(self) -> Iterator[Results]:
        """Yield what was found in each frame, untracked."""
        path = str(self.recording.path)
        for result in self.recording:
            self.counters.read += 1
            reader = self.reader(result.frame_index) if result.frame_index in self.recording.pictures else None
            warp = np.eye(2, 3) if result.warp is None and self._still else result.warp
            yield replace(result, path=path, reader=reader, painter=paint, warp=warp)

    def __iter__(self) -> Iterator[SourceFrame]:
        raise cannot_read_again(self.info.name, 0)

    def read(self, index: int) -> Frame:
        """Return the small picture of frame `index`, enlarged."""
        return self.reader(index)()

    def reader(self, index: int) -> Callable[[], Frame]:
        """Return what reads the small picture of frame `index`, enlarged."""
        place = self.recording.pictures.get(index)
        if place is None:
            return partial(refuse_again, self.info.name, index)
        return partial(_picture, self.recording.path, place, (self.info.width, self.info.height))

    def close(self) -> None:
        """Do nothing: the file is opened for each read."""


def _picture(path: Path, place: Place, size: tuple[int, int]) -> Frame:
    cv2 = import_cv2()
    try:
        with path.open("rb") as file:
            file.seek(place.start)
            data = np.frombuffer(file.read(place.size), np.uint8)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if image is None:
        raise SourceError(f"{path} is damaged at byte {place.start}: there is no picture")
    large: Frame = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    return large
