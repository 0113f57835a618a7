"""How well the ball tracker holds a ball, with the head's next position and without.

Real flights (labels of ball positions) or flights made here; the network's answer is simulated from them: position
and next position with noise, misses, false balls that come and go, and one false spot that stays where it is.
Sight says what the next position knows: "none" is not used; "blind" goes straight on, as the newest frame of a clip
must; "back" is blind, and then seen again with the frame after in the clip; "full" always knows the frame after.
Lengths are pixels of a frame 640 px on its longer side. Run:
python benchmarks/studies/ball_following.py [LABELS.csv ...] [--rounds N] [--json FILE]

A CSV has a header with frame, x, y and, for frames without a ball, visibility 0 or x below 0; positions below 2 are
fractions of a 1280x720 frame, others its pixels.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.balls import BallTracker

WIDTH, HEIGHT = 640.0, 360.0
NEAR = 10.0  # a track within so many px of the ball follows it
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Flight:
    """One clip: where the ball is, float64 (n, 2), NaN where there is none, and seconds per frame."""

    name: str
    xy: Floats


@dataclass(frozen=True, slots=True)
class Head:
    """How good the network is: noise in px, chances per frame, false balls per frame."""

    name: str
    position_px: float
    next_px: float
    misses: float
    wrong_next: float
    false: float
    spot: float


HEADS = (
    Head("good", 0.7, 1.5, 0.03, 0.01, 0.05, 0.1),
    Head("fair", 1.5, 3.0, 0.10, 0.05, 0.3, 0.3),
    Head("weak", 2.5, 5.0, 0.25, 0.10, 1.0, 0.5),
    Head("poor", 3.0, 8.0, 0.40, 0.20, 2.0, 0.5),
)


class Sight(StrEnum):
    """What the network's next position knows of the next frame."""

    NONE = "none"
    BLIND = "blind"
    BACK = "back"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Score:
    """What became of one ball: shares are of the frames that show it.

    Attributes:
        covered: share of frames with a track within 10 px.
        switches: how often the covering id changes.
        identities: ids that ever covered it.
        born: ids in all.
        false_rows: tracked rows that follow no ball, per 100 frames.
        error_px: median distance of the covering track from the truth.
        detection_px: median distance of the detections themselves from the truth.
        update_us: microseconds per update.
    """

    covered: float
    switches: float
    identities: float
    born: float
    false_rows: float
    error_px: float
    detection_px: float
    update_us: float


def read_flight(path: Path) -> Flight:
    """Return the flight of a label file."""
    with path.open(encoding="utf-8") as file:
        rows = [{key.strip().lower(): value for key, value in row.items()} for row in csv.DictReader(file)]
    xy = np.array([[float(row["x"]), float(row["y"])] for row in rows])
    seen: NDArray[np.bool_] = np.all(xy > 0, axis=1)
    for flag in ("ball", "visibility"):
        if flag in rows[0]:
            seen &= np.array([float(row[flag]) > 0 for row in rows])
    xy = xy * [WIDTH, HEIGHT] if np.nanmax(xy) < 2 else xy / 2.0
    return Flight(path.stem, np.where(seen[:, None], xy, np.nan))


def make_flight(seed: int, frames: int = 300) -> Flight:
    """Return a rally: gravity, drag that grows with speed, a hit now and then, gaps of one frame mostly."""
    rng = np.random.default_rng(seed)
    at, to = np.array([150.0, 200.0]), np.array([9.0, -7.0])
    out = np.empty((frames, 2))
    for k in range(frames):
        out[k] = at
        speed = float(np.hypot(*to))
        to = to - 0.006 * speed * to + [0.0, 0.35]
        at = at + to
        toward = 1.0 if at[0] < WIDTH / 2 else -1.0
        if (to[1] > 0 and at[1] > HEIGHT - rng.uniform(30, 160)) or not 20 < at[0] < WIDTH - 20:
            angle, smash = rng.uniform(0.1, 1.2), rng.uniform() < 0.25
            power = rng.uniform(38, 55) if smash else np.clip(rng.lognormal(2.4, 0.5), 6, 45)
            to = power * np.array([toward * np.cos(angle), -np.sin(angle)])
            at = np.clip(at, [20, 20], [WIDTH - 20, HEIGHT - 20])
    gap = 0
    for k in range(frames):
        if gap == 0 and rng.uniform() < 0.03:
            gap = int(rng.choice([1, 1, 1, 2, 3, 5, 10]))
        if gap:
            out[k], gap = np.nan, gap - 1
    return Flight(f"made-{seed}", out)


