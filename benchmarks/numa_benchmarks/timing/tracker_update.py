"""What one `Tracker.update` costs, against the number of objects.

Scenes have MOT17's mean density (21 objects per Full HD frame; the world grows with N), lognormal heights,
smooth motion, jitter, 5 % misses and 5 % false positives. "Quiet" is the median over frames of each frame's
best time in any round: the machine's slow phases do not count. Run: python -m numa_benchmarks.timing.tracker_update
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking import Tracker

DENSITY = 21 / (1920 * 1080)  # objects per square pixel


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of one update with `objects` in the scene: quiet median, plain median, 99th percentile."""

    objects: int
    quiet_us: float
    p50_us: float
    p99_us: float
    ids: int


def scene(objects: int, frames: int, seed: int = 0) -> list[NDArray[np.float64]]:
    """Return `frames` arrays of detections (n, 6) of `objects` walkers."""
    rng = np.random.default_rng(seed)
    side = np.sqrt(objects / DENSITY)
    size = np.array([side * 16 / 12, side * 9 / 12])
    centre = rng.uniform(0, 1, (objects, 2)) * size
    height = np.clip(rng.lognormal(np.log(150), 0.5, objects), 30, 600)
    width = height * rng.uniform(0.35, 0.5, objects)
    speed = rng.normal(0, 0.015, (objects, 2)) * height[:, None]
    out = []
    for _ in range(frames):
        speed += rng.normal(0, 0.0015, (objects, 2)) * height[:, None]
        centre += speed
        beyond = (centre < 0) | (centre > size)
        speed[beyond] *= -1
        centre = np.clip(centre, 0, size)
        seen = rng.uniform(size=objects) > 0.05
        shift = rng.normal(0, 0.02, (objects, 4)) * np.stack([width, height, width, height], 1)
        box = np.concatenate([centre - np.stack([width, height], 1) / 2, centre + np.stack([width, height], 1) / 2], 1)
        found = (box + shift)[seen]
        wrong = rng.poisson(0.05 * objects)
        low = rng.uniform(0, 1, (wrong, 2)) * size
        false = np.concatenate([low, low + rng.uniform(30, 200, (wrong, 2))], 1)
        score = np.concatenate([rng.beta(8, 2, len(found)), rng.uniform(0.05, 0.5, wrong)])
        rows = np.column_stack([np.concatenate([found, false]), score, np.zeros(len(score))])
        out.append(np.ascontiguousarray(rows[rng.permutation(len(rows))]))
    return out


def measure(objects: int, frames: int, rounds: int) -> Cost:
    """Run one scene `rounds` times with a fresh tracker each and return its cost (first 20 frames left out)."""
    detections = scene(objects, frames)
    times = np.zeros((rounds, frames))
    ids = 0
    for r in range(rounds):
        tracker = Tracker("bytetrack")
        for f, rows in enumerate(detections):
            begin = perf_counter_ns()
            tracker.update(rows)
            times[r, f] = perf_counter_ns() - begin
        ids = tracker.born
    used = times[:, 20:] / 1000
    quiet = float(np.median(used.min(0)))
    return Cost(objects, quiet, float(np.median(used)), float(np.percentile(used, 99)), ids)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    print(f"{'objects':>8} {'quiet us':>9} {'p50 us':>9} {'p99 us':>9} {'per object ns':>14} {'ids':>6}")
    for objects in options.objects:
        cost = measure(objects, options.frames, options.rounds)
        each = 1000 * cost.quiet_us / objects
        print(f"{objects:8d} {cost.quiet_us:9.1f} {cost.p50_us:9.1f} {cost.p99_us:9.1f} {each:14.0f} {cost.ids:6d}")


if __name__ == "__main__":
    main()
