"""What the track benchmark measures, and how thoroughly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from numa_benchmarks.trackers.scenes import usual_frames
from numa_runtime.errors import UsageError, nearest
from numa_runtime.tracking.config import TrackerName, load_params


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """trackers: names or YAML files. objects: scenes at MOT17's density; crowd: scenes in one Full HD frame.

    rounds: how often every tracker runs every scene. frames: per scene; None = 400, down to 40 where there are many
    objects. soak_frames: how long memory is watched, 0 = not at all. limit_s: the longest that may take.
    gt: folder with SEQUENCE/gt/gt.txt. detections: folder with SEQUENCE.txt, without it SEQUENCE/det/det.txt beside
    the truth. second_half: of each sequence, the second half only.

    Raises:
        UsageError: a number that cannot be meant. TrackerError: there is no such tracker, or its file is not one.
    """

    trackers: tuple[str, ...] = tuple(str(name) for name in TrackerName)
    objects: tuple[int, ...] = (10, 100, 1000, 10_000)
    crowd: tuple[int, ...] = (100, 300, 1000)
    rounds: int = 6
    frames: int | None = None
    soak_frames: int = 20_000
    limit_s: float = 600.0
    gt: str | None = None
    detections: str | None = None
    second_half: bool = False

    @classmethod
    def from_words(cls, words: Mapping[str, Any], *, quick: bool = False) -> Self:
        """Check keyword arguments as a user typed them; None means the default.

        quick: two rounds, up to 1,000 objects, a short look at memory: seconds instead of minutes.
        """
        known = [field.name for field in fields(cls)]
        given = {name: value for name, value in words.items() if value is not None}
        for name in given:
            if name not in known:
                raise UsageError(f"benchmark --task track has no setting {name!r}{nearest(name, known)}")
        return replace(cls(**_QUICK) if quick else cls(), **given)

    def __post_init__(self) -> None:
        for name in self.trackers:
            load_params(name)
        if not self.trackers:
            raise UsageError("benchmark --task track needs a tracker at least", hint="--tracker bytetrack")
        for word, counts in (("objects", self.objects), ("crowd", self.crowd)):
            for count in counts:
                if count < 1:
                    raise UsageError(f"--{word} {count}: a scene has one object at least", hint=f"--{word} 10,100")
        for word, value, least in (("rounds", self.rounds, 1), ("soak-frames", self.soak_frames, 0)):
            if value < least:
                raise UsageError(f"--{word} is {value}; it must be {least} or more")
        if self.frames is not None and self.frames < 2:
            raise UsageError(f"--frames is {self.frames}; tracking takes 2 or more")
        if self.detections is not None and self.gt is None:
            raise UsageError("--detections needs the truth to score them against", hint="--gt MOT17/train")

    def frames_at(self, objects: int) -> int:
        """Return the frames of a scene."""
        return self.frames or usual_frames(objects)


_QUICK: dict[str, Any] = {"objects": (10, 100, 1000), "crowd": (100,), "rounds": 2, "soak_frames": 2000}
