"""Tiny ReID networks as ONNX files, and boxes that look like something."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYOUT = (4, 2)
"""Colours are averaged in so many parts of a crop, by rows and columns."""


def reid(path, size=(64, 32), *, batch="batch", last=False, kind=TensorProto.FLOAT, spatial=False, rank4=False):
    """Write a network that answers the mean colours of 4 x 2 parts of a crop: [batch, 24], or [batch, 24, 1, 1]."""
    height, width = size
    shape = [batch, *size, 3] if last else [batch, 3, *size]
    nodes, names = [], iter(f"t{i}" for i in range(9))
    tensor = "crops"
    if kind != TensorProto.FLOAT:
        nodes.append(helper.make_node("Cast", [tensor], [tensor := next(names)], to=TensorProto.FLOAT))
    if last:
        nodes.append(helper.make_node("Transpose", [tensor], [tensor := next(names)], perm=[0, 3, 1, 2]))
    if not spatial:
        step = [(height or 64) // LAYOUT[0], (width or 32) // LAYOUT[1]]
        nodes.append(
            helper.make_node("AveragePool", [tensor], [tensor := next(names)], kernel_shape=step, strides=step)
        )
        nodes.append(helper.make_node("Reshape", [tensor, "flat"], ["features"]))
    else:
        nodes.append(helper.make_node("Identity", [tensor], ["features"]))
    flat = np.array([0, 24, 1, 1] if rank4 else [0, 24], np.int64)
    answer = shape if spatial else [batch, *flat[1:].tolist()]
    graph = helper.make_graph(
        nodes,
        "reid",
        [helper.make_tensor_value_info("crops", kind, shape)],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, answer)],
        [] if spatial else [numpy_helper.from_array(flat, "flat")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path
