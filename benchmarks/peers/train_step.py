"""One training step of ours and of ultralytics', of the same network on the same batch, in turns.

    python benchmarks/peers/train_step.py --setup                      make ultralytics' environment first
    python benchmarks/peers/train_step.py --rounds 16 --json step.json
    python benchmarks/peers/train_step.py --python venv/bin/python     an environment that has ultralytics already

A step is what either trainer does with a batch that is there as bytes: floats, forward, loss, backward, clipped
gradients, SGD and averaged weights, in 32 bits on the CPU.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.machine import environment
from numa_peers.catalogue import ULTRALYTICS
from numa_peers.environment import default_home
from numa_peers.step_contest import OURS, THEIRS, StepRules, compare_steps, own_interpreter, step_grid
from numa_peers.terminal import Terminal


def main() -> int:
    """Time, and print the table."""
    usual = StepRules()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="make ultralytics' environment if it is missing")
    parser.add_argument("--home", type=Path, default=default_home(), help="where environments lie")
    parser.add_argument("--python", type=Path, help="the interpreter of another environment with ultralytics")
    parser.add_argument("--network", default=usual.network, help="yolov8n.yaml, yolo11n.yaml, ...")
    parser.add_argument("--imgsz", type=int, default=usual.side)
    parser.add_argument("--batch", type=int, default=usual.batch)
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--steps", type=int, default=usual.frames, help="steps per turn")
    parser.add_argument("--threads", type=int, default=usual.threads)
    parser.add_argument("--json", metavar="FILE", help="also write the figures as JSON (- = standard output)")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="also write the table as Markdown")
    parser.add_argument("--quiet", action="store_true", help="print --json and errors only")
    words = parser.parse_args()
    terminal = Terminal(words.quiet, words.json, words.markdown)
    rules = StepRules(words.network, words.imgsz, words.batch, words.rounds, words.steps, words.threads)
    try:
        if words.setup:
            ULTRALYTICS.setup(words.home, terminal.note)
        interpreters = {THEIRS: words.python or ULTRALYTICS.python(words.home), OURS: own_interpreter()}
        standings = compare_steps(interpreters, rules, words.home, terminal.watch())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    grid, place = step_grid(standings), environment(rules.threads)
    footnote = (
        f"{rules.network} {rules.side}x{rules.side}, batch {rules.batch}, {rules.threads} threads, "
        f"{rules.rounds} rounds of {rules.frames}; ratio: to {standings[0].name}, turn by turn. {place['cpu']}."
    )
    figures = {"rows": [one.to_dict() for one in standings], "network": rules.network, "environment": place}
    terminal.finish([*grid.lines(), footnote], "\n".join([*grid.markdown(), "", footnote, ""]), figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
