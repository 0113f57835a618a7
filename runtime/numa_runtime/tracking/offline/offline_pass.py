"""The whole pass over a video's tracks, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.offline.fill import Fill
from numa_runtime.tracking.offline.gaps import fill_gaps
from numa_runtime.tracking.offline.gaussian import smoothed
from numa_runtime.tracking.offline.joining import join_fragments
from numa_runtime.tracking.offline.table import ID, Table, by_track, joined
from numa_runtime.words import count


@dataclass(frozen=True, slots=True)
class Joined:
    """What a pass did.

    Attributes:
        fragments: tracks that became part of an earlier one.
        gaps: gaps that were filled.
        boxes: rows that were added for it.
        flickers: tracks that were removed.
    """

    fragments: int = 0
    gaps: int = 0
    boxes: int = 0
    flickers: int = 0

    def __add__(self, other: Joined) -> Joined:
        return Joined(
            self.fragments + other.fragments,
            self.gaps + other.gaps,
            self.boxes + other.boxes,
            self.flickers + other.flickers,
        )

    def line(self) -> str:
        """Return it as a sentence."""
        return (
            f"offline: {count(self.fragments, 'fragment')} joined, {count(self.gaps, 'gap')} filled "
            f"({count(self.boxes, 'box', 'boxes')}), {count(self.flickers, 'flicker')} removed"
        )

    def to_dict(self) -> Mapping[str, int]:
        """Return plain values for `--json`."""
        return {
            "offline_fragments": self.fragments,
            "offline_gaps": self.gaps,
            "offline_boxes": self.boxes,
            "offline_flickers": self.flickers,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePass:
    """Joins fragments, removes flickers, fills gaps: in this order, once all frames are known.

    Attributes:
        longest_gap: the most missing frames that are filled, or lie between two fragments.
        least_overlap: how well two fragments must fit (`joining`); above 1: none is joined.
        shortest: tracks of fewer rows are flickers.
        fill: how gaps are filled.

    Raises:
        TrackerError: a gap below 0.
    """

    longest_gap: int = 20
    least_overlap: float = 0.5
    shortest: int = 3
    fill: Fill = Fill.LINEAR

    def __post_init__(self) -> None:
        if self.longest_gap < 0:
            raise TrackerError(
                f"the longest gap is {self.longest_gap} frames; it cannot be below 0", hint="20 is a usual value"
            )

    def __call__(self, table: Table) -> tuple[Table, Joined]:
        """Take tracks (n, 8) and return theirs, by frame and then by id, and what was done.

        Ids that remain are those of the first fragment; online ids are those of the table given.

        Raises:
            TrackerError: an id twice in a frame.
        """
        tracks = by_track(table)
        for track in tracks:
            if (track[1:, 0] == track[:-1, 0]).any():
                raise TrackerError(f"id {track[0, ID]:.0f} is in a frame twice", hint="give one video's tracks at once")
        tracks, fragments = join_fragments(tracks, self.longest_gap, self.least_overlap)
        kept = [track for track in tracks if len(track) >= self.shortest]
        filled = [fill_gaps(track, self.longest_gap) for track in kept]
        whole = [smoothed(track) if self.fill is Fill.GAUSSIAN else track for track, _ in filled]
        added = sum(map(len, whole)) - sum(map(len, kept))
        return joined(whole), Joined(fragments, sum(gaps for _, gaps in filled), added, len(tracks) - len(kept))
