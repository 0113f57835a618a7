"""Mixed fp16 on an ONNX graph: the network's body computes in half, everything decoded stays float32.

Half becomes what lies between convolutions, and the convolutions themselves. In a detector that is trunk, neck and
the heads' branches. What comes before the first one (pixels, scaling) and after the last of each path (anchors,
strides, DFL, top-k, decode, outputs) stays float32, because a box is worth nothing there at 11 bits. What is left of
the error comes from the rounding of the trunk's weights alone: no other border would change that (export/README.md
has the figures). A DFL that is written as a 1x1 convolution counts as decode.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, shape_inference

from numa_export.graph.clean import clean
from numa_export.graph.editor import GraphEditor, constants_of
from numa_runtime.errors import ModelError

LARGEST = float(np.finfo(np.float16).max)
_CONVOLUTIONS = ("Conv", "ConvTranspose")
# Inputs of these stay float32 whatever the data is: sizes and factors, not values.
_KEPT_INPUTS = {"Resize": (1, 2), "Upsample": (1,), "QuantizeLinear": (1, 2), "DequantizeLinear": (1, 2)}
# Their numbers leave half's range, or their dtype is defined elsewhere.
_NEVER = ("Cast", "CastLike", "Constant", "ConstantOfShape", "Range", "Shape", "RandomNormal", "If", "Loop", "Scan")


def to_half(model: onnx.ModelProto) -> int:
    """Turn the body of a float32 graph into half, in place; return how many nodes now compute in half.

    Inputs and outputs keep their dtype. A graph that is half already stays as it is (0).

    Raises:
        ModelError: nothing to convert, or a weight does not fit into half; it is named.
    """
    nodes, kinds = list(model.graph.node), _dtypes(model)
    weights = {init.name: init for init in model.graph.initializer}
    convolutions = {i for i, node in enumerate(nodes) if node.op_type in _CONVOLUTIONS and not _is_dfl(node, weights)}
    if convolutions and all(kinds.get(nodes[i].output[0]) == TensorProto.FLOAT16 for i in convolutions):
        return 0
    body = _body(nodes, convolutions, kinds)
    if not body:
        raise ModelError("the graph has no float32 convolution, so there is nothing to turn into half")
    _Converter(model, nodes, kinds, body).run()
    clean(model)
    return len(body)


def _body(nodes: list[onnx.NodeProto], convolutions: set[int], kinds: dict[str, int]) -> set[int]:
    """Return the indices of the nodes that become half."""
    between = _reach(nodes, convolutions, forward=False) & _reach(nodes, convolutions, forward=True)
    return {
        index
        for index in convolutions | between
        if nodes[index].op_type not in _NEVER
        and any(kinds.get(name) == TensorProto.FLOAT for name in nodes[index].output)
        and not any(attribute.HasField("g") for attribute in nodes[index].attribute)
    }


def _is_dfl(node: onnx.NodeProto, weights: dict[str, TensorProto]) -> bool:
    """Whether a convolution is a DFL's projection: one filter with the weights 0, 1, 2, ..."""
    stored = weights.get(node.input[1])
    if stored is None or stored.dims[0] != 1 or np.prod(stored.dims) != stored.dims[1]:
        return False
    return bool(np.array_equal(numpy_helper.to_array(stored).ravel(), np.arange(stored.dims[1])))


def _reach(nodes: list[onnx.NodeProto], start: set[int], *, forward: bool) -> set[int]:
    """Return the indices of the nodes behind (or before) those given; the given ones only if reached."""
    found: set[int] = set()
    names = {name for index in start for name in (nodes[index].output if forward else nodes[index].input) if name}
    for index in range(len(nodes)) if forward else reversed(range(len(nodes))):
        node = nodes[index]
        near, far = (node.input, node.output) if forward else (node.output, node.input)
        if names.intersection(near):
            found.add(index)
            names.update(name for name in far if name)
    return found


