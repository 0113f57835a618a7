"""What no engine can be built from, said by node before the builder is asked (the limits were measured)."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from numa_export.graph.editor import constants_of
from numa_export.graph.image_input import image_input
from numa_runtime.errors import ModelError

LARGEST_TOP_K = 3840
_DATA_DEPENDENT = {"NonMaxSuppression", "NonZero", "Compress", "Unique"}
_WITHOUT_RUNNER = {"RoiAlign", "DeformConv", "EfficientNMS_TRT", "BatchedNMS_TRT"}


def check_operators(model: onnx.ModelProto, where: str) -> None:
    """Refuse a graph that TensorRT RTX cannot build.

    Raises:
        ModelError: names the node, why, and the way out.
    """
    constants = constants_of(model.graph)
    for node in model.graph.node:
        reason = _reason(node, constants)
        if reason:
            raise ModelError(
                f"{where} cannot become an engine: its node {node.name or node.output[0]} ({node.op_type}) {reason}",
                hint="export the network again: our graphs give fixed-size candidates from plain operators",
            )
    _check_input(model.graph, where)


def _reason(node: onnx.NodeProto, constants: dict[str, NDArray[Any]]) -> str:
    if node.op_type in _DATA_DEPENDENT:
        return "has an output whose size depends on the data"
    if node.op_type in _WITHOUT_RUNNER:
        return "is not implemented by TensorRT RTX"
    if node.op_type == "TopK" and len(node.input) > 1 and node.input[1] in constants:
        count = int(constants[node.input[1]].ravel()[0])
        return f"asks for {count} values, and {LARGEST_TOP_K} is the most" if count > LARGEST_TOP_K else ""
    if node.op_type == "Resize" and any(entry.name == "antialias" and entry.i for entry in node.attribute):
        return "smooths (antialias), which is not implemented"
    if node.op_type in ("QuantizeLinear", "DequantizeLinear") and len(node.input) > 2:
        zero = constants.get(node.input[2])
        if zero is not None and (zero.dtype == np.uint8 or np.any(np.asarray(zero, np.float32))):
            return "has a zero point; only symmetric int8 (zero point 0) is supported"
    return ""


def _check_input(graph: onnx.GraphProto, where: str) -> None:
    model_input = image_input(graph)
    if model_input.type.tensor_type.elem_type != TensorProto.UINT8:
        return
    readers = [(index, node.op_type) for index, node in enumerate(graph.node) if model_input.name in node.input]
    if readers != [(0, "Cast")]:
        raise ModelError(
            f"{where} cannot become an engine: its uint8 input {model_input.name} must be read by a Cast, the very "
            f"first node, and by nothing else; it is read by {', '.join(op for _, op in readers) or 'nothing'}"
        )
