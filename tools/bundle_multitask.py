"""Make `numa_deploy/assets/multitask-p.pt` and `.onnx` from a training's best checkpoint (see assets/multitask-p.md).

The scores of balls are moved (one bias, so their order stays): what tells balls from lookalikes best becomes the score
from which `track` starts a ball.

The checkpoint keeps its averaged weights alone, not the state that a training goes on with. The ONNX is proved equal on
frames of the bundled rally, and its golden sample is one of its clips.

Run: python tools/bundle_multitask.py runs/train/NAME/weights/best.pt   (needs the train and export extras)
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from numa_deploy.network.checkpoint import load, save
from numa_deploy.training.ball_scores import BIRTH, move_scores
from numa_export.exporting import export
from numa_runtime.formats import Format
from numa_runtime.sources.source import open_source

ASSETS = Path(__file__).resolve().parents[1] / "numa_deploy" / "assets"
FRAMES = 40
BEST = 0.45
"""What few lookalikes reach, in made-up rallies as in footage: from there `track` is to start a ball."""


def main(best: Path) -> None:
    """Write both files."""
    network = load(best)
    assert network.track_head is not None
    move_scores(network.track_head, BEST, BIRTH)
    save(network, ASSETS / "multitask-p.pt")
    with open_source(ASSETS / "rally.mp4") as source:
        images = [frame.image for media in source for frame in islice(media, FRAMES)]
    report = export(network, Format.ONNX, images=images, output=ASSETS / "multitask-p.onnx")
    print("\n".join(report.lines()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
