"""Make the picture of the README: moments of the bundled rally as the bundled multitask network sees it.

    python tools/make_picture_strip.py [--output docs/images/rally-strip.jpg]

The frames are those that `numa-deploy track --model multitask --source rally` draws; the rally is made up.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_deploy import YOLO
from numa_runtime.vision.draw import Trails

ROOT = Path(__file__).resolve().parents[1]
MOMENTS = (60, 75, 90)
WIDTH, GAP, QUALITY, WHITE = 600, 6, 85, 255


def strip(moments: tuple[int, ...] = MOMENTS) -> NDArray[np.uint8]:
    """Return the chosen frames side by side, drawn as `track` draws them."""
    pictures, trails = [], Trails()
    for result in YOLO("multitask").track(stream=True):
        trails.update(result)
        if result.frame_index in moments:
            picture = result.plot(line_width=3, conf=False, trails=trails)
            height = round(picture.shape[0] * WIDTH / picture.shape[1])
            pictures.append(cv2.resize(picture, (WIDTH, height), interpolation=cv2.INTER_AREA))
    edge = np.full((pictures[0].shape[0], GAP, 3), WHITE, np.uint8)
    parts = [part for picture in pictures for part in (picture, edge)][:-1]
    return np.hstack(parts)


def main() -> None:
    """Write the strip."""
    parser = argparse.ArgumentParser(description="Make the picture of the README.")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images" / "rally-strip.jpg")
    parser.add_argument("--moments", type=int, nargs="+", default=MOMENTS)
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(options.output), strip(tuple(options.moments)), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    print(f"{options.output}  {options.output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
