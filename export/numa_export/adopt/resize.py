"""Setting a graph to another input size: the input's shape, reshape targets and the grid's constants.

Exporters fold the grid of anchor centres and strides into constants, and some reshapes name the number of
cells. Each such constant is recognised exactly from the old size and written again for the new one; one that
has the old size built in and is not recognised is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from numa_export.graph.editor import dims_of
from numa_export.graph.image_input import image_input
from numa_runtime.contract.grid import STRIDES, cells
from numa_runtime.errors import ModelError, UsageError

_SHAPE_READERS = {"Reshape": 1, "Expand": 1, "Resize": 3, "ConstantOfShape": 0}
_FIRST_SPATIAL = 2  # batch and channels come first: a number of channels may equal a number of cells
_KEEP_ORIGINAL = "adopt it at its own size, or export it again from its own framework at the requested one"

Size = tuple[int, int]


def resize(model: onnx.ModelProto, height: int, width: int) -> onnx.ModelProto:
    """Return a copy of the model whose input is `[B, C, height, width]`; the model itself where it is that already.

    Raises:
        UsageError: not multiples of 32.
        ModelError: the graph has its size built in at a place that is not understood.
    """
    if height <= 0 or width <= 0 or height % 32 or width % 32:
        raise UsageError(f"an input size of {height}x{width} is not a multiple of 32", hint=_nearby(height, width))
    old_height, old_width = dims_of(image_input(model.graph))[2:]
    if (old_height, old_width) == (height, width):
        return model
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    if isinstance(old_height, int) and isinstance(old_width, int):
        _Sizes((old_height, old_width), (height, width)).rewrite(copy.graph)
    dims = image_input(copy.graph).type.tensor_type.shape.dim
    dims[2].dim_value, dims[3].dim_value = height, width
    return _infer(copy, height, width)


def _nearby(height: int, width: int) -> str:
    rounded = [max(32, round(value / 32) * 32) for value in (height, width)]
    return f"--imgsz {rounded[0]} {rounded[1]}"


def _infer(model: onnx.ModelProto, height: int, width: int) -> onnx.ModelProto:
    """Let all shapes follow from the input; what the file said about them is forgotten first."""
    del model.graph.value_info[:]
    for value in model.graph.output:
        for dim in value.type.tensor_type.shape.dim:
            dim.Clear()
    try:
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    except onnx.shape_inference.InferenceError as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise ModelError(f"the graph does not work at {height}x{width}: {reason}", hint=_KEEP_ORIGINAL) from error
    return inferred


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of the grid at the old and at the new size (rows, columns)."""

    stride: int
    old: Size
    new: Size


class _Sizes:
    """Translates every number that depends on the input size."""

    def __init__(self, old: Size, new: Size) -> None:
        self.old, self.new = old, new
        every = sorted({stride for strides in STRIDES for stride in strides} | {2})
        self.levels = [
            _Level(stride, (old[0] // stride, old[1] // stride), (new[0] // stride, new[1] // stride))
            for stride in every
        ]
        self.anchors = {cells(*old, strides): strides for strides in STRIDES}

    def rewrite(self, graph: onnx.GraphProto) -> None:
        """Rewrite the shape constants and the grid constants of a graph in place."""
        shapes = {
            node.input[_SHAPE_READERS[node.op_type]]
            for node in graph.node
            if len(node.input) > _SHAPE_READERS.get(node.op_type, 9)
        }
        for init in graph.initializer:
            self._tensor(init, init.name in shapes)
        for node in graph.node:
            if node.op_type == "Constant":
                for attribute in node.attribute:
                    if attribute.HasField("t"):
                        self._tensor(attribute.t, node.output[0] in shapes, node.output[0])

    def _tensor(self, tensor: onnx.TensorProto, is_shape: bool, name: str = "") -> None:
        if not is_shape and not any(dim in self.anchors for dim in tensor.dims):
            return
        values = numpy_helper.to_array(tensor)
        changed = self._shape(values) if is_shape else self._grid(values, name or tensor.name)
        tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(changed), tensor.name))

    def _shape(self, values: NDArray[Any]) -> NDArray[Any]:
        """Translate a target shape: rows and columns of a level side by side, its cells, or all anchors."""
        dims = values.tolist()
        for index in range(len(dims)):
            pair = next((level for level in self.levels if tuple(dims[index : index + 2]) == level.old), None)
            if pair is not None and index == len(dims) - 2 and len(dims) >= 4:
                dims[index : index + 2] = pair.new
                break
            if index >= _FIRST_SPATIAL or dims[index] in self.anchors:
                dims[index] = self._count(dims[index])
        return np.asarray(dims, values.dtype)

    def _count(self, number: int) -> int:
        if number in self.anchors:
            return cells(*self.new, self.anchors[number])
        level = next(
            (level for level in self.levels if level.stride >= 8 and number == level.old[0] * level.old[1]), None
        )
        return level.new[0] * level.new[1] if level else number

    def _grid(self, values: NDArray[Any], name: str) -> NDArray[Any]:
        """Translate a constant that has one number per anchor."""
        axis = next(i for i, dim in enumerate(values.shape) if dim in self.anchors)
        strides = self.anchors[values.shape[axis]]
        rows = np.moveaxis(values, axis, -1)
        flat = rows.reshape(-1, rows.shape[-1])
        meanings = [_meaning(row, self.old, strides) for row in flat]
        if None in meanings:
            raise ModelError(
                f"the input size cannot be changed: the constant {name} {list(values.shape)} has "
                f"{self.old[0]}x{self.old[1]} built in and is not a grid of centres or strides",
                hint=_KEEP_ORIGINAL,
            )
        rewritten = np.stack([meaning(self.new, strides) for meaning in meanings if meaning]).astype(values.dtype)
        return np.moveaxis(rewritten.reshape(*rows.shape[:-1], rewritten.shape[-1]), -1, axis)


_Row = Callable[[Size, tuple[int, ...]], NDArray[np.float64]]


def _meaning(row: NDArray[Any], size: Size, strides: tuple[int, ...]) -> _Row | None:
    """Return what makes this row at any size: a coordinate of the centres (in cells or pixels) or the stride."""
    return next((make for make in _ROWS if np.array_equal(make(size, strides).astype(row.dtype), row)), None)


def _row_maker(axis: int, offset: float, in_pixels: bool) -> _Row:
    def make(size: Size, strides: tuple[int, ...]) -> NDArray[np.float64]:
        parts = []
        for stride in strides:
            position = np.indices((size[0] // stride, size[1] // stride))[axis].ravel() + offset
            parts.append(position * (stride if in_pixels else 1))
        return np.concatenate(parts)

    return make


def _stride_row(size: Size, strides: tuple[int, ...]) -> NDArray[np.float64]:
    return np.concatenate([np.full((size[0] // stride) * (size[1] // stride), float(stride)) for stride in strides])


_ROWS: list[_Row] = [
    _stride_row,
    *(_row_maker(axis, offset, pixels) for axis in (0, 1) for offset in (0.0, 0.5) for pixels in (False, True)),
]
