"""What poses change in an unlabelled video: ids and how long they last, by `pose_weight`.

python benchmarks/studies/pose_video.py VIDEO POSE_MODEL [--tracker bytetrack] [--weights 0 0.1 0.3]
Fewer ids that last longer are a good sign, and no proof: a tracker that mixes people up has fewer ids too.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from numa_benchmarks.labels.errors import DataError
from numa_runtime.pipeline.model import FrameInfo, Model
from numa_runtime.results import Detections
from numa_runtime.sessions import load
from numa_runtime.sources.source import open_source
from numa_runtime.tracking import Tracker, load_params

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Lives:
    """How many ids a video has and how long they live, at one weight.

    Attributes:
        pose_weight: the weight.
        ids: how many were shown.
        shown: boxes with an id, all frames together.
        median_frames: of the ids' lives.
        one_frame: ids shown in one frame only.
    """

    pose_weight: float
    ids: int
    shown: int
    median_frames: float
    one_frame: int

    def line(self) -> str:
        """Return the figures as a line of a table."""
        return (
            f"pose_weight {self.pose_weight:4.2f}: {self.ids:4} ids, {self.one_frame:3} of them shown once, "
            f"median {self.median_frames:5.1f} frames, {self.shown:6} boxes shown"
        )


def detect(video: str, model: str, conf: float) -> list[Detections]:
    """Return the detections of every frame, scores from `conf` on.

    Raises:
        DataError: the network has no keypoints.
    """
    found = []
    with load(model) as session:
        network = Model(session)
        network.set_options(conf=conf)
        for media in open_source(video):
            found += [network(frame.image, FrameInfo(frame.path, frame.index)).detections for frame in media]
    if found and not found[0].keypoints.shape[1]:
        raise DataError(f"{Path(model).name} has no keypoints", hint="give a pose network")
    return found


def lives(frames: Sequence[Detections], tracker: str, weight: float) -> Lives:
    """Track the frames and count."""
    follower, seen = Tracker(tracker, pose_weight=weight), Counter[int]()
    for detections in frames:
        seen.update(follower.update(detections)[:, 4].astype(int).tolist())
    counts = list(seen.values())
    return Lives(weight, len(counts), sum(counts), float(median(counts or [0])), counts.count(1))


def main() -> None:
    """Print a line per weight."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video")
    parser.add_argument("model")
    parser.add_argument("--tracker", default="bytetrack")
    parser.add_argument("--weights", type=float, nargs="+", default=WEIGHTS)
    words = parser.parse_args()
    frames = detect(words.video, words.model, float(load_params(words.tracker).lowest_score))
    for weight in words.weights:
        print(lives(frames, words.tracker, weight).line(), flush=True)


if __name__ == "__main__":
    main()