def simulate(flight: Flight, head: Head, seed: int, sight: Sight) -> Iterator[tuple[Floats, Floats]]:
    """Yield each frame's balls (n, 6), and those of the frame before seen again, as the network would give them."""
    rng, again = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    spot = rng.uniform([40, 40], [WIDTH - 40, HEIGHT - 40])
    xy, coming = flight.xy, np.vstack([flight.xy[1:], [[np.nan, np.nan]]])
    before = np.zeros((0, 6))
    for k in range(len(xy)):
        rows = []
        if np.isfinite(xy[k, 0]) and rng.uniform() >= head.misses:
            knows = sight is Sight.FULL and np.isfinite(coming[k, 0])
            ahead = coming[k] if knows else _straight_on(xy, k)
            there = xy[k] + rng.normal(0, head.position_px, 2)
            then = ahead + rng.normal(0, head.next_px, 2)
            if rng.uniform() < head.wrong_next:
                then = there + rng.uniform(-40, 40, 2)
            rows.append([*there, *then, rng.beta(6, 2), 0.0])
        wrong = [rng.uniform([0, 0], [WIDTH, HEIGHT]) for _ in range(rng.poisson(head.false))]
        rows += [[*p, *(p + rng.uniform(-20, 20, 2)), rng.beta(2, 4), 0.0] for p in wrong]
        if rng.uniform() < head.spot:
            p = spot + rng.normal(0, head.position_px, 2)
            rows.append([*p, *(p + rng.normal(0, head.next_px, 2)), rng.beta(3, 4), 0.0])
        best = np.array(sorted(rows, key=lambda row: -row[4])[:5], np.float64).reshape(-1, 6)
        yield best, before
        before = _seen_again(xy, k, head, again) if sight is Sight.BACK else np.zeros((0, 6))


def _seen_again(xy: Floats, k: int, head: Head, rng: np.random.Generator) -> Floats:
    """Return what the next clip says of frame `k`: its own noise and misses, and the next position known."""
    missed, wrong = rng.uniform(size=2) < [head.misses, head.wrong_next]
    there, then = xy[k] + rng.normal(0, head.position_px, 2), xy[min(k + 1, len(xy) - 1)].copy()
    if missed or not np.isfinite([there, then]).all():
        return np.zeros((0, 6))
    then = there + rng.uniform(-40, 40, 2) if wrong else then + rng.normal(0, head.next_px, 2)
    return np.array([[*there, *then, rng.beta(6, 2), 0.0]])


def _straight_on(xy: Floats, k: int) -> Floats:
    before = xy[k - 1] if k and np.isfinite(xy[k - 1, 0]) else xy[k]
    ahead: Floats = 2 * xy[k] - before
    return ahead


def follow(flight: Flight, head: Head, seed: int, sight: Sight, **parameters: Any) -> dict[str, float]:
    """Return the counts of one simulated clip."""
    tracker = BallTracker(use_next=sight is not Sight.NONE, **parameters)
    covering: list[int] = []
    errors, raw, false, seconds = [], [], 0, 0.0
    for truth, (rows, before) in zip(flight.xy, simulate(flight, head, seed, sight), strict=True):
        start = perf_counter()
        tracks = tracker.update(rows, previous=before)
        seconds += perf_counter() - start
        away = np.hypot(*(tracks[:, :2] - truth).T) if np.isfinite(truth[0]) else np.full(len(tracks), np.inf)
        near = int(away.argmin()) if len(away) and away.min() <= NEAR else -1
        false += len(tracks) - (near >= 0)
        if near >= 0:
            covering.append(int(tracks[near, 2]))
            errors.append(float(away[near]))
            raw.append(float(np.hypot(*(rows[int(tracks[near, 5]), :2] - truth))))
    return {
        "visible": float(np.isfinite(flight.xy[:, 0]).sum()),
        "frames": len(flight.xy),
        "covered": len(covering),
        "switches": int(np.count_nonzero(np.diff(covering))) if covering else 0,
        "identities": len(set(covering)),
        "born": tracker.born,
        "false": false,
        "error": float(np.median(errors)) if errors else 0.0,
        "raw": float(np.median(raw)) if raw else 0.0,
        "seconds": seconds,
    }


def measure(flights: Sequence[Flight], head: Head, rounds: int, sight: Sight, **parameters: Any) -> Score:
    """Return the means over all flights and `rounds` seeds; counts are per 1,000 frames that show the ball."""
    runs = [follow(flight, head, seed, sight, **parameters) for flight in flights for seed in range(rounds)]
    total = {key: sum(run[key] for run in runs) for key in runs[0]}
    thousand = total["visible"] / 1000
    return Score(
        covered=total["covered"] / total["visible"],
        switches=total["switches"] / thousand,
        identities=total["identities"] / thousand,
        born=total["born"] / thousand,
        false_rows=100 * total["false"] / total["frames"],
        error_px=float(np.mean([run["error"] for run in runs])),
        detection_px=float(np.mean([run["raw"] for run in runs])),
        update_us=1e6 * total["seconds"] / total["frames"],
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    words = parser.parse_args()
    flights = [read_flight(path) for path in words.labels] or [make_flight(seed) for seed in range(4)]
    rows = []
    print(f"{'head':<6}{'sight':>7}{'covered':>9}{'switches':>10}{'ids':>7}{'born':>7}{'false':>7}{'px':>6}{'us':>6}")
    for head in HEADS:
        for sight in Sight:
            score = measure(flights, head, words.rounds, sight)
            rows.append({"head": head.name, "sight": sight.value, **asdict(score)})
            print(
                f"{head.name:<6}{sight.value:>7}{score.covered:>9.3f}{score.switches:>10.2f}"
                f"{score.identities:>7.1f}{score.born:>7.1f}{score.false_rows:>7.2f}{score.error_px:>6.2f}"
                f"{score.update_us:>6.0f}"
            )
    if words.json:
        words.json.write_text(json.dumps({"rows": rows}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
