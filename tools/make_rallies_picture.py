"""Make the contact sheet of the page "Make rallies": three moments of a rally of each sport, with their labels.

    python tools/make_rallies_picture.py [--output docs/images/rallies.jpg]

Everything in it is made up, so it may be shown anywhere.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2

from numa_benchmarks.rally.rally_options import RallyOptions
from numa_benchmarks.rally.sports import Sport
from numa_benchmarks.rally.write import SHEET, write_rallies

ROOT = Path(__file__).resolve().parents[1]
SEED, WIDTH, QUALITY = 4, 960, 72


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "images" / "rallies.jpg")
    output = parser.parse_args().output
    with tempfile.TemporaryDirectory() as folder:
        options = RallyOptions(sport=tuple(Sport), rallies=len(Sport), seed=SEED, frames=40)
        write_rallies(options, Path(folder) / "rallies")
        sheet = cv2.imread(str(Path(folder) / "rallies" / SHEET))
    height = round(sheet.shape[0] * WIDTH / sheet.shape[1])
    small = cv2.resize(sheet, (WIDTH, height), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(output), small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    print(f"{output} {output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
