"""Small generated rallies as folders: annotation.json beside frames, and the data.yaml that names them."""

import json
from pathlib import Path

import cv2
import numpy as np

from numa_benchmarks.rally.scene import Scene
from numa_benchmarks.rally.sports import Sport

SIZE = (64, 96)


def write_rallies(folder: Path, *, train: int = 2, val: int = 1, frames: int = 8, size=SIZE) -> Path:
    """Write rallies of `frames` frames and return their data.yaml."""
    number = 0
    for split, count in (("train", train), ("val", val)):
        for _ in range(count):
            number += 1
            write_rally(folder / split / f"rally-{number}", number, frames if split == "train" else frames // 2, size)
    text = "path: .\ntrain: train\nval: val\nnames: [player]\nball_names: [ball]\nkpt_shape: [17, 3]\n"
    (folder / "data.yaml").write_text(text)
    return folder / "data.yaml"


def write_rally(folder: Path, seed: int, frames: int, size=SIZE) -> None:
    """Write one rally; a second ball that everybody sees is painted in, for small scenes often hide theirs."""
    (folder / "frame").mkdir(parents=True)
    said = []
    for number, shot in enumerate(Scene(Sport.BADMINTON, seed, size, frames)):
        x, y = 20.0 + 4 * number, 12.0 + number
        cv2.circle(shot.image, (int(x), int(y)), 2, (255, 255, 255), -1)
        cv2.imwrite(str(folder / "frame" / f"{number}.png"), shot.image)
        balls = [*shot.labels.balls.tolist(), [x, y]] if x < size[1] - 1 else shot.labels.balls.tolist()
        players = [_player(*one) for one in zip(shot.labels.boxes, shot.labels.keypoints, strict=True)]
        said.append({"Frame": number, "Balls": [{"X": a, "Y": b} for a, b in balls], "Players": players})
    (folder / "annotation.json").write_text(json.dumps(said))


def _player(box, points):
    (x1, y1, x2, y2), points = box.tolist(), np.asarray(points).tolist()
    corner = {"X": (x1 + x2) / 2, "Y": (y1 + y2) / 2, "Width": x2 - x1, "Height": y2 - y1}
    return {"Bounding Box": corner, "Keypoints": [{"X": x, "Y": y, "V": v} for x, y, v in points]}
