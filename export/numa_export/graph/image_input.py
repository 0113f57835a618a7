"""The uint8 input: pixels come in as they are, cast and scaling happen in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from numa_export.graph.editor import PREFIX, GraphEditor, dims_of, rename_tensor
from numa_runtime.errors import ModelError

INPUT_NAME = "images"
_KINDS = {TensorProto.FLOAT: "float32", TensorProto.FLOAT16: "float16", TensorProto.UINT8: "uint8"}


def image_input(graph: onnx.GraphProto) -> onnx.ValueInfoProto:
    """Return the one input that is not an initialiser.

    Raises:
        ModelError: the graph has none or several, or it is not `[B, C, H, W]`.
    """
    stored = {init.name for init in graph.initializer}
    inputs = [value for value in graph.input if value.name not in stored]
    if len(inputs) != 1:
        names = ", ".join(value.name for value in inputs) or "none"
        raise ModelError(f"the graph has {len(inputs)} inputs ({names}); one image input is needed")
    shape = dims_of(inputs[0])
    if len(shape) != 4:
        raise ModelError(f"the input {inputs[0].name} has shape {list(shape)}; an image batch [B, C, H, W] is needed")
    return inputs[0]


def add_uint8_input(
    editor: GraphEditor,
    *,
    scale: float = 1.0,
    mean: Sequence[float] = (),
    std: Sequence[float] = (),
    name: str = INPUT_NAME,
) -> None:
    """Replace the float input by a uint8 one of the same shape; one that is uint8 already is only renamed.

    Cast is the very first node (TensorRT takes a uint8 input in no other way), then a Mul by `scale` in
    float32 unless it is 1, and an Add where there is a mean, then a Cast to half where the network is half.

    Args:
        editor: of the graph, which is changed in place.
        scale: what the network's old input expected pixels to be multiplied with.
        mean: what is subtracted then, for each channel.
        std: what is divided by then, for each channel.
        name: of the new input.

    Raises:
        ModelError: the input is not an image batch of floats or bytes.
    """
    graph = editor.graph
    old = image_input(graph)
    kind = old.type.tensor_type.elem_type
    if kind not in _KINDS:
        word = TensorProto.DataType.Name(kind).lower()
        raise ModelError(f"the input {old.name} has dtype {word}; float or uint8 is needed")
    _free_name(editor, old.name, name)
    if kind == TensorProto.UINT8:
        rename_tensor(graph, old.name, name)
        return
    pixels = editor.fresh("input/pixels")
    rename_tensor(graph, name if old.name == name else old.name, pixels)
    position = [value.name for value in graph.input].index(pixels)
    graph.input[position].CopyFrom(helper.make_tensor_value_info(name, TensorProto.UINT8, list(dims_of(old))))
    factor, shift = _line(scale, mean, std)
    for index, node in enumerate(_input_nodes(editor, name, pixels, factor, shift, kind)):
        graph.node.insert(index, node)


def _line(scale: float, mean: Sequence[float], std: Sequence[float]) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return (pixel * scale - mean) / std as factor and shift: one number without a mean, else [1, C, 1, 1]."""
    if not mean:
        return np.asarray(scale, np.float32), None
    middle, spread = (np.asarray(values, np.float64).reshape(1, -1, 1, 1) for values in (mean, std))
    return (scale / spread).astype(np.float32), (-middle / spread).astype(np.float32)


def _free_name(editor: GraphEditor, old: str, name: str) -> None:
    """Move a tensor out of the way that already has the new input's name but is not the input."""
    if old != name and name in {text for node in editor.graph.node for text in (*node.input, *node.output)}:
        rename_tensor(editor.graph, name, editor.fresh(f"was/{name}"))
    editor.reserve(name)


def _input_nodes(
    editor: GraphEditor, model_input: str, pixels: str, factor: NDArray[Any], shift: NDArray[Any] | None, kind: int
) -> list[onnx.NodeProto]:
    steps: list[tuple[str, list[str], dict[str, int]]] = [("Cast", [], {"to": TensorProto.FLOAT})]
    if shift is not None or factor != 1:
        steps.append(("Mul", [editor.constant(factor, "input/scale")], {}))
    if shift is not None:
        steps.append(("Add", [editor.constant(shift, "input/shift")], {}))
    if kind == TensorProto.FLOAT16:
        steps.append(("Cast", [], {"to": TensorProto.FLOAT16}))
    nodes, tensor = [], model_input
    for number, (op, extra, attributes) in enumerate(steps, start=1):
        output = pixels if number == len(steps) else editor.fresh(f"input/{op.lower()}")
        name = f"{PREFIX}input/{number}"
        nodes.append(helper.make_node(op, [tensor, *extra], [output], name=name, **attributes))
        tensor = output
    return nodes
