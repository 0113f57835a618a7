"""How good each tracker is with each state, each output and after the offline pass, on the same detections.

MOT17 half-val with the YOLOX detections of the ByteTrack authors, or SportsMOT with made-up ones.

    python benchmarks/studies/tracker_quality.py MOT17/train --detections YOLOX [--warps GMC]
    python benchmarks/studies/tracker_quality.py SPORTSMOT/sportsmot-val --simulate --clips 30
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot import MotTable, read_detections, read_mot, read_seqinfo
from numa_benchmarks.labels.mot_detections import Rows, rows_by_frame, tracks_table
from numa_benchmarks.metrics.mot import MotScores, score_mot
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_runtime.tracking.offline.fill import Fill
from numa_runtime.tracking.offline.offline_pass import OfflinePass
from numa_runtime.tracking.tracker import Tracker

THRESHOLDS: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "strong": {"track_high_thresh": 0.6, "new_track_thresh": 0.7, "match_thresh": 0.9},
}
"""The default YAML's, and ByteTrack's published ones for YOLOX on MOT17."""

PUBLISHED: Mapping[str, Mapping[str, Any]] = {
    "sort": {"track_high_thresh": 0.6, "new_track_thresh": 0.7},
    "ocsort": {"track_high_thresh": 0.6, "new_track_thresh": 0.6, "match_thresh": 0.7, "fuse_score": False},
    "cbiou": {"track_high_thresh": 0.6, "new_track_thresh": 0.7},
    "hybridsort": {"track_high_thresh": 0.6, "new_track_thresh": 0.6, "match_thresh": 0.75},
    "tracktrack": {"track_high_thresh": 0.6, "new_track_thresh": 0.7, "match_thresh": 0.7},
    "boosttrack": {"track_high_thresh": 0.6, "new_track_thresh": 0.6},
    "fasttrack": {
        "track_high_thresh": 0.7,
        "track_low_thresh": 0.25,
        "new_track_thresh": 0.7,
        "match_thresh": 0.85,
    },
}
"""What "strong" is for trackers with published thresholds of their own, or without a match_thresh like ByteTrack's."""

LEAST_SEEN = 0.3
"""A simulated detector does not find what others cover by more than the rest of this share."""


def simulated(truth: MotTable, rng: np.random.Generator, frames: int) -> tuple[Rows, ...]:
    """Return made-up detections around labelled boxes, per frame (n, 6).

    The model: each side is off by 4 % of the box's (normal, independent); a box of which others in front (their lower
    edges are lower) cover the share c is found with probability .95 (1 - c), never if less than 30 % of it is seen;
    its score is beta(9, 2) (1 - c / 2); a false box comes with Poisson(.5) a frame and a score of uniform(.05, .5).
    """
    found = []
    boxes = np.column_stack([truth.ltwh[:, :2], truth.ltwh[:, :2] + truth.ltwh[:, 2:]])
    for frame in range(1, frames + 1):
        now = boxes[truth.frame == frame]
        covered = coverage(now)
        seen = (rng.uniform(size=len(now)) < 0.95 * (1 - covered)) & (1 - covered >= LEAST_SEEN)
        size = np.tile(now[:, 2:] - now[:, :2], 2)
        noisy = (now + rng.normal(0, 0.04, now.shape) * size)[seen]
        score = (rng.beta(9, 2, len(now)) * (1 - covered / 2))[seen]
        wrong = int(rng.poisson(0.5)) if len(now) else 0
        corner = rng.uniform(boxes.min(0)[:2], boxes.max(0)[2:], (wrong, 2))
        false = np.column_stack([corner, corner + rng.uniform(20, 160, (wrong, 2))])
        scores = np.concatenate([score, rng.uniform(0.05, 0.5, wrong)])
        found.append(np.column_stack([np.concatenate([noisy, false]), scores, np.zeros(len(scores))]))
    return tuple(found)


