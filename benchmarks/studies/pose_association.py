"""Whether poses help a tracker: labelled tracks with simulated detections and skeletons, by `pose_weight`.

python benchmarks/studies/pose_association.py SPORTSMOT/sportsmot-val person_keypoints_val2017.json --clips 20
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from numa_benchmarks.labels.coco import open_coco
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable, read_mot
from numa_benchmarks.labels.mot_detections import tracks_table
from numa_benchmarks.metrics.mot import MotReport, score_mot
from numa_benchmarks.metrics.mot_folders import truth_file, truth_folders
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_runtime.tracking import Tracker
from pose_scenes import LEVELS, Floats, Noise, detections, drawn_together, poses_of

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one weight gives at one noise level; the gains are against boxes only, clip by clip.

    Attributes:
        noise: the level's name.
        tracker: its name.
        pose_weight: the weight.
        hota: all clips together, points.
        assa: all clips together, points.
        idf1: all clips together, points.
        mota: all clips together, points.
        id_switches: all clips together.
        hota_gain: mean over clips, points.
        hota_gain_error: standard error of that mean.
        idf1_gain: mean over clips, points.
        idf1_gain_error: standard error of that mean.
        better: how many clips' HOTA rose by 0.1 points or more.
        worse: how many clips' HOTA fell by 0.1 points or more.
    """

    noise: str
    tracker: str
    pose_weight: float
    hota: float
    assa: float
    idf1: float
    mota: float
    id_switches: int
    hota_gain: float
    hota_gain_error: float
    idf1_gain: float
    idf1_gain_error: float
    better: int
    worse: int

    @classmethod
    def of(cls, noise: str, tracker: str, weight: float, report: MotReport, without: MotReport) -> Outcome:
        """Compare a report with that of boxes only."""
        pairs = list(zip(report.sequences, without.sequences, strict=True))
        hota = np.array([ours.hota - boxes.hota for ours, boxes in pairs])
        idf1 = np.array([ours.idf1 - boxes.idf1 for ours, boxes in pairs])
        root, all_ = np.sqrt(max(len(pairs) - 1, 1)), report.combined
        return cls(
            noise, tracker, weight, all_.hota, all_.assa, all_.idf1, all_.mota, all_.id_switches,
            float(hota.mean()), float(hota.std() / root), float(idf1.mean()), float(idf1.std() / root),
            int((hota >= 0.1).sum()), int((hota <= -0.1).sum()),
        )  # fmt: skip

    def line(self) -> str:
        """Return the outcome as a line of a table."""
        return (
            f"{self.noise:7}{self.tracker:10}{self.pose_weight:5.2f}  HOTA {self.hota:5.2f}  IDF1 {self.idf1:5.2f}  "
            f"MOTA {self.mota:5.2f}  IDSW {self.id_switches:5}  HOTA {self.hota_gain:+5.2f} +- "
            f"{self.hota_gain_error:4.2f} a clip, {self.better} better, {self.worse} worse;  "
            f"IDF1 {self.idf1_gain:+5.2f} +- {self.idf1_gain_error:4.2f}"
        )


def read_clips(folder: Path, clips: int, frames: int) -> list[tuple[str, MotTable]]:
    """Return the first `frames` frames of `clips` clips, spread over the folder's.

    Raises:
        DataError: the folder has no ground truth.
    """
    found = truth_folders(folder)
    chosen = [found[i] for i in np.unique(np.linspace(0, len(found) - 1, min(clips, len(found))).round().astype(int))]
    tables = []
    for name, place in chosen:
        path = truth_file(place)
        table = read_mot(path) if path is not None else MotTable.empty()
        tables.append((name, table.select(table.frame <= frames)))
    return tables


def track(
    clips: Sequence[tuple[str, MotTable]], poses: Floats, noise: Noise, tracker: str, weight: float, pace: int
) -> MotReport:
    """Track every clip's made-up detections, the same for every weight, and score the tracks."""
    sequences = []
    for number, (name, truth) in enumerate(clips):
        follower, rng, tracks = Tracker(tracker, pose_weight=weight), np.random.default_rng(number), []
        for rows, keypoints in detections(truth, truth.last_frame, poses, noise, rng, pace):
            tracks.append(follower.update(rows, keypoints=keypoints if weight else None))
        sequences.append(MotSequence(name, truth, tracks_table(tracks), truth.last_frame))
    return score_mot(sequences)


def measure(
    folder: Path,
    keypoints: Path,
    clips: int,
    frames: int,
    tracker: str,
    weights: Sequence[float],
    pace: int,
    alike: float = 0.0,
) -> list[Outcome]:
    """Return the outcome of every weight at every noise level, and print each as it comes.

    Raises:
        DataError: no ground truth, or no pose with enough labelled keypoints.
    """
    poses = poses_of(open_coco(keypoints))
    if not len(poses):
        raise DataError(f"{keypoints} has no pose with enough labelled keypoints", hint="give person_keypoints_*.json")
    poses = drawn_together(poses, alike)
    chosen, outcomes = read_clips(folder, clips, frames), []
    for noise in LEVELS:
        without = track(chosen, poses, noise, tracker, 0.0, pace)
        for weight in weights:
            report = track(chosen, poses, noise, tracker, weight, pace) if weight else without
            outcomes.append(Outcome.of(noise.name, tracker, weight, report, without))
            print(outcomes[-1].line(), flush=True)
    return outcomes


def main() -> None:
    """Print a line per weight and noise level; write them as JSON where asked to."""
    parser: Any = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path, help="folder of SEQUENCE/gt/gt.txt")
    parser.add_argument("keypoints", type=Path, help="COCO's person_keypoints_*.json, next to its images")
    parser.add_argument("--clips", type=int, default=30)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--tracker", default="bytetrack")
    parser.add_argument("--pace", type=int, default=10, help="frames from one drawn pose to the next")
    parser.add_argument("--alike", type=float, default=0.0, help="how far all poses are moved to their mean, 0 to 1")
    parser.add_argument("--weights", type=float, nargs="+", default=WEIGHTS)
    parser.add_argument("--json", type=Path)
    words = parser.parse_args()
    found = measure(
        words.truth, words.keypoints, words.clips, words.frames, words.tracker, words.weights, words.pace, words.alike
    )
    if words.json:
        words.json.write_text(json.dumps([asdict(outcome) for outcome in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
