"""Make the picture of docs/how-to/re-entry.md: somebody leaves, somebody else is there, and the first comes back.

    PYTHONPATH=tests python tools/make_reentry_picture.py [--output docs/images/re-entry.jpg]

The frames are those of the tests: a camera turns over bundled photographs. Looks are mean colours of a crop's parts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray
from reentry_scene import frames
from reid_files import reid

from numa_deploy import YOLO

ROOT = Path(__file__).resolve().parents[1]
MOMENTS = (4, 40, 76)
WIDTH, GAP, BAND, QUALITY, WHITE = 300, 6, 26, 85, 255


def panels(seconds: float, moments: tuple[int, ...], captions: tuple[str, ...]) -> list[NDArray[np.uint8]]:
    """Return the chosen frames, tracked with a gallery of so many seconds and drawn as `track` draws them."""
    with TemporaryDirectory() as folder:
        words = {"reid": reid(Path(folder) / "colours.onnx"), "gallery": seconds} if seconds else {}
        found = list(YOLO().track(frames(), classes=[0], stream=True, **words))
    pictures = []
    for moment, caption in zip(moments, captions, strict=True):
        picture = cv2.resize(found[moment].plot(line_width=4, conf=False), (WIDTH, WIDTH), interpolation=cv2.INTER_AREA)
        band = np.full((BAND, WIDTH, 3), WHITE, np.uint8)
        cv2.putText(band, caption, (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.48, (0, 0, 0), 1, cv2.LINE_AA)
        pictures.append(np.vstack([picture, band]))
    return pictures


def main() -> None:
    """Write the strip."""
    parser = argparse.ArgumentParser(description="Make the picture of the page on re-entry.")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images" / "re-entry.jpg")
    options = parser.parse_args()
    shown = panels(60, MOMENTS, ("seen first", "1 is out of the picture", "back again"))
    shown += panels(0, MOMENTS[-1:], ("the same frame, no gallery",))
    edge = np.full((shown[0].shape[0], GAP, 3), WHITE, np.uint8)
    strip = np.hstack([part for picture in shown for part in (picture, edge)][:-1])
    cv2.imwrite(str(options.output), strip, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    print(f"{options.output}  {options.output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
