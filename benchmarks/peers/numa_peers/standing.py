"""What one peer reached with so many objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.metrics.mot import MotScores
from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.quiet import Cost


@dataclass(frozen=True, slots=True)
class Standing:
    """One peer at one number of objects; without figures `status` and `reason` say why.

    ratio: its quiet time over ours, on the frames that both did. frames: how many it did of how many there were.
    """

    peer: str
    language: str
    objects: int
    version: str = ""
    status: Status = Status.OK
    reason: str = ""
    cost: Cost | None = None
    ratio: float | None = None
    frames: tuple[int, int] = (0, 0)
    scores: MotScores | None = None

    @property
    def cut(self) -> bool:
        """Whether it was too slow to do all frames in its turn."""
        return self.cost is not None and self.frames[0] < self.frames[1]

    @property
    def words(self) -> str:
        """Why there are no figures."""
        return in_words(self.status, self.reason)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        quality = ("hota", "mota", "idf1", "id_switches", "truth_ids", "result_ids")
        scores = self.scores.to_dict() if self.scores else {}
        return {
            "peer": self.peer,
            "language": self.language,
            "version": self.version,
            "objects": self.objects,
            "status": self.status.value,
            "reason": self.reason,
            "ratio_to_ours": self.ratio,
            "frames": self.frames[0],
            "frames_of_scene": self.frames[1],
            **(self.cost.to_dict() if self.cost else {}),
            **{key: scores.get(key) for key in quality},
        }


def in_words(status: Status, reason: str) -> str:
    """Return why there are no figures, as a reader is told."""
    return f"{status.words}: {reason}" if status.words else reason


def broken(peer: str, language: str, objects: int, version: str, failure: Failure) -> Standing:
    """Return a row without figures."""
    return Standing(peer, language, objects, version, failure.status, failure.reason)
