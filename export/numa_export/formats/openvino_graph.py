"""What OpenVINO's own optimiser would break, written so that it does not.

`EliminateSliceBeforeGatherElements` (OpenVINO 2026.4) drops a Slice that starts at 0 in front of GatherElements,
although OpenVINO's GatherElements wants data and indices equal on every other axis: the model then does not compile
("Shapes [1,10,32,4] and [1,10,5,2] are not consistent"). The same cut written as Split is left alone.
"""

from __future__ import annotations

import onnx
from onnx import helper, shape_inference

from numa_export.graph.editor import GraphEditor, constants_of, dims_of


def protect_slices(model: onnx.ModelProto) -> int:
    """Turn every `data[..., :n]` that a GatherElements reads into a Split, in place; return how many there were."""
    editor = GraphEditor(model)
    graph, constants = model.graph, constants_of(model.graph)
    gathered = {node.input[0] for node in graph.node if node.op_type == "GatherElements"}
    inferred = shape_inference.infer_shapes(model).graph
    shapes = {value.name: dims_of(value) for value in (*inferred.value_info, *inferred.input)}
    found = 0
    for index, node in enumerate(graph.node):
        if node.op_type != "Slice" or node.output[0] not in gathered or len(node.input) < 4:
            continue
        bounds = [constants.get(name) for name in node.input[1:] if name]
        if any(values is None or values.size != 1 for values in bounds):
            continue
        start, end, axis, *step = (int(values.ravel()[0]) for values in bounds if values is not None)
        shape = shapes.get(node.input[0], ())
        size = shape[axis] if axis < len(shape) else None
        if start != 0 or step not in ([], [1]) or not isinstance(size, int) or not 0 < end < size:
            continue
        parts = editor.constant([end, size - end], "split/sizes")
        outputs = [node.output[0], editor.fresh("split/rest")]
        split = helper.make_node("Split", [node.input[0], parts], outputs, name=editor.fresh("split/op"), axis=axis)
        graph.node[index].CopyFrom(split)
        found += 1
    return found
