"""Make `numa_deploy/assets/yolox-nano.onnx`: the model that works before a user has any.

The source is `yolox_nano.onnx` of Megvii's YOLOX (Apache-2.0; see assets/NOTICE-yolox.txt). The result depends on
the source, the photographs and this code only: the time in its build record is fixed.

Run: python tools/adopt_bundled.py PATH/TO/yolox_nano.onnx [OUTPUT]   (needs the export extra: onnx)
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import cv2

from numa_export.adopt import Family, adopt
from numa_runtime.contract import Thresholds

ASSETS = Path(__file__).resolve().parents[1] / "numa_deploy" / "assets"
SOURCE_SHA256 = "695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14"
CREATED = "2026-11-28T00:00:00+00:00"
SUITS = Thresholds(iou=0.45, track_high_thresh=0.5, new_track_thresh=0.6, match_thresh=0.8)
"""Its authors' IoU; the tracker's thresholds are measured in docs/how-to/tune-and-explain.md."""


def main(source: Path, output: Path) -> None:
    """Adopt `source` and write it with its contract and golden sample to `output`."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{source} is another file than the one that is bundled: sha256 {digest}")
    photos = [cv2.imread(str(path)) for path in sorted((ASSETS / "photos").glob("*.jpg"))]
    images = [photo for photo in photos if photo is not None]
    report = adopt(source, Family.YOLOX, output, images=images, name="yolox-nano", thresholds=SUITS, created=CREATED)
    print("\n".join(report.lines()))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else ASSETS / "yolox-nano.onnx")
