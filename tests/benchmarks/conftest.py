"""Drawn images with labels, and a session that finds the drawn rectangles by their colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import pytest
import yaml

from numa_runtime.contract import InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo

NAMES = ("red", "blue")
BGR = ((0, 0, 255), (255, 0, 0))
KEYPOINTS = 5
SIZE = (192, 256)

Change = Callable[[np.ndarray], np.ndarray]
"""Takes rows x1, y1, x2, y2, score, class in input pixels (float64), returns what the session says instead."""


def corner_points(boxes: np.ndarray) -> np.ndarray:
    """Return the four corners and the centre of boxes (n, 4) as keypoints (n, 5, 3), all seen."""
    x1, y1, x2, y2 = boxes.T
    xs = np.stack([x1, x2, x2, x1, (x1 + x2) / 2], axis=1)
    ys = np.stack([y1, y1, y2, y2, (y1 + y2) / 2], axis=1)
    return np.stack([xs, ys, np.full_like(xs, 2.0)], axis=2)


class ColourSession:
    """Finds the extent of pure red and pure blue in its input, as a perfect network would."""

    path, backend, device, record, golden = "colours.onnx", "fake", "cpu", None, None

    def __init__(
        self, *, keypoints: bool = False, names: tuple[str, ...] = NAMES, change: Change | None = None
    ) -> None:
        outputs = [OutputSpec("detections", (1, "rows", 6))]
        if keypoints:
            outputs.append(OutputSpec("keypoints", (1, "rows", KEYPOINTS, 3)))
        self.spec = ModelSpec(
            task=Task.POSE if keypoints else Task.DETECT,
            names=names,
            stride=32,
            input=InputSpec(*SIZE),
            outputs=tuple(outputs),
            layout=Layout.FINAL,
            keypoint_shape=(KEYPOINTS, 3) if keypoints else None,
        )
        self.inputs = (TensorInfo("images", (1, 3, *SIZE), "uint8"),)
        self.outputs: tuple[TensorInfo, ...] = ()
        self.calls = 0
        self._change = change or (lambda rows: rows)

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        assert batch.shape == (1, 3, *SIZE)
        assert batch.dtype == np.uint8
        self.calls += 1
        red, green, blue = batch[0].astype(int)
        found = []
        for label, mask in enumerate(((red - green - blue) > 128, (blue - green - red) > 128)):
            rows, columns = np.nonzero(mask)
            if len(rows):
                found.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, 0.9, label])
        rows = self._change(np.array(found, np.float64).reshape(-1, 6))
        outputs = {"detections": rows[None].astype(np.float32)}
        if self.spec.keypoint_shape:
            outputs["keypoints"] = corner_points(rows[:, :4])[None].astype(np.float32)
        return outputs

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def colour_session() -> type[ColourSession]:
    return ColourSession


def write_yolo(folder: Path, count: int = 6, *, keypoints: bool = False, seed: int = 0, **changes: Any) -> Path:
    """Draw images of differing sizes with one red and one blue rectangle each; return the path of data.yaml."""
    random = np.random.default_rng(seed)
    (folder / "images" / "val").mkdir(parents=True)
    (folder / "labels" / "val").mkdir(parents=True)
    for number in range(count):
        height, width = int(random.integers(150, 400)), int(random.integers(420, 640))
        image = np.full((height, width, 3), 90, np.uint8)
        lines = []
        for label in range(2):
            half = width // 2
            x1 = int(random.integers(10, half // 4)) + label * half
            y1 = int(random.integers(10, height // 4))
            x2, y2 = (
                x1 + int(random.integers(half // 2, half * 2 // 3)),
                y1 + int(random.integers(height // 2, height * 2 // 3)),
            )
            image[y1:y2, x1:x2] = BGR[label]
            box = np.array([[x1, y1, x2, y2]], float)
            values = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height]
            if keypoints:
                values += (corner_points(box)[0] / (width, height, 1)).ravel().tolist()
            lines.append(" ".join([str(label), *(f"{value:.8f}" for value in values)]))
        cv2.imwrite(str(folder / "images" / "val" / f"{number}.png"), image)
        (folder / "labels" / "val" / f"{number}.txt").write_text("\n".join(lines) + "\n")
    described: dict[str, Any] = {"path": str(folder), "val": "images/val", "names": list(NAMES)}
    if keypoints:
        described["kpt_shape"] = [KEYPOINTS, 3]
    path = folder / "data.yaml"
    path.write_text(yaml.safe_dump({**described, **changes}))
    return path


@pytest.fixture
def yolo_folder(tmp_path: Path) -> Path:
    return write_yolo(tmp_path / "drawn")


@pytest.fixture
def pose_folder(tmp_path: Path) -> Path:
    return write_yolo(tmp_path / "drawn-pose", keypoints=True)
