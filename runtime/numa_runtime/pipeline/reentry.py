"""Objects that leave and come back: what they look like, and the gallery that gives them their ids again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import SourceError, TrackerError
from numa_runtime.paths import expand
from numa_runtime.pipeline.options.tracker import TrackerOptions
from numa_runtime.results import Results
from numa_runtime.sessions.reid import ReidExtractor
from numa_runtime.tracking import Tracker
from numa_runtime.tracking.gallery import Gallery, Return
from numa_runtime.tracking.params import TrackerParams

MOST = 100
"""So many comebacks are told one by one; all are counted."""

_IN_A_LINE = 6


@dataclass(slots=True)
class Comebacks:
    """Who came back in one run.

    Attributes:
        count: how often somebody did.
        first: the first of them, at most 100.
    """

    count: int = 0
    first: list[Return] = field(default_factory=list)

    def add(self, returns: tuple[Return, ...]) -> None:
        """Count those of one frame."""
        self.count += len(returns)
        self.first += returns[: MOST - len(self.first)]

    def lines(self) -> list[str]:
        """Return what the command line prints."""
        if not self.count:
            return ["nobody who left came back"]
        told = [f"id {back.id} after {back.away:.1f} s" for back in self.first[:_IN_A_LINE]]
        return [f"{self.count:,} came back: {', '.join(told)}" + (", ..." if self.count > len(told) else "")]

    def to_dict(self) -> dict[str, Any]:
        """Return the same for `--json`."""
        rows = [
            {"id": each.id, "tracker_id": each.tracker_id}
            | {"away_s": round(each.away, 3), "similarity": round(each.similarity, 4)}
            for each in self.first
        ]
        return {"came_back": self.count, "comebacks": rows}


class Reentry:
    """The appearance side of one follower.

    Args:
        extractor: says what boxes look like; None: the detections' own features.
        gallery: remembers who left; None: nobody does.
        sure: boxes with a lower score are not looked at.
    """

    def __init__(
        self, extractor: ReidExtractor | None = None, gallery: Gallery | None = None, sure: float = 0.0
    ) -> None:
        self.extractor, self.gallery = extractor, gallery
        self._sure = sure
        self._comebacks: Comebacks | None = None

    @property
    def returned(self) -> tuple[Return, ...]:
        """Who came back with the last frame."""
        return () if self.gallery is None else self.gallery.returned

    def new_run(self) -> Comebacks | None:
        """Count from nothing again; return what counts, None without a gallery."""
        self._comebacks = None if self.gallery is None else Comebacks()
        return self._comebacks

    def start(self) -> None:
        """Begin a new timeline: nobody has left it yet."""
        if self.gallery is not None:
            self.gallery.reset()

    def look(self, result: Results, *, everything: bool = False) -> Results:
        """Return an untracked result with the extractor's features; as it is without an extractor.

        Boxes that no tracker compares (low scores) have zeros, unless `everything` is looked at.

        Raises:
            SourceError: there is no frame to look at.
        """
        if self.extractor is None:
            return result
        if result.orig_img is None:
            raise SourceError(
                f"--reid looks at frames, and {result.path or 'this source'} has none", hint="give the video or images"
            )
        begin, found = perf_counter(), result.detections
        rows = np.flatnonzero(found.conf >= (0.0 if everything else self._sure))
        looks = self.extractor(result.orig_img, found.xyxy[rows])
        features = np.zeros((len(found), looks.shape[1]), np.float32)
        features[rows] = looks
        seen = replace(found, features=features if features.shape[1] else None)
        return replace(result, detections=seen, speed={**result.speed, "reid": 1e3 * (perf_counter() - begin)})

    def rename(
        self, tracks: NDArray[np.float64], features: NDArray[Any] | None, removed: NDArray[np.int64], now: float
    ) -> NDArray[np.float64]:
        """Return a frame's tracks under lasting ids; the very same rows without a gallery."""
        if self.gallery is None:
            return tracks
        renamed = self.gallery.rename(tracks, features, removed.tolist(), now)
        if self._comebacks is not None:
            self._comebacks.add(self.gallery.returned)
        return renamed

    def check_change(self, options: TrackerOptions) -> None:
        """Refuse what cannot change while there are tracks.

        Raises:
            TrackerError: another ReID network, or a gallery that begins or ends.
        """
        now = None if self.extractor is None else self.extractor.path
        wanted = None if options.reid is None else expand(options.reid)
        if now != wanted:
            raise TrackerError(f"reid={wanted} cannot take over from {now} while there are tracks", hint=_ANEW)
        if bool(options.gallery) != (self.gallery is not None):
            raise TrackerError(f"gallery={options.gallery:g} cannot begin or end while there are tracks", hint=_ANEW)

    def change(self, options: TrackerOptions, params: TrackerParams) -> None:
        """Go on with other gallery options, which `check_change` let pass."""
        self._sure = params.track_high_thresh
        changed = options.gallery_params(self._sure)
        if self.gallery is not None and changed is not None:
            self.gallery.params = changed


_ANEW = "persist=False begins anew"


def make_reentry(
    options: TrackerOptions, params: TrackerParams, device: str | int | None = "auto", threads: int | None = None
) -> Reentry:
    """Return the appearance side that `options` ask for.

    Raises:
        TrackerError: a gallery for a tracker whose ended ids may come back by themselves.
        ModelError: a file that is no ReID network.
    """
    chosen = options.gallery_params(params.track_high_thresh)
    if chosen is not None and params.classic:
        raise TrackerError(
            'with compat="classic" ended ids come back by themselves; a gallery needs ids that end for good',
            hint="leave out --gallery or compat",
        )
    extractor = None if options.reid is None else ReidExtractor(options.reid, device, threads)
    return Reentry(extractor, None if chosen is None else Gallery(chosen), params.track_high_thresh)


def who_wants(tracker: Tracker) -> str:
    """Return the word that asked for features: the tracker's own where it compares them."""
    return "with_reid" if tracker.wants_features else "gallery"