def coverage(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest share of each box (n, 4) that one other box in front of it covers."""
    if len(boxes) < 2:
        return np.zeros(len(boxes))
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    inter = np.clip(high - low, 0, None).prod(-1)
    share = inter / np.prod(boxes[:, 2:] - boxes[:, :2], -1)[:, None]
    share[boxes[:, None, 3] >= boxes[None, :, 3]] = 0
    largest: NDArray[np.float64] = share.max(1)
    return largest


class Clip:
    """One labelled sequence with its detections, and the camera's motion where it is known."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        info = read_seqinfo(folder / "seqinfo.ini")
        self.name, frames = folder.name, info.frames
        sequence = MotSequence(self.name, read_mot(folder / "gt" / "gt.txt"), MotTable.empty(), frames)
        if given.simulate:
            seed = int.from_bytes(self.name.encode()[-4:], "little")
            self.rows = simulated(sequence.truth, np.random.default_rng(seed), frames)
            self.sequence, self.first = sequence, 1
        else:
            found = read_detections(given.detections / f"{re.sub('-(FRCNN|DPM|SDP)$', '', self.name)}-SDP.txt")
            self.first = frames // 2 + 2
            self.rows = rows_by_frame(found, frames, self.name)[self.first - 1 :]
            self.sequence = sequence.second_half()
        self.fps = info.fps
        self.warps = _warps(given.warps, self.name) if given.warps else {}

    def track(self, name: str, values: Mapping[str, Any]) -> list[Rows]:
        """Follow the whole clip online; return each frame's tracks."""
        tracker = Tracker(name, **values, **({"gmc_method": "none"} if name == "botsort" else {}))
        found = []
        for index, rows in enumerate(self.rows):
            warp = self.warps.get(self.first + index) if index and name == "botsort" else None
            found.append(tracker.update(rows, timestamp=index / self.fps, warp=warp))
        return found


def _warps(folder: Path, name: str) -> dict[int, NDArray[np.float64]]:
    """Return the camera's motion into each frame (from 1), as UCMCTrack's files have it: frame from 0, six numbers."""
    number = name.split("-")[1]
    file = next(path for path in sorted(folder.rglob(f"*{number}*.txt")))
    rows = np.array([line.split() for line in file.read_text().splitlines()], np.float64)
    return {int(row[0]) + 1: row[1:7].reshape(2, 3) for row in rows}


def look_back(found: list[Rows], offline: OfflinePass) -> list[Rows]:
    """Return the tracks of a clip as the pass leaves them, frame by frame."""
    parts = [
        np.column_stack([np.full(len(rows), float(i)), rows[:, [4, 0, 1, 2, 3, 5, 6]]]) for i, rows in enumerate(found)
    ]
    table, _ = offline(np.concatenate(parts))
    return [table[table[:, 0] == i][:, [2, 3, 4, 5, 1, 6, 7]] for i in range(len(found))]


def cases(given: argparse.Namespace) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield (label, tracker, parameters) of everything that is compared."""
    for setting in given.thresholds.split(","):
        for name in given.trackers.split(","):
            values = dict(THRESHOLDS[setting])
            if setting == "strong":
                values = dict(PUBLISHED.get(name, values))
            for state in given.states.split(","):
                for output in given.outputs.split(","):
                    yield f"{name} {setting}", name, {**values, "state": state, "output": output}


def figures(clips: list[Clip], found: list[list[Rows]]) -> MotScores:
    """Return all clips' figures together."""
    scored = [replace(c.sequence, result=tracks_table(f)) for c, f in zip(clips, found, strict=True)]
    return score_mot(scored).combined


def main() -> None:
    """Print one row a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--detections", type=Path)
    parser.add_argument("--warps", type=Path)
    parser.add_argument("--simulate", action="store_true")
    parser.add_argument("--clips", type=int, default=10_000)
    parser.add_argument(
        "--trackers", default="bytetrack,sort,ocsort,botsort,cbiou,hybridsort,tracktrack,fasttrack,boosttrack"
    )
    parser.add_argument("--thresholds", default="default,strong")
    parser.add_argument("--states", default="xyah,xywh,xyxy,xysr")
    parser.add_argument("--outputs", default="filtered,matched")
    parser.add_argument("--offline", action="store_true", help="also after the offline pass, linear and gaussian")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folders = sorted(path.parents[1] for path in given.folder.glob("*/gt/gt.txt"))
    clips = [Clip(folder, given) for folder in folders[: given.clips]]
    rows = []
    for label, name, values in cases(given):
        online = [clip.track(name, values) for clip in clips]
        passes: list[tuple[str, OfflinePass | None]] = [("", None)]
        if given.offline:
            passes += [(f" + offline {fill}", OfflinePass(fill=fill)) for fill in Fill]
        for said, offline in passes:
            found = online if offline is None else [look_back(tracks, offline) for tracks in online]
            got = figures(clips, found)
            words = f"{label} {values['state']} {values['output']}{said}"
            print(f"| {words} | {got.hota:.2f} | {got.mota:.2f} | {got.idf1:.2f} | {got.id_switches} |", flush=True)
            rows.append({"case": words, **got.to_dict()})
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
