"""What `track` costs of its own per frame, beyond decoding and the session: A B A B in one run.

A: our whole pipeline (letterbox, decode of the outputs, NMS, tracker, results, MOT text and JSON lines).
B: the bare loop anybody would write first: the same decoder, the same input array into the same session.
C: A with the drawn and encoded video too.

Run on an idle machine: python benchmarks/studies/track_overhead.py VIDEO MODEL [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start import start_run
from numa_runtime.sessions import Session, load
from numa_runtime.sources.source import open_source


def bare_ms(video: str, session: Session) -> float:
    """Return milliseconds per frame of decoding and running the session, nothing else."""
    size = session.spec.input
    batch = np.full((1, size.planes, size.height or 640, size.width or 640), 114, size.dtype)
    start, frames = perf_counter(), 0
    for media in open_source(video):
        for _ in media:
            session.run(batch)
            frames += 1
    return 1e3 * (perf_counter() - start) / frames


def track_ms(video: str, session: Session, *, pictures: bool) -> tuple[float, dict[str, float]]:
    """Return milliseconds per frame of a whole tracking run, and its own account by stage."""
    with tempfile.TemporaryDirectory() as folder:
        written = {"project": folder, "save_mot": True, "save_jsonl": True, "save": pictures}
        options = TrackRunOptions.of({"source": video, **written})
        run = start_run(options, Model(session), follower=make_follower())
        start = perf_counter()
        frames = sum(1 for _ in run)
        return 1e3 * (perf_counter() - start) / frames, run.summary.stage_ms


def measure(video: str, model: str, rounds: int) -> dict[str, object]:
    """Run the rounds and return medians: milliseconds per frame."""
    own, bare, drawn, stages = [], [], [], []
    with load(model) as session:
        track_ms(video, session, pictures=False)
        for _ in range(rounds):
            total, account = track_ms(video, session, pictures=False)
            own.append(total)
            stages.append(account)
            bare.append(bare_ms(video, session))
            drawn.append(track_ms(video, session, pictures=True)[0])
    return {
        "video": Path(video).name,
        "model": Path(model).name,
        "rounds": rounds,
        "track_total_ms": median(own),
        "decode_and_session_ms": median(bare),
        "own_ms": median(own) - median(bare),
        "own_ms_pairwise": median(a - b for a, b in zip(own, bare, strict=True)),
        "with_video_ms": median(drawn),
        "stages_ms": {name: median(s[name] for s in stages) for name in stages[0]},
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video")
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=5)
    words = parser.parse_args()
    print(json.dumps(measure(words.video, words.model, words.rounds), indent=2))


if __name__ == "__main__":
    main()
