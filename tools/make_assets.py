"""Make `numa_deploy/assets/photos/*.jpg`: the photographs that proofs and golden samples are made on.

scikit-image ships them: astronaut (NASA, public domain), coffee, chelsea and camera (CC0). A person, a cup on a
table, a cat and a person with a camera: COCO detectors find something in each. Sizes differ on purpose, so that
letterboxing is part of every proof.

Run: python tools/make_assets.py [FOLDER]   (needs the dev extra: scikit-image)
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

LONGEST_SIDE = 640
QUALITY = 85
OUTPUT = Path(__file__).resolve().parents[1] / "numa_deploy" / "assets" / "photos"
LICENSES = """\
astronaut.jpg  Eileen Collins, photographed by NASA; public domain.
coffee.jpg     A cup of coffee, by Rachel Michetti; CC0.
chelsea.jpg    Chelsea the cat, by Stefan van der Walt; CC0.
camera.jpg     A person with a camera, by Lav Varshney; CC0.

All four are shipped by scikit-image (skimage.data, which names their licences); tools/make_assets.py scaled them
to at most 640 px and saved them as JPEG.
"""


def photographs() -> dict[str, NDArray[np.uint8]]:
    """Return the pictures by name, uint8 (h, w, 3) BGR."""
    return {
        "astronaut": data.astronaut()[..., ::-1],
        "coffee": data.coffee()[..., ::-1],
        "chelsea": data.chelsea()[..., ::-1],
        "camera": np.repeat(data.camera()[..., None], 3, axis=2),
    }


def shrink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scale a picture so that its longest side is `LONGEST_SIDE`, and only ever down."""
    ratio = min(1.0, LONGEST_SIDE / max(picture.shape[:2]))
    size = (round(picture.shape[1] * ratio), round(picture.shape[0] * ratio))
    return np.ascontiguousarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA))


def main(folder: Path) -> None:
    """Write the photographs and their licence note into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in photographs().items():
        path = folder / f"{name}.jpg"
        if not cv2.imwrite(str(path), shrink(picture), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
            raise SystemExit(f"{path} cannot be written")
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB")
    (folder / "LICENSES.txt").write_text(LICENSES)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
