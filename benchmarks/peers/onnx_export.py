"""Our ONNX export and ultralytics' of the same network, in the same ONNX Runtime, in turns.

    python benchmarks/peers/onnx_export.py --setup                    make ultralytics' environment first
    python benchmarks/peers/onnx_export.py --file new=mine.onnx       one more file in the table
    python benchmarks/peers/onnx_export.py --imgsz 384 640 --network yolo11n

What is timed is the session alone: an input of the type and layout the file wants is ready. Ours takes uint8 and
returns the 1,000 best candidates, decoded; theirs takes float32 and returns all 8,400.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from numa_benchmarks.timing.failure import Failure
from numa_benchmarks.timing.machine import environment
from numa_peers.catalogue import ULTRALYTICS
from numa_peers.environment import default_home
from numa_peers.exports import export_ours, export_theirs
from numa_peers.file_contest import FileRules, compare, file_grid
from numa_peers.terminal import Terminal


def named(word: str) -> tuple[str, Path]:
    """Read NAME=FILE."""
    name, equals, path = word.partition("=")
    if not equals or not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"{word!r} is not NAME=FILE with a file that is there")
    return name, Path(path)


def main() -> int:
    """Export what is missing, time, and print the table."""
    usual = FileRules()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setup", action="store_true", help="make ultralytics' environment if it is missing")
    parser.add_argument("--home", type=Path, default=default_home(), help="where environments lie")
    parser.add_argument("--network", default="yolov8n", help="yolov8n, yolo11n, yolov8n-pose, ...")
    parser.add_argument("--imgsz", type=int, nargs=2, default=(640, 640), metavar=("H", "W"))
    parser.add_argument("--file", type=named, action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--fresh", action="store_true", help="export ours again")
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--frames", type=int, default=usual.frames, help="runs per turn")
    parser.add_argument("--threads", type=int, default=usual.threads)
    parser.add_argument("--spinning", action="store_true", help="let idle threads spin, as ONNX Runtime does unasked")
    parser.add_argument("--json", metavar="FILE", help="also write the figures as JSON (- = standard output)")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="also write the table as Markdown")
    parser.add_argument("--quiet", action="store_true", help="print --json and errors only")
    words = parser.parse_args()
    terminal = Terminal(words.quiet, words.json, words.markdown)
    folder, size = words.home / "exports", tuple(words.imgsz)
    try:
        if words.setup:
            ULTRALYTICS.setup(words.home, terminal.note)
        if words.fresh:
            for old in folder.glob("ours-*.onnx"):
                old.unlink()
        files = {
            "ultralytics": export_theirs(words.network, size, folder, words.home),
            "numa-deploy": export_ours(words.network, size, folder),
            **dict(words.file),
        }
        rules = FileRules(words.rounds, words.frames, words.threads, words.spinning)
        standings = compare(files, rules, terminal.watch())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    grid, place = file_grid(standings), environment(words.threads)
    footnote = (
        f"{words.network} {size[0]}x{size[1]}, onnxruntime {place['packages']['onnxruntime']}, "
        f"{words.threads} threads, {rules.rounds} rounds of {rules.frames}; "
        f"ratio: to {standings[0].name}, turn by turn. {place['cpu']}."
    )
    figures = {"rows": [one.to_dict() for one in standings], "network": words.network, "environment": place}
    terminal.finish([*grid.lines(), footnote], "\n".join([*grid.markdown(), "", footnote, ""]), figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
