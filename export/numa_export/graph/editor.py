"""GraphEditor: appends nodes and constants to a model without ever colliding with a name it already has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from numa_runtime.contract.tensor import TensorInfo, named_axes
from numa_runtime.errors import ModelError

PREFIX = "numa/"
OLDEST_OPSET = 11  # GatherElements, TopK with k as an input and Slice with inputs exist from here on


class GraphEditor:
    """A view of one ONNX model that new nodes are appended to, in topological order.

    `model` is changed in place. Operators are written in the form the model's own opset knows, so that a
    file from 2021 does not have to be converted.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = model
        self.graph = model.graph
        self._names = set(tensor_names(model.graph)) | {node.name for node in model.graph.node}

    @property
    def opset(self) -> int:
        """Version of the default operator set."""
        return opset_of(self.model)

    def fresh(self, stem: str) -> str:
        """Return a tensor or node name nobody uses yet, and reserve it."""
        name, number = PREFIX + stem, 1
        while name in self._names:
            number += 1
            name = f"{PREFIX}{stem}_{number}"
        self._names.add(name)
        return name

    def reserve(self, name: str) -> None:
        """Note that `name` is taken from now on."""
        self._names.add(name)

    def constant(self, values: NDArray[Any] | Sequence[int], stem: str) -> str:
        """Add an initialiser (Python integers become int64) and return its name."""
        array = values if isinstance(values, np.ndarray) else np.asarray(values, np.int64)
        name = self.fresh(stem)
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: Sequence[str], *, stem: str = "", output: str = "", **attributes: Any) -> str:
        """Append a node with one output and return that output's name."""
        return self.nodes(op, inputs, 1, stem=stem, output=output, **attributes)[0]

    def nodes(
        self, op: str, inputs: Sequence[str], count: int, *, stem: str = "", output: str = "", **attributes: Any
    ) -> list[str]:
        """Append a node with `count` outputs and return their names."""
        stem = stem or op.lower()
        outputs = [output] if output else [self.fresh(stem) for _ in range(count)]
        self.graph.node.append(helper.make_node(op, list(inputs), outputs, name=self.fresh(f"{stem}/op"), **attributes))
        return outputs

    def reduce_max(self, tensor: str, axis: int, stem: str) -> str:
        """Append ReduceMax over one axis, which disappears (`axes` became an input in opset 18)."""
        if self.opset < 18:
            return self.node("ReduceMax", [tensor], stem=stem, axes=[axis], keepdims=0)
        return self.node("ReduceMax", [tensor, self.constant([axis], f"{stem}/axes")], stem=stem, keepdims=0)

    def slice(self, tensor: str, start: int, end: int, axis: int, stem: str, *, output: str = "") -> str:
        """Append `tensor[start:end]` along one axis."""
        bounds = [self.constant([value], f"{stem}/{word}") for word, value in (("from", start), ("to", end))]
        inputs = [tensor, *bounds, self.constant([axis], f"{stem}/axis")]
        return self.node("Slice", inputs, stem=stem, output=output)

    def unsqueeze(self, tensor: str, axis: int, stem: str, *, output: str = "") -> str:
        """Append an axis of one (`axes` became an input in opset 13)."""
        if self.opset < 13:
            return self.node("Unsqueeze", [tensor], stem=stem, output=output, axes=[axis])
        axes = self.constant([axis], f"{stem}/axes")
        return self.node("Unsqueeze", [tensor, axes], stem=stem, output=output)

    def reshape(self, tensor: str, shape: Sequence[int], stem: str) -> str:
        """Append Reshape (0 keeps a dimension, -1 takes the rest)."""
        return self.node("Reshape", [tensor, self.constant(shape, f"{stem}/shape")], stem=stem)

    def set_outputs(self, outputs: Sequence[tuple[str, Sequence[int | str]]]) -> None:
        """Make float32 tensors (name, shape) the graph's only outputs."""
        del self.graph.output[:]
        for name, shape in outputs:
            self.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, list(shape)))


def opset_of(model: onnx.ModelProto) -> int:
    """Return the version of the default operator set.

    Raises:
        ModelError: the model imports none.
    """
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx"):
            return int(entry.version)
    raise ModelError("the ONNX file names no default operator set, so its operators have no meaning")


def tensor_names(graph: onnx.GraphProto) -> list[str]:
    """Return every tensor name of a graph: inputs, initialisers, node inputs and outputs."""
    names = [value.name for value in graph.input] + [init.name for init in graph.initializer]
    for node in graph.node:
        names += [*node.input, *node.output]
    return names


def constants_of(graph: onnx.GraphProto) -> dict[str, NDArray[Any]]:
    """Return initialisers and the values of Constant nodes by tensor name."""
    found = {init.name: numpy_helper.to_array(init) for init in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    found[node.output[0]] = numpy_helper.to_array(attribute.t)
    return found


def rename_tensor(graph: onnx.GraphProto, old: str, new: str) -> None:
    """Rename one tensor wherever the main graph and its subgraphs mention it."""
    for value in [*graph.input, *graph.output, *graph.value_info]:
        if value.name == old:
            value.name = new
    for init in graph.initializer:
        if init.name == old:
            init.name = new
    for node in graph.node:
        for names in (node.input, node.output):
            for index, name in enumerate(names):
                if name == old:
                    names[index] = new
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs] if attribute.HasField("g") else attribute.graphs:
                rename_tensor(inner, old, new)


def dims_of(value: onnx.ValueInfoProto) -> tuple[int | str, ...]:
    """Return a tensor's shape: an int, or a word where dynamic."""
    dims = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value if dim.HasField("dim_value") else dim.dim_param or "dynamic" for dim in dims)


def tensor_info(value: onnx.ValueInfoProto) -> TensorInfo:
    """Return what one input or output looks like, as a session would say it."""
    dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    axes = named_axes(tuple(axis if isinstance(axis, int) else None for axis in dims_of(value)))
    return TensorInfo(value.name, axes, dtype.name)


def modernise(model: onnx.ModelProto, oldest: int = OLDEST_OPSET) -> onnx.ModelProto:
    """Return the model itself, or a converted copy where its opset is older than the operators we append.

    Raises:
        ModelError: the onnx package cannot convert it.
    """
    found = opset_of(model)
    if found >= oldest:
        return model
    from onnx import version_converter

    try:
        return version_converter.convert_version(model, max(oldest, 13))
    except Exception as error:  # the C++ converter raises RuntimeError, ValueError and its own kinds
        raise ModelError(
            f"the ONNX file has opset {found}, older than {oldest}, and cannot be converted: {_first_line(error)}",
            hint=f"export it again from its own framework with opset {max(oldest, 13)} or newer",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
