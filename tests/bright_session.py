"""A session that really looks at its input: it finds the bounding box of bright pixels. Fast, exact, no file."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import numpy as np

from numa_runtime.contract import BuildRecord, Color, InputSpec, Layout, ModelSpec, OutputSpec, Task, Thresholds
from numa_runtime.sessions.base import TensorInfo

BRIGHT = 160


class BrightSession:
    """One detection per column half that holds bright pixels; class 0 on the left half of the input, 1 on the right."""

    backend = "test"
    device = "cpu, 1 thread"
    path = "bright.test"
    record: BuildRecord | None = None
    golden: str | None = None

    def __init__(self, size: tuple[int, int] = (64, 64), frames: int = 1, score: float = 0.9) -> None:
        gray = frames > 1
        door = InputSpec(*size, channels=1 if gray else 3, frames=frames, color=Color.GRAY if gray else Color.RGB)
        outputs = (OutputSpec("boxes", (1, 2, 4)), OutputSpec("scores", (1, 2, 2)))
        self.spec = ModelSpec(
            Task.DETECT, ("left", "right"), 32, door, outputs, Layout.CANDIDATES, name="bright", thresholds=Thresholds()
        )
        self.inputs = (TensorInfo("images", (1, door.planes, *size), "uint8"),)
        self.outputs = (TensorInfo("boxes", (1, 2, 4), "float32"), TensorInfo("scores", (1, 2, 2), "float32"))
        self.score = score
        self.seen: list[np.ndarray] = []
        self.closed = False

    def run(self, batch: np.ndarray) -> dict[str, np.ndarray]:
        self.seen.append(batch[0].copy())
        plane = batch[0, -1]
        boxes, scores = np.zeros((1, 2, 4), np.float32), np.zeros((1, 2, 2), np.float32)
        half = plane.shape[1] // 2
        for k in range(2):
            part = np.zeros_like(plane)
            part[:, k * half : (k + 1) * half] = plane[:, k * half : (k + 1) * half]
            ys, xs = np.nonzero(part > BRIGHT)
            if len(xs):
                boxes[0, k] = xs.min(), ys.min(), xs.max() + 1, ys.max() + 1
                scores[0, k, k] = self.score
        return {"boxes": boxes, "scores": scores}

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def frame_with(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (96, 128)) -> np.ndarray:
    """A dark BGR frame (height, width) with white rectangles x1, y1, x2, y2."""
    image: Any = np.full((*size, 3), 20, np.uint8)
    for x1, y1, x2, y2 in boxes:
        image[y1:y2, x1:x2] = 255
    return image
