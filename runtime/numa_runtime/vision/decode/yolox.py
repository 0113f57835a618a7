"""Raw YOLOX files: [B, A, 5 + nc] offsets on a grid, objectness and classes already through the sigmoid.

Ge et al., YOLOX: Exceeding YOLO Series in 2021 (arXiv 2107.08430): centre = (xy + cell) * stride,
size = exp(wh) * stride, score = objectness * class.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.contract.grid import strides_for
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, only_output
from numa_runtime.vision.decode.suppress import suppress
from numa_runtime.vision.decode.ultralytics import corners

Grid = tuple[NDArray[np.float32], NDArray[np.float32]]


class YoloxDecoder:
    """Decodes only anchors whose objectness passes: no class score can exceed it."""

    def __init__(self, spec: ModelSpec, size: tuple[int, int] | None = None) -> None:
        self._spec = spec
        height, width = size or (None, None)
        self._size = spec.input.height or height, spec.input.width or width
        self._grid = np.zeros((0, 2), np.float32), np.zeros(0, np.float32)

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`.

        Raises:
            ContractError: no such output, or its anchors do not fit the input size.
        """
        raw = only_output(self._spec, outputs, item)
        cells, strides = self._grid_for(raw.shape)
        passed = np.flatnonzero(raw[:, 4] > options.conf)
        rows = np.asarray(raw[passed], np.float32)
        stride = strides[passed, None]
        rows[:, :2] = (rows[:, :2] + cells[passed]) * stride
        rows[:, 2:4] = np.exp(rows[:, 2:4]) * stride
        return Decoded(suppress(corners(rows[:, :4]), rows[:, 4:5] * rows[:, 5:], None, options))

    def _grid_for(self, shape: tuple[int, ...]) -> Grid:
        if len(self._grid[1]) != shape[0]:
            self._grid = self._made(shape)
        return self._grid

    def _made(self, shape: tuple[int, ...]) -> Grid:
        height, width = self._size
        if not (height and width):
            raise ContractError(
                "a raw YOLOX file of dynamic size cannot be decoded: its input size is not known",
                hint="decoder_for(spec, size) takes it",
            )
        strides = strides_for(shape[0], height, width)
        named = len(self._spec.names)
        if strides is None or shape[1] < 6 or (named and shape[1] != 5 + named):
            name = self._spec.outputs[0].name if self._spec.outputs else "output"
            wanted = f"(anchors, 5 + {named or 'nc'} classes) with the anchors of a {height}x{width} input"
            raise bad_shape(name, shape, wanted)
        return grid(height, width, strides)


def grid(height: int, width: int, strides: tuple[int, ...]) -> Grid:
    """Return the cells (A, 2) x, y and the strides (A,) of an input of this size, level by level, row by row."""
    cells, lengths = [], []
    for stride in strides:
        y, x = np.mgrid[: ceil(height / stride), : ceil(width / stride)]
        cells.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        lengths.append(np.full(x.size, stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(lengths).astype(np.float32)
