"""Make `numa_deploy/assets/tiny/`: 24 labelled pictures, the default data of `numa-deploy benchmark`.

What it is: not a test set but a yardstick for formats. Four freely licensed photographs that scikit-image ships (two
persons, a cup, a cat) are placed on blurred textures, scaled, mirrored, dimmed or brightened, cut by the picture's
edge; the boxes were measured by hand once per photograph and follow the placement. The same four objects come
again and again, large and unhidden, so its mAP says whether two formats agree and nothing about how good a
model is.

Run: python tools/make_tiny_dataset.py [FOLDER]   (needs the dev extra: scikit-image)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

WIDTH, HEIGHT = 640, 480
COUNT, QUALITY, SEED = 24, 78, 20
NAMES = ("person", "cat", "cup")
OUTPUT = Path(__file__).resolve().parents[1] / "numa_deploy" / "assets" / "tiny"

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]

LICENSES = """\
Every picture here is made by tools/make_tiny_dataset.py from these, which scikit-image ships (skimage.data):

astronaut  Eileen Collins, photographed by NASA; public domain.
camera     A person with a camera, by Lav Varshney; CC0.
chelsea    Chelsea the cat, by Stefan van der Walt; CC0.
coffee     A cup of coffee, by Rachel Michetti; CC0.
grass      A meadow, by linolafett (DeviantArt); CC0.
gravel     Gravel, from CC0Textures; CC0.

The labels were made for this project and are under its licence, Apache-2.0.
"""
YAML = """\
# 24 pictures composed of four photographs by tools/make_tiny_dataset.py (licences: LICENSES.txt).
# A yardstick to compare formats of one model with; it says nothing about how good a model is.
path: .
train: images/val
val: images/val
names: [{names}]
"""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture, uint8 (h, w, 3) BGR, and its one object: index into NAMES and x1, y1, x2, y2 measured by hand."""

    picture: Image
    label: int
    box: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a photograph goes: its scale, the canvas pixel of its top left corner, mirrored or not."""

    scale: float
    left: float
    top: float
    mirrored: bool

    def apply(self, box: Box, width: int) -> Box:
        """Return where a box of a photograph of `width` lies on the canvas, cut at its edges."""
        x1, y1, x2, y2 = box
        if self.mirrored:
            x1, x2 = width - x2, width - x1
        return (
            float(np.clip(x1 * self.scale + self.left, 0, WIDTH)),
            float(np.clip(y1 * self.scale + self.top, 0, HEIGHT)),
            float(np.clip(x2 * self.scale + self.left, 0, WIDTH)),
            float(np.clip(y2 * self.scale + self.top, 0, HEIGHT)),
        )


def photographs() -> list[Photograph]:
    """Return the cast. Boxes: what one would draw by hand around person, cat and cup (handle in, saucer out)."""
    return [
        Photograph(_bgr(data.astronaut()), 0, (22, 15, 362, 512)),
        Photograph(_bgr(data.camera()), 0, (0, 64, 332, 512)),
        Photograph(_bgr(data.chelsea()), 1, (0, 0, 396, 300)),
        Photograph(_bgr(data.coffee()), 2, (173, 17, 409, 308)),
    ]


def _bgr(picture: NDArray[np.uint8]) -> Image:
    coloured = np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 else picture[..., ::-1]
    return np.ascontiguousarray(coloured)


def background(random: np.random.Generator) -> Image:
    """Return a blurred texture of the canvas' size in a random tint, uint8 (HEIGHT, WIDTH, 3)."""
    texture = (data.grass, data.gravel)[int(random.integers(2))]()
    blurred = cv2.GaussianBlur(texture, (0, 0), 3.0)
    field = cv2.resize(blurred, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.clip(field[..., None] * random.uniform(0.5, 0.9, 3), 0, 255).astype(np.uint8)


def place(canvas: Image, photograph: Photograph, where: Placement) -> None:
    """Draw the photograph on the canvas; what leaves it is cut off."""
    picture = photograph.picture[:, ::-1] if where.mirrored else photograph.picture
    size = (round(picture.shape[1] * where.scale), round(picture.shape[0] * where.scale))
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA)
    left, top = round(where.left), round(where.top)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + size[0], WIDTH), min(top + size[1], HEIGHT)
    canvas[y1:y2, x1:x2] = small[y1 - top : y2 - top, x1 - left : x2 - left]


def compose(number: int, cast: list[Photograph], random: np.random.Generator) -> tuple[Image, list[str]]:
    """Return picture `number` and its label rows; every third shows one object, the others two side by side."""
    canvas, rows = background(random), []
    count = 1 if number % 3 == 0 else 2
    room = WIDTH / count
    chosen = [cast[(number + step * (1 + number // len(cast))) % len(cast)] for step in range(count)]
    for slot, photograph in enumerate(chosen):
        where = _placement(photograph, slot * room, room, random)
        place(canvas, photograph, where)
        rows.append(_row(photograph.label, where.apply(photograph.box, photograph.picture.shape[1])))
    lit = np.clip(canvas * random.uniform(0.75, 1.2), 0, 255).astype(np.uint8)
    return lit, rows


def _placement(photograph: Photograph, start: float, room: float, random: np.random.Generator) -> Placement:
    """Fill 55 to 100 % of the slot, whole pixels; one in four sinks through the lower edge by up to a fifth."""
    height, width = photograph.picture.shape[:2]
    scale = min(room / width, HEIGHT / height) * random.uniform(0.55, 1.0)
    left = start + random.uniform(0, max(room - width * scale, 0))
    free = max(HEIGHT - height * scale, 0)
    top = free + random.uniform(0, 0.2) * height * scale if random.random() < 0.25 else random.uniform(0, free)
    return Placement(scale, float(round(left)), float(round(top)), bool(random.random() < 0.5))


def _row(label: int, box: Box) -> str:
    x1, y1, x2, y2 = box
    values = ((x1 + x2) / 2 / WIDTH, (y1 + y2) / 2 / HEIGHT, (x2 - x1) / WIDTH, (y2 - y1) / HEIGHT)
    return " ".join([str(label), *(f"{value:.6f}" for value in values)])


def main(folder: Path) -> None:
    """Write pictures, labels, data.yaml and licences into `folder`."""
    random, cast = np.random.default_rng(SEED), photographs()
    for part in ("images/val", "labels/val"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    total = 0
    for number in range(COUNT):
        picture, rows = compose(number, cast, random)
        path = folder / "images" / "val" / f"{number:02d}.jpg"
        if not cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
            raise SystemExit(f"{path} cannot be written")
        (folder / "labels" / "val" / f"{number:02d}.txt").write_text("\n".join(rows) + "\n")
        total += path.stat().st_size
    (folder / "data.yaml").write_text(YAML.format(names=", ".join(NAMES)))
    (folder / "LICENSES.txt").write_text(LICENSES)
    print(f"{folder}: {COUNT} pictures, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
