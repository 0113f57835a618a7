"""What a run did, in a few lines and as one JSON object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_runtime.paths import utf8
from numa_runtime.pipeline.court_view import CourtWatch
from numa_runtime.pipeline.reentry import Comebacks
from numa_runtime.results import Ended, Results
from numa_runtime.tracking.model_thresholds import said_of
from numa_runtime.tracking.offline.offline_pass import Joined
from numa_runtime.words import count


@dataclass(slots=True)
class RunSummary:
    """Counts frames, objects and ids as they pass; memory stays flat because ids that ended are forgotten.

    Attributes:
        ended: tracks that ended for good before their timeline did.
        dropped: rows of the network's answers that were left out because they hold NaN or infinity.
        balls_ended: tracked balls that ended for good before their timeline did.
        court: speeds and distances, where a court was watched.
        recordings: what was recorded, to be tracked again.
        comebacks: who left and came back under the same id, where a gallery remembers.
        offline: what was joined when the tracks were gone over once more, where they were.
        from_model: the tracker's thresholds that come from the model's contract.
    """

    names: dict[int, str]
    frames: int = 0
    seconds: float = 0.0
    objects: int = 0
    balls: int = 0
    dropped: int = 0
    stage_ms: dict[str, float] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    recordings: list[Path] = field(default_factory=list)
    ids: Counter[int] = field(default_factory=Counter)
    ended: int = 0
    ball_ids: int = 0
    balls_ended: int = 0
    classes: Counter[int] = field(default_factory=Counter)
    longest_id: int = -1
    longest_s: float = 0.0
    court: CourtWatch | None = None
    comebacks: Comebacks | None = None
    offline: Joined | None = None
    from_model: Mapping[str, float] = field(default_factory=dict)
    _born: dict[int, float] = field(default_factory=dict)
    _flying: set[int] = field(default_factory=set)

    def add(self, result: Results) -> None:
        """Count one frame."""
        self.frames += 1
        found = result.detections
        self.objects += len(found)
        self.balls += len(result.ball_records)
        self.dropped += result.dropped
        self.classes.update(found.cls.tolist())
        for track, cls in zip(found.id.tolist(), found.cls.tolist(), strict=True):
            if track >= 0:
                self._see(track, cls, result.timestamp)
        balls = {track for track in result.ball_records.id.tolist() if track >= 0}
        self.ball_ids += len(balls - self._flying)
        self._flying |= balls
        self._end(result.ended)

    def new_timeline(self) -> None:
        """Ids start again from 1: the next id 1 is somebody else."""
        self._born.clear()
        self._flying.clear()

    def _see(self, track: int, cls: int, now: float) -> None:
        if track not in self._born:
            self._born[track] = now
            self.ids[cls] += 1
        lived = now - self._born[track]
        if lived > self.longest_s:
            self.longest_s, self.longest_id = lived, track

    def _end(self, ended: Ended) -> None:
        self.ended += len(ended.boxes)
        self.balls_ended += len(ended.balls)
        for track in ended.boxes.tolist():
            self._born.pop(track, None)
        self._flying.difference_update(ended.balls.tolist())

    @property
    def fps(self) -> float:
        """Frames per second of wall time, everything included."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def lines(self, tracked: bool) -> list[str]:
        """Return what the command line prints at the end of a run."""
        stages = "  ".join(f"{name} {ms:.1f}" for name, ms in self.stage_ms.items())
        head = f"{count(self.frames, 'frame')} in {self.seconds:.1f} s ({self.fps:.0f} fps)"
        text = [f"{head}: {stages} ms per frame" if stages else head]
        if tracked:
            total = sum(self.ids.values())
            who = f" ({self._named(self.ids)})" if total else ""
            longest = f"; longest: id {self.longest_id}, {self.longest_s:.1f} s" if self.longest_id >= 0 else ""
            gone = f", {self.ended} ended" if self.ended else ""
            text.append(f"{count(total, 'id')}{who}{gone}{longest}")
        else:
            text.append(count(self.objects, "object") + (f" ({self._named(self.classes)})" if self.objects else ""))
        if self.balls:
            under = f" under {count(self.ball_ids, 'id')}" if tracked else ""
            text[-1] += f"; {count(self.balls, 'ball')}{under}"
        text += [said_of(self.from_model)] if self.from_model else []
        text += [] if self.court is None else self.court.lines()
        text += [] if self.comebacks is None else self.comebacks.lines()
        text += [] if self.offline is None else [self.offline.line()]
        if self.dropped:
            text.append(f"{count(self.dropped, 'row')} of the network's answers NaN or infinite and left out")
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the summary for `--json`; units are in the key names."""
        return {
            "frames": self.frames,
            "seconds": round(self.seconds, 3),
            "fps": round(self.fps, 2),
            **{f"{name}_ms": round(ms, 3) for name, ms in self.stage_ms.items()},
            "objects": self.objects,
            "balls": self.balls,
            "dropped": self.dropped,
            "ids": sum(self.ids.values()),
            "ids_by_class": {self.names.get(cls, str(cls)): count for cls, count in self.ids.most_common()},
            "ended": self.ended,
            "ball_ids": self.ball_ids,
            "balls_ended": self.balls_ended,
            "longest_id": self.longest_id,
            "longest_s": round(self.longest_s, 3),
            **({} if self.court is None else self.court.to_dict()),
            **({} if self.comebacks is None else self.comebacks.to_dict()),
            **({} if self.offline is None else self.offline.to_dict()),
            **({"thresholds_from_contract": dict(self.from_model)} if self.from_model else {}),
            "files": [utf8(str(path)) for path in self.files],
            **({"recordings": [utf8(str(path)) for path in self.recordings]} if self.recordings else {}),
        }

    def _named(self, counts: Counter[int], limit: int = 6) -> str:
        parts = [f"{self.names.get(cls, str(cls))} {count:,}" for cls, count in counts.most_common(limit)]
        return ", ".join(parts) + (", ..." if len(counts) > limit else "")
