"""Small drawn images as YOLO folders: coloured rectangles on noise, keypoints at two corners; networks as small."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

NAMES = ("red", "green")
COLOURS = ((40, 40, 230), (60, 220, 60))
"""BGR of each class."""


def write_images(folder: Path, *, train: int = 4, val: int = 2, size=(96, 128), pose: bool = False) -> Path:
    """Write images of one to three rectangles; return their data.yaml."""
    rng = np.random.default_rng(0)
    for split, count in (("train", train), ("val", val)):
        for part in ("images", "labels"):
            (folder / part / split).mkdir(parents=True)
        for number in range(count):
            image, rows = draw(rng, size, 1 + number % 3, pose=pose)
            cv2.imwrite(str(folder / "images" / split / f"{number}.png"), image)
            (folder / "labels" / split / f"{number}.txt").write_text("".join(f"{row}\n" for row in rows))
    text = f"path: .\ntrain: images/train\nval: images/val\nnames: [{', '.join(NAMES)}]\n"
    if pose:
        text += "kpt_shape: [2, 3]\nflip_idx: [1, 0]\n"
    (folder / "data.yaml").write_text(text)
    return folder / "data.yaml"


def draw(rng, size, count, *, pose=False):
    """Return an image and its label rows: rectangles in columns of their own, left top and right top as keypoints."""
    height, width = size
    image = rng.integers(90, 130, (height, width, 3), dtype=np.uint8)
    rows = []
    for column in range(count):
        room = width // count
        w, h = int(rng.integers(20, min(room, 60) - 2)), int(rng.integers(24, 70))
        x, y = column * room + int(rng.integers(0, room - w)), int(rng.integers(0, height - h))
        label = int(rng.integers(0, len(NAMES)))
        image[y : y + h, x : x + w] = COLOURS[label]
        row = [label, (x + w / 2) / width, (y + h / 2) / height, w / width, h / height]
        if pose:
            row += [x / width, y / height, 2, (x + w) / width, y / height, 2]
        rows.append(" ".join(f"{value:.6g}" for value in row))
    return image, rows


def write_network(folder: Path, *, pose: bool = False) -> Path:
    """Write the configuration of a network of five layers and one level, stride 8; return it."""
    head = "PoseHead" if pose else "DetectHead"
    file = folder / "tiny.yaml"
    file.write_text(
        "nc: 80\n" + ("kpt_shape: [17, 3]\n" if pose else "") + "backbone:\n"
        "  - [-1, 1, Conv, [16, 3, 2]]\n"
        "  - [-1, 1, Conv, [24, 3, 2]]\n"
        "  - [-1, 1, Conv, [32, 3, 2]]\n"
        "  - [-1, 1, C2f, [32, true]]\n"
        f"head:\n  - [[3], 1, {head}, {{}}]\n"
    )
    return file
