"""Make rallies of photographs with labelled people: what real people look like, for a network that learnt drawn ones.

Each rally is a sheet of six to fifteen photographs over which a camera drifts, twelve frames long; each is cut around
somebody who is seen from head to foot. Everybody in them is a player; there is no ball. The pictures stay where they
are: only what a network learns from them may be passed on (COCO's annotations are CC BY 4.0, its images their owners').

Run: python tools/make_still_rallies.py OUTPUT DATA [DATA ...] [--rallies 220] [--seed 20000]
     DATA: person_keypoints_*.json of COCO, or the data.yaml of a pose folder
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.labels.records import LabelledImage
from numa_benchmarks.labels.write_annotation import annotation_text
from numa_benchmarks.rally import body
from numa_runtime.sources.pixels import read_image

Floats = NDArray[np.float64]

SIZE = (360, 640)
FRAMES = 12
SHEETS = ((2, 3), (2, 4), (3, 5))
"""Rows and columns of photographs."""

HIGH = (0.45, 0.9)
"""How high whoever a photograph is cut around comes to be, as a share of its cell."""

SHOULDERS = [body.LEFT_SHOULDER, body.RIGHT_SHOULDER]
HIPS, ANKLES = [body.LEFT_HIP, body.RIGHT_HIP], [body.LEFT_ANKLE, body.RIGHT_ANKLE]

SMALLEST = 12.0
"""Pixels: of people who are less high nothing is said that could be learnt, so they are painted over."""


def main() -> None:
    """Write the rallies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--rallies", type=int, default=220)
    parser.add_argument("--seed", type=int, default=20_000)
    words = parser.parse_args()
    photographs = [image for path in words.data for image in _people(path)]
    print(f"{len(photographs)} photographs, {sum(len(one.boxes) for one in photographs)} people")
    for number in range(words.rallies):
        rng = np.random.default_rng([words.seed, number])
        _write(words.output / "train" / f"stills-{words.seed}-{number:04d}", photographs, rng)
    text = ["# People in photographs, as rallies without a ball", "task: multitask", "train: train"]
    text += [
        "names: [player]",
        "ball_names: [ball]",
        f"kpt_shape: [{body.JOINTS}, 3]",
        f"flip_idx: {list(body.FLIP)}",
        "",
    ]
    (words.output / "data.yaml").write_text("\n".join(text), encoding="utf-8")


def _people(path: Path) -> list[LabelledImage]:
    """Return the images without a crowd in which somebody is seen from head to foot."""
    dataset = open_dataset(path, "train", keypoints=True)
    person = dataset.names.index("person")
    fitting = [one for one in dataset if (one.classes == person).all() and not one.crowd.any()]
    return [one for one in fitting if len(_whole(one))]


def _whole(image: LabelledImage) -> NDArray[np.int64]:
    """Return the rows of people with a shoulder, a hip and an ankle, upright, and large enough to be looked at."""
    known = image.keypoints[..., 2] > 0
    sides = image.boxes[:, 2:] - image.boxes[:, :2]
    parts = [known[:, pair].any(1) for pair in (SHOULDERS, HIPS, ANKLES)]
    return np.flatnonzero(np.logical_and.reduce([*parts, sides[:, 1] > 1.2 * sides[:, 0], sides[:, 1] > 50]))


def _write(folder: Path, photographs: list[LabelledImage], rng: np.random.Generator) -> None:
    sheet, labels = _sheet(photographs, rng)
    (folder / "frame").mkdir(parents=True)
    seen = []
    for number, matrix in enumerate(_drift(rng)):
        frame = cv2.warpAffine(sheet, matrix, SIZE[::-1], flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
        cv2.imwrite(str(folder / "frame" / f"{folder.name}_{number:06d}.jpg"), frame, [cv2.IMWRITE_JPEG_QUALITY, 90])
        seen.append(_moved(labels, matrix))
    (folder / "annotation.json").write_text(annotation_text(seen, SIZE), encoding="utf-8")


def _sheet(photographs: list[LabelledImage], rng: np.random.Generator) -> tuple[NDArray[np.uint8], FrameLabels]:
    """Return photographs side by side, each cut to its cell, and their people."""
    rows, columns = SHEETS[rng.integers(len(SHEETS))]
    height, width = SIZE[0] // rows, SIZE[1] // columns
    sheet = np.zeros((*SIZE, 3), np.uint8)
    boxes, points = [], []
    for cell in range(rows * columns):
        top, left = cell // columns * height, cell % columns * width
        photograph = photographs[rng.integers(len(photographs))]
        image = read_image(photograph.path)
        x1, y1, x2, y2 = photograph.boxes[rng.choice(_whole(photograph))].tolist()
        scale = rng.uniform(*HIGH) * height / (y2 - y1)
        x, y = rng.uniform(0.35, 0.65, 2) * (width, height) - scale * np.array([x1 + x2, y1 + y2]) / 2
        matrix = np.array([[scale, 0, x], [0, scale, y]])
        part = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=(114, 114, 114))
        here = _moved(FrameLabels.of((), photograph.boxes, photograph.keypoints), matrix, (height, width), part)
        sheet[top : top + height, left : left + width] = part
        boxes.append(here.boxes + np.tile([left, top], 2))
        points.append(here.keypoints + np.array([left, top, 0]) * (here.keypoints[..., 2:] > 0))
    return sheet, FrameLabels.of((), np.concatenate(boxes), np.concatenate(points))


def _drift(rng: np.random.Generator) -> list[Floats]:
    """Return how a slow camera sees the sheet in each frame, as affine maps (2, 3)."""
    start, speed = rng.uniform(-8, 8, 2), rng.normal(0, 1.2, 2)
    zoom, faster = rng.uniform(1.0, 1.08), rng.normal(0, 0.002)
    maps = []
    for number in range(FRAMES):
        scale = zoom + faster * number
        shift = start + speed * number + rng.normal(0, 0.15, 2)
        maps.append(np.array([[scale, 0, shift[0]], [0, scale, shift[1]]]))
    return maps


def _moved(
    labels: FrameLabels, matrix: Floats, size: tuple[int, int] = SIZE, picture: NDArray[np.uint8] | None = None
) -> FrameLabels:
    """Return the labels where a map takes them, cut at the edges; whoever is too small is painted over in `picture`."""
    height, width = size
    scale, shift = matrix[0, 0], matrix[:, 2]
    boxes = labels.boxes * scale + np.tile(shift, 2)
    whole = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    cut = np.clip(boxes, 0, np.tile([width, height], 2))
    sides = cut[:, 2:] - cut[:, :2]
    kept = (sides[:, 0] > SMALLEST / 3) & (sides[:, 1] > SMALLEST) & (sides.prod(1) > 0.2 * whole)
    if picture is not None:
        for x1, y1, x2, y2 in cut[~kept].astype(int).tolist():
            picture[y1 : y2 + 1, x1 : x2 + 1] = 128
    points = labels.keypoints.copy()
    points[..., :2] = points[..., :2] * scale + shift
    inside = ((points[..., :2] >= 0) & (points[..., :2] < [width, height])).all(-1) & (points[..., 2] > 0)
    points[~inside] = 0
    return FrameLabels.of((), cut[kept], points[kept])


if __name__ == "__main__":
    main()
