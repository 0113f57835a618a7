"""A gallery of who left: an object that comes back looking as it did gets the id that it had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.faces import Face, Likeness, likest
from numa_runtime.tracking.gallery_params import GalleryParams
from numa_runtime.tracking.inputs import as_features

Rows = NDArray[np.float64]

LOOKS = 5
"""So many sure sightings of a new id are compared with who left; then it keeps its id."""

NOMINAL_S = 1 / 30
"""The time between frames that come without any."""


@dataclass(frozen=True, slots=True)
class Return:
    """An object that came back.

    Attributes:
        id: the id that it has again.
        tracker_id: the tracker's own id for it this time; the rows showed it until now, if the track is older.
        away: seconds since it was last seen before.
        similarity: cosine between how it looks and how it looked.
    """

    id: int
    tracker_id: int
    away: float
    similarity: float


class Gallery:
    """Renames a tracker's rows so that who comes back has the id of before; works behind any `Tracker`.

    The tracker's own ids go on. A new id is compared, for its first sure sightings, with the ids that ended before it
    began: same class, cosine of the averaged appearance. It is renamed, for good, where one is alike enough and nobody
    else, gone or present, is nearly as alike; who looks like two is refused. Whoever is lost but not ended yet is
    waited for. Memory: one vector for each of the tracker's tracks, and for each of at most `size` that left.

    Attributes:
        params: how objects are remembered.
        removed: int64 (k,), ids that ended with the last frame for good: those forgotten here, and a newcomer's first
            id when it got its old one. An id that is remembered has not ended.
        returned: who came back with the last frame.
    """

    def __init__(self, params: GalleryParams | None = None) -> None:
        self.params = params or GalleryParams()
        self.reset()

    def reset(self) -> None:
        """Forget everybody."""
        self._here: dict[int, Face] = {}  # by the tracker's id
        self._gone: dict[int, Face] = {}  # by the lasting id, who left first comes first
        self._now = 0.0
        self._width = 0
        self.removed = np.zeros(0, np.int64)
        self.returned: tuple[Return, ...] = ()

    def __len__(self) -> int:
        """How many that left are remembered."""
        return len(self._gone)

    def rename(
        self, tracks: Rows, features: NDArray[np.floating] | None, removed: Iterable[int] = (), now: float | None = None
    ) -> Rows:
        """Return the rows of the next frame's tracks under lasting ids; boxes and everything else stay.

        Args:
            tracks: float64 (m, 8) or rotated (m, 9), what `Tracker.update` returned.
            features: float (n, D), appearance of all detections that the tracker was given, in their order. A vector of
                zeros says nothing, and so does None.
            removed: `Tracker.removed` after that update.
            now: seconds; without it every call is a thirtieth later.

        Raises:
            TrackerError: features of a wrong shape, or an ended id that the tracker itself brought back
                (`compat="classic"`).
        """
        self._now = self._now + NOMINAL_S if now is None else max(float(now), self._now)
        gone = [track for track in map(int, removed) if not self._leave(track)]
        newcomers = self._see(tracks, self._vectors(tracks, features))
        self.returned = tuple(self._returns(newcomers))
        shown_before = [back.tracker_id for back in self.returned if self._here[back.tracker_id].first < self._now]
        self.removed = np.array(gone + self._forget() + shown_before, np.int64)
        renamed = tracks.copy()
        renamed[:, -4] = [self._here[track].id for track in tracks[:, -4].astype(np.int64).tolist()]
        return renamed

    def _vectors(self, tracks: Rows, features: NDArray[np.floating] | None) -> Rows | None:
        """Return the detections' vectors, of length 1 or 0; None where nothing is known of any."""
        if features is None:
            return None
        count = max(len(features), int(tracks[:, -1].max(initial=-1.0)) + 1)
        vectors = as_features(features, count, self._width)
        self._width = vectors.shape[1]
        return vectors

    def _leave(self, track: int) -> bool:
        """Remember who ended; return whether there is anything to remember."""
        face = self._here.pop(track, None)
        if face is None or face.look is None:
            return False
        self._gone[face.id] = face
        return True

    def _see(self, tracks: Rows, vectors: Rows | None) -> list[Face]:
        """Learn from a frame; return the newcomers that it showed well."""
        newcomers = []
        for row in tracks:
            track, cls = int(row[-4]), int(row[-2])
            face = self._here.get(track)
            if face is None:
                face = self._here[track] = self._meet(track, cls)
            face.cls, face.last = cls, self._now
            sure = row[-3] >= self.params.sure and row[-1] >= 0  # and there is a detection
            if vectors is not None and sure and face.learn(vectors[int(row[-1])]) and face.open:
                newcomers.append(face)
        return newcomers

    def _meet(self, track: int, cls: int) -> Face:
        if track in self._gone or any(face.id == track for face in self._here.values()):
            raise TrackerError(
                f"id {track} had ended and came back by itself: a gallery needs ids that end for good",
                hint='leave out compat="classic", or the gallery',
            )
        return Face(track, track, cls, self._now, self._now, open=LOOKS)

    def _returns(self, newcomers: list[Face]) -> list[Return]:
        """Give ids back to those newcomers who are known, the likest first."""
        others = [*self._gone.values(), *self._here.values()] if newcomers else []
        found = [(newcomer, likest(newcomer, others)) for newcomer in newcomers]
        returns = []
        for newcomer, like in sorted(found, key=lambda one: -one[1].similarity if one[1] else 1.0):
            if like is None or not self._sure_of(like) or like.face.last >= newcomer.first:  # or seen side by side
                newcomer.open -= 1
            elif self._gone.pop(like.face.id, None) is like.face:
                returns.append(
                    Return(like.face.id, newcomer.tracker_id, newcomer.first - like.face.last, like.similarity)
                )
                newcomer.become(like.face)
            # else it is lost: whether it ends is waited for
        return returns

    def _sure_of(self, like: Likeness) -> bool:
        return like.similarity >= self.params.similarity and like.lead >= self.params.margin

    def _forget(self) -> list[int]:
        """Drop who left too long ago, and the first that left while there are too many; return their ids."""
        oldest = self._now - self.params.seconds
        late = [name for name, face in self._gone.items() if face.last < oldest]
        kept = len(self._gone) - len(late)
        room = iter([name for name, face in self._gone.items() if face.last >= oldest])
        late += [next(room) for _ in range(max(kept - self.params.size, 0))]
        for name in late:
            del self._gone[name]
        return late
