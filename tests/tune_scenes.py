"""Labelled clips in which a tracker's defaults lose: ghosts with middling scores stand among the walkers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from mot_files import write_mot

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.labels.mot_detections import rows_by_frame
from numa_benchmarks.tune.sequence import TuneSequence


def walkers(frames: int = 60, people: int = 4, seed: int = 0) -> MotTable:
    """Return people who walk at speeds of their own, apart from each other."""
    random = np.random.default_rng(seed)
    frame, person = (each.ravel() for each in np.meshgrid(np.arange(frames), np.arange(people), indexing="ij"))
    speed = random.uniform(-3, 3, people)[person]
    left = 300 + 40 * person + speed * frame
    ltwh = np.stack([left, 120.0 * person, np.full(len(frame), 40.0), np.full(len(frame), 90.0)], axis=1)
    return MotTable.of(frame + 1, person + 1, ltwh)


def ghosts(frames: int, count: int, seed: int = 0) -> MotTable:
    """Return boxes that stand somewhere for a few frames, with scores of 0.3 to 0.5."""
    random = np.random.default_rng(seed + 1000)
    rows = []
    for _ in range(count):
        start, length = int(random.integers(1, frames)), int(random.integers(4, 9))
        left, top = random.uniform(0, 900), random.uniform(0, 500)
        rows += [
            (frame, -1, left, top, 40.0, 90.0, random.uniform(0.3, 0.5))
            for frame in range(start, min(start + length, frames + 1))
        ]
    table = np.array(rows).reshape(-1, 7)
    return MotTable.of(table[:, 0], table[:, 1], table[:, 2:6], conf=table[:, 6])


def found(truth: MotTable, frames: int, seed: int = 0, clutter: int = 25) -> MotTable:
    """Return detections of `truth`: shaken by a pixel, some missed, scores 0.6 to 0.95, and ghosts among them."""
    random = np.random.default_rng(seed + 2000)
    seen = truth.select(random.random(len(truth)) > 0.05)
    boxes = seen.ltwh + random.normal(0, 1.0, (len(seen), 4))
    extra = ghosts(frames, clutter, seed)
    return MotTable.of(
        np.concatenate([seen.frame, extra.frame]),
        np.full(len(seen) + len(extra), -1),
        np.concatenate([boxes, extra.ltwh]),
        conf=np.concatenate([random.uniform(0.6, 0.95, len(seen)), extra.conf]),
    )


def ghostly(name: str = "a", seed: int = 0, frames: int = 60, clutter: int = 25) -> TuneSequence:
    """Return one such clip."""
    truth = walkers(frames, seed=seed)
    return TuneSequence(name, truth, rows_by_frame(found(truth, frames, seed, clutter), frames, name))


def write_sequences(folder: Path, names: tuple[str, ...] = ("a", "b", "c"), frames: int = 60) -> Path:
    """Write clips as MOTChallenge folders, NAME/gt/gt.txt, NAME/det/det.txt and seqinfo.ini; return the folder."""
    for seed, name in enumerate(names):
        truth = walkers(frames, seed=seed)
        write_mot(folder / name / "gt" / "gt.txt", truth)
        write_mot(folder / name / "det" / "det.txt", found(truth, frames, seed))
        (folder / name / "seqinfo.ini").write_text(
            f"[Sequence]\nname={name}\nframeRate=30\nseqLength={frames}\nimWidth=1000\nimHeight=600\n"
        )
    return folder
