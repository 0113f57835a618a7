"""Raw YOLOX files: [B, A, 5 + nc] offsets on a grid, objectness and classes already through the sigmoid.

Ge et al., YOLOX: Exceeding YOLO Series in 2021 (arXiv 2107.08430): centre = (xy + cell) * stride,
size = exp(wh) * stride, score = objectness * class.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, only_output
from numa_runtime.vision.decode.suppress import suppress
from numa_runtime.vision.decode.ultralytics import corners

STRIDES = (8, 16, 32)


class YoloxDecoder:
    """Decodes only anchors whose objectness passes: no class score can exceed it."""

    def __init__(self, spec: ModelSpec, size: tuple[int, int] | None = None) -> None:
        self._spec = spec
        height, width = spec.input.height or (size or (0, 0))[0], spec.input.width or (size or (0, 0))[1]
        if not (height and width):
            raise ContractError(
                "a raw YOLOX file of dynamic size cannot be decoded without its input size",
                hint="adopt it (numa-deploy adopt FILE --family yolox) or pass imgsz",
            )
        self._size = height, width
        self._cells, self._strides = grid(height, width)

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`.

        Raises:
            ContractError: no such output, or its anchors do not fit the input size.
        """
        raw = only_output(self._spec, outputs, item)
        if raw.shape[0] != len(self._cells) or raw.shape[1] < 6:
            name = self._spec.outputs[0].name if self._spec.outputs else "output"
            wanted = f"({len(self._cells)}, 5 + classes) at {self._size[0]}x{self._size[1]}"
            raise bad_shape(name, raw.shape, wanted)
        passed = np.flatnonzero(raw[:, 4] > options.conf)
        rows = np.asarray(raw[passed], np.float32)
        stride = self._strides[passed, None]
        rows[:, :2] = (rows[:, :2] + self._cells[passed]) * stride
        rows[:, 2:4] = np.exp(rows[:, 2:4]) * stride
        return Decoded(suppress(corners(rows[:, :4]), rows[:, 4:5] * rows[:, 5:], None, options))


def grid(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the cells (A, 2) x, y and the strides (A,) of an input of this size, level by level, row by row."""
    cells, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: height // stride, : width // stride]
        cells.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        strides.append(np.full(x.size, stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)