def _dtypes(model: onnx.ModelProto) -> dict[str, int]:
    """Return the element type of every tensor that inference can tell."""
    graph = shape_inference.infer_shapes(model, data_prop=True).graph
    kinds = {value.name: value.type.tensor_type.elem_type for value in (*graph.input, *graph.output, *graph.value_info)}
    return kinds | {init.name: init.data_type for init in graph.initializer}


class _Converter:
    """Rewires the graph: half copies of constants, one Cast per tensor at each border."""

    def __init__(
        self, model: onnx.ModelProto, nodes: list[onnx.NodeProto], kinds: dict[str, int], body: set[int]
    ) -> None:
        self.editor, self.graph, self.nodes, self.kinds, self.body = GraphEditor(model), model.graph, nodes, kinds, body
        self.constants = constants_of(model.graph)
        self.produced = {name for index in body for name in nodes[index].output if name}
        self.twins: dict[tuple[str, int], str] = {}
        self.casts: dict[str, list[onnx.NodeProto]] = {}
        self.renamed: dict[str, str] = {}

    def run(self) -> None:
        for value in self.graph.output:
            if value.name in self.produced and self._is_float32(value.name):
                self._keep_output(value.name)
        for index, node in enumerate(self.nodes):
            kept = _KEPT_INPUTS.get(node.op_type, ())
            for position, name in enumerate(node.input):
                if index in self.body and position not in kept:
                    node.input[position] = self._as_half(name)
                elif name in self.produced and self._is_float32(name):
                    node.input[position] = self._cast(name, TensorProto.FLOAT, "float")
            if index in self.body:
                node.output[:] = [self.renamed.get(name, name) for name in node.output]
        self._place()

    def _is_float32(self, name: str) -> bool:
        return bool(self.kinds.get(name) == TensorProto.FLOAT)

    def _as_half(self, name: str) -> str:
        if not name or name in self.produced or not self._is_float32(name):
            return self.renamed.get(name, name)
        if name in self.constants:
            key = (name, TensorProto.FLOAT16)
            if key not in self.twins:
                self.twins[key] = self.editor.constant(_half(self.constants[name], name), f"half/{name}")
            return self.twins[key]
        return self._cast(name, TensorProto.FLOAT16, "half")

    def _cast(self, name: str, kind: int, word: str) -> str:
        key = (name, kind)
        if key not in self.twins:
            twin = self.twins[key] = self.editor.fresh(f"{word}/{name}")
            node = helper.make_node("Cast", [name], [twin], name=self.editor.fresh(f"{word}/{name}/cast"), to=kind)
            self.casts.setdefault(name, []).append(node)
        return self.twins[key]

    def _keep_output(self, name: str) -> None:
        """Let a graph output keep its name and dtype: the half tensor gets another name, and a Cast behind it."""
        inner = self.renamed[name] = self.editor.fresh(f"half/{name}")
        self.twins[name, TensorProto.FLOAT] = name
        cast = helper.make_node("Cast", [inner], [name], name=self.editor.fresh(f"float/{name}"), to=TensorProto.FLOAT)
        self.casts[inner] = [cast]

    def _place(self) -> None:
        """Put each Cast right behind what it reads: nodes stay in topological order."""
        ordered = [cast for value in self.graph.input for cast in self.casts.get(value.name, [])]
        for node in self.nodes:
            ordered.append(node)
            for name in node.output:
                ordered += self.casts.get(name, [])
        copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in ordered]
        del self.graph.node[:]
        self.graph.node.extend(copies)


def _half(values: NDArray[Any], name: str) -> NDArray[np.float16]:
    largest = float(np.abs(values).max()) if values.size else 0.0
    if np.isfinite(largest) and largest > LARGEST:
        raise ModelError(
            f"the weights {name} reach {largest:.3g}, and half ends at {LARGEST:.0f}",
            hint="export without half",
        )
    return values.astype(np.float16)
