"""What a run did, in a few lines and as one JSON object."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_runtime.results import Results

_FORGET_AFTER_S = 120.0


@dataclass(slots=True)
class _Life:
    cls: int
    first: float
    last: float


@dataclass(slots=True)
class RunSummary:
    """Counts frames, objects and ids as they pass; memory stays flat because finished ids are forgotten."""

    names: dict[int, str]
    frames: int = 0
    seconds: float = 0.0
    objects: int = 0
    balls: int = 0
    stage_ms: dict[str, float] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    ids: Counter[int] = field(default_factory=Counter)
    classes: Counter[int] = field(default_factory=Counter)
    longest_id: int = -1
    longest_s: float = 0.0
    _alive: dict[int, _Life] = field(default_factory=dict)

    def add(self, result: Results) -> None:
        """Count one frame."""
        self.frames += 1
        found = result.detections
        self.objects += len(found)
        self.balls += len(result.ball_records)
        self.classes.update(found.cls.tolist())
        for track, cls in zip(found.id.tolist(), found.cls.tolist(), strict=True):
            if track >= 0:
                self._see(track, cls, result.timestamp)
        if self.frames % 1000 == 0:
            now = result.timestamp
            self._alive = {key: life for key, life in self._alive.items() if now - life.last < _FORGET_AFTER_S}

    def new_timeline(self) -> None:
        """Ids start again from 1: the next id 1 is somebody else."""
        self._alive.clear()

    def _see(self, track: int, cls: int, now: float) -> None:
        life = self._alive.get(track)
        if life is None:
            life = self._alive[track] = _Life(cls, now, now)
            self.ids[cls] += 1
        life.last = now
        if now - life.first > self.longest_s:
            self.longest_s, self.longest_id = now - life.first, track

    @property
    def fps(self) -> float:
        """Frames per second of wall time, everything included."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def lines(self, tracked: bool) -> list[str]:
        """Return what the command line prints at the end of a run."""
        stages = "  ".join(f"{name} {ms:.1f}" for name, ms in self.stage_ms.items())
        head = f"{self.frames:,} frame{'s' if self.frames != 1 else ''} in {self.seconds:.1f} s ({self.fps:.0f} fps)"
        text = [f"{head}: {stages} ms per frame" if stages else head]
        if tracked:
            total = sum(self.ids.values())
            who = f" ({self._named(self.ids)})" if total else ""
            longest = f"; longest: id {self.longest_id}, {self.longest_s:.1f} s" if self.longest_id >= 0 else ""
            text.append(f"{total} id{'s' if total != 1 else ''}{who}{longest}")
        else:
            text.append(f"{self.objects:,} objects" + (f" ({self._named(self.classes)})" if self.objects else ""))
        if self.balls:
            text[-1] += f"; {self.balls:,} balls"
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
            "ids": sum(self.ids.values()),
            "ids_by_class": {self.names.get(cls, str(cls)): count for cls, count in self.ids.most_common()},
            "longest_id": self.longest_id,
            "longest_s": round(self.longest_s, 3),
            "files": [str(path) for path in self.files],
        }

    def _named(self, counts: Counter[int], limit: int = 6) -> str:
        parts = [f"{self.names.get(cls, str(cls))} {count:,}" for cls, count in counts.most_common(limit)]
        return ", ".join(parts) + (", ..." if len(counts) > limit else "")
