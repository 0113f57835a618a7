"""Whether a tracker's memory grows: thousands of frames in which objects come and go, in a process of its own.

Run by itself: python -m numa_benchmarks.trackers.soak bytetrack --frames 100000
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from numa_benchmarks.timing.machine import rss_mb
from numa_benchmarks.trackers.boxes_only import boxes_only
from numa_benchmarks.trackers.scenes import SceneFrame, SceneSpec
from numa_runtime.errors import NumaError
from numa_runtime.tracking import Tracker

LIFETIME = 60.0
"""Mean frames an object stays: 100 objects are 170,000 in 100,000 frames."""

SAMPLES = 100


@dataclass(frozen=True, slots=True)
class Soak:
    """What became of the resident memory (MB, 1e6 bytes) while `born` identities passed through.

    Attributes:
        samples: resident MB after each hundredth of the frames; the first tenth is where buffers find their size.
    """

    tracker: str
    objects: int
    frames: int
    born: int
    samples: tuple[float, ...]

    @property
    def settled_mb(self) -> float:
        """Memory after the first tenth."""
        return self.samples[len(self.samples) // 10]

    @property
    def growth_mb(self) -> float:
        """The largest change against `settled_mb` in the frames that followed, with its sign."""
        return max((sample - self.settled_mb for sample in self.samples[len(self.samples) // 10 :]), key=abs)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        plain = asdict(self)
        del plain["samples"]
        return {**plain, "rss_mb": self.settled_mb, "rss_growth_mb": self.growth_mb, "rss_mb_samples": self.samples}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Soak:
        """Read what `to_dict` wrote."""
        return cls(data["tracker"], data["objects"], data["frames"], data["born"], tuple(data["rss_mb_samples"]))


def soak(tracker: str, objects: int = 100, frames: int = 100_000) -> Soak:
    """Track `frames` frames of a scene whose objects live `LIFETIME` frames on average."""
    following = boxes_only(tracker)
    film = SceneSpec(objects, lifetime=LIFETIME).frames()
    samples = [_stretch(following, film, count) for count in _parts(frames)]
    return Soak(tracker, objects, frames, following.born, tuple(samples))


def _stretch(tracker: Tracker, film: Iterator[SceneFrame], count: int) -> float:
    for frame in islice(film, count):
        tracker.update(frame.detections)
    return rss_mb()


def _parts(frames: int) -> Sequence[int]:
    parts = min(SAMPLES, frames)
    return [frames * (part + 1) // parts - frames * part // parts for part in range(parts)]


def main() -> int:
    """Soak one tracker and print or write the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tracker", nargs="?", default="bytetrack")
    parser.add_argument("--objects", type=int, default=100)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--json", type=Path, help="write the figures there")
    words = parser.parse_args()
    try:
        text = json.dumps(soak(words.tracker, words.objects, words.frames).to_dict())
    except NumaError as error:
        print(f"error: {error.what}", file=sys.stderr)
        return 1
    if words.json is None:
        print(text)
    else:
        words.json.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
