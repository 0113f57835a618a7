"""What the track benchmark measures, and how thoroughly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option
from numa_runtime.options.readers import MOST_WHOLE, read_list
from numa_runtime.tracking.config import TrackerName, load_params

_TRACK, _TIMING = "Trackers (--task track)", "Timing"
_QUICK: dict[str, Any] = {"objects": (10, 100, 1000), "crowd": (100,), "rounds": 2, "soak_frames": 2000}


MOST_OBJECTS, MOST_FRAMES = 1_000_000, 1_000_000
"""A scene of more fits no memory, a turn of more no day."""


def read_counts(name: str, value: Any) -> tuple[int, ...]:
    """Return numbers of objects from "10,100" or a sequence; "0" is none.

    Raises:
        UsageError: something that is not a number.
    """
    if not isinstance(value, str):
        return tuple(value)
    words = read_list(name, value)
    for word in words:
        if not word.isdigit():
            raise UsageError(f"--{name}: {word!r} is not a number of objects", hint=f"--{name} 10,100")
    return () if words == ("0",) else tuple(map(int, words))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOptions(Options):
    """Which trackers, on which scenes.

    Attributes:
        quick: two rounds, up to 1,000 objects, a short look at memory: seconds instead of minutes.
        trackers: names or YAML files.
        objects: scenes at MOT17's density.
        crowd: scenes in one Full HD frame.
        soak_frames: how long memory is watched; 0 = not at all.
        gt: folder with SEQUENCE/gt/gt.txt.
        detections: folder with SEQUENCE.txt; without it SEQUENCE/det/det.txt in `gt`.
        second_half: the second halves of the sequences only.
        rules: which rows of the ground truth count.
        rounds: how often every tracker runs every scene.
        frames: frames of a scene; None = 400, down to 40 where there are many objects.
        time_limit: the longest that watching memory may take, seconds.

    Raises:
        UsageError: a number that makes no sense.
        TrackerError: there is no such tracker, or its file is not one.
    """

    mode: ClassVar[str] = "benchmark --task track"

    quick: bool = option(False, "Seconds instead of minutes.", panel=_TRACK)
    trackers: tuple[str, ...] = option(
        tuple(str(name) for name in TrackerName),
        "Names or YAML files, comma separated. Default: all.",
        read=read_list,
        flags=("--tracker",),
        metavar="NAMES",
        panel=_TRACK,
    )
    objects: tuple[int, ...] = option(
        (10, 100, 1000, 10_000), "Objects at MOT17's density.", read=read_counts, metavar="N,N", panel=_TRACK
    )
    crowd: tuple[int, ...] = option(
        (100, 300, 1000), "Objects in one Full HD frame (0 = none).", read=read_counts, metavar="N,N", panel=_TRACK
    )
    soak_frames: int = option(20_000, "Frames to watch memory over.", panel=_TRACK)
    gt: str | None = option(None, "MOTChallenge folder with ground truth.", metavar="FOLDER", panel=_TRACK)
    detections: str | None = option(
        None, "Folder of SEQUENCE.txt. Default: SEQUENCE/det/det.txt in --gt.", metavar="FOLDER", panel=_TRACK
    )
    second_half: bool = option(False, "Score the second half of each sequence.", panel=_TRACK)
    rules: str = option(
        "auto",
        "Which rows of the ground truth count: mot17, mot20 (pedestrians only, distractors removed) or none (all). "
        "Default: by the sequences' names.",
        metavar="NAME",
        panel=_TRACK,
    )
    rounds: int = option(6, "How often every tracker is timed.", panel=_TIMING)
    frames: int | None = option(None, "Frames per turn.", kind=int, panel=_TIMING)
    time_limit: float = option(600.0, "Seconds that watching memory may take.", panel=_TIMING)

    @classmethod
    def of(cls, words: Mapping[str, Any], also: Sequence[str] = ()) -> Self:
        """Return the options with `words` set; `quick` changes the defaults of the others."""
        return super(TrackOptions, cls).of({**_QUICK, **words} if words.get("quick") else words, also)

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        for name in self.trackers:
            load_params(name)
        if not self.trackers:
            raise UsageError("benchmark --task track needs a tracker at least", hint="--tracker bytetrack")
        for word, counts in (("objects", self.objects), ("crowd", self.crowd)):
            for count in counts:
                if count < 1:
                    raise UsageError(f"--{word} {count}: a scene has one object at least", hint=f"--{word} 10,100")
                if count > MOST_OBJECTS:
                    raise UsageError(f"--{word} {count}: {MOST_OBJECTS} objects are the most", hint=f"--{word} 10,100")
        for word, value, least in (("rounds", self.rounds, 1), ("soak-frames", self.soak_frames, 0)):
            if not least <= value <= MOST_WHOLE:
                bound = f"{least} or more" if value < least else f"{MOST_WHOLE} or less"
                raise UsageError(f"--{word} is {value}; it must be {bound}")
        if self.frames is not None and not 2 <= self.frames <= MOST_FRAMES:
            bound = "2 or more" if self.frames < 2 else f"{MOST_FRAMES} or less"
            raise UsageError(f"--frames is {self.frames}; tracking takes {bound}")
        if not self.time_limit > 0:
            raise UsageError(f"--time-limit is {self.time_limit:g}; it must be more than 0")
        if self.detections is not None and self.gt is None:
            raise UsageError("--detections needs the truth to score them against", hint="--gt MOT17/train")

    def frames_at(self, objects: int) -> int:
        """Return the frames of a scene."""
        from numa_benchmarks.trackers.scenes import usual_frames

        return self.frames or usual_frames(objects)
