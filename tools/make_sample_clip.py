"""Make `numa_deploy/assets/sample.mp4`: photographs that wander, cross and hide each other.

What it is: not footage of a street but a stage play. Four photographs that scikit-image ships (astronaut:
NASA, public domain; camera, coffee, chelsea: CC0 by their photographers) are cut out as cards and moved
over a textured background (grass, CC0), two persons crossing in front of each other twice. It shows that
ids survive a crossing; it says nothing about accuracy.

Run: python tools/make_sample_clip.py [OUTPUT]   (needs the dev extra: scikit-image)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 25, 8
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Card:
    """A photograph and its way: centre(t) = start + amplitude * sin(2 pi (t / period + phase))."""

    picture: Image
    height: int
    centre: tuple[float, float]
    amplitude: tuple[float, float]
    period: tuple[float, float]
    phase: tuple[float, float]

    def position(self, t: float) -> tuple[float, float]:
        """Return the card's centre in pixels at `t` seconds."""
        x, y = (
            c + a * np.sin(2 * np.pi * (t / p + f))
            for c, a, p, f in zip(self.centre, self.amplitude, self.period, self.phase, strict=True)
        )
        return float(x), float(y)


def cards() -> list[Card]:
    """Return the cast, back to front."""
    camera = np.repeat(data.camera()[..., None], 3, axis=2)[:, 50:410]
    return [
        Card(data.coffee(), 330, (280, 545), (60, 20), (9.0, 4.5), (0.05, 0.1)),
        Card(data.chelsea()[:, 60:420], 340, (1000, 540), (70, 20), (8.0, 3.1), (0.4, 0.3)),
        Card(data.astronaut()[:, 70:350], 370, (640, 240), (430, 25), (6.4, 4.1), (-0.25, 0.2)),
        Card(camera, 340, (640, 200), (430, 18), (6.4, 3.7), (0.25, 0.0)),
    ]


def background() -> Image:
    """Return a dim, blurred meadow of WIDTH x HEIGHT."""
    tile = cv2.GaussianBlur(data.grass(), (0, 0), 2.0)
    field = cv2.resize(np.tile(tile, (2, 3)), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    tint = np.array([0.55, 0.75, 0.60], np.float32)
    return np.clip(field[..., None] * tint, 0, 255).astype(np.uint8)


def place(canvas: Image, picture: Image, centre: tuple[float, float]) -> None:
    """Draw `picture` with its centre at a sub-pixel position; what leaves the canvas is cut off."""
    height, width = picture.shape[:2]
    shift = np.array([[1, 0, centre[0] - width / 2], [0, 1, centre[1] - height / 2]], np.float32)
    mask = np.ones((height, width), np.float32)
    moved = cv2.warpAffine(picture, shift, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR).astype(np.float32)
    cover = cv2.warpAffine(mask, shift, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)[..., None]
    canvas[:] = (canvas * (1 - cover) + moved * np.minimum(cover, 1)).astype(np.uint8)


def main(output: Path) -> None:
    """Render and encode the clip."""
    field, cast = background(), cards()
    pictures = [cv2.resize(c.picture, None, fx=c.height / len(c.picture), fy=c.height / len(c.picture)) for c in cast]
    with av.open(str(output), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", Fraction(FPS), options={"crf": "27", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index in range(FPS * SECONDS):
            canvas = field.copy()
            for card, picture in zip(cast, pictures, strict=True):
                place(canvas, picture, card.position(index / FPS))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(canvas, format="rgb24")))
        container.mux(stream.encode())
    print(f"{output}: {output.stat().st_size / 1e6:.2f} MB, {FPS * SECONDS} frames")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "numa_deploy/assets/sample.mp4")
