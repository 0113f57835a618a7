import numpy as np
import onnxruntime as ort
import openvino as ov
import pytest
from onnx import TensorProto, helper, numpy_helper

from numa_export.formats.openvino_graph import protect_slices
from numa_export.graph.finish import check


def gather(start, end, *, axis=2):
    """Two of four columns of rows chosen by a top-k, as the balls' decode has it."""
    stored = {"from": [start], "to": [end], "axis": [axis], "k": [3], "by": [2], "shape": [1, 3, 2], "last": [-1]}
    nodes = [
        helper.make_node("Slice", ["points", "from", "to", "axis"], ["cut"], name="cut"),
        helper.make_node("ReduceSum", ["points", "by"], ["sums"], keepdims=0),
        helper.make_node("TopK", ["sums", "k"], ["best", "index"], axis=1),
        helper.make_node("Unsqueeze", ["index", "last"], ["column"]),
        helper.make_node("Expand", ["column", "shape"], ["both"]),
        helper.make_node("GatherElements", ["cut", "both"], ["rows"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("points", TensorProto.FLOAT, [1, 8, 4])],
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [1, 3, 2])],
        [numpy_helper.from_array(np.array(values, np.int64), name) for name, values in stored.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def test_openvino_compiles_it_and_agrees():
    model = gather(0, 2)
    points = np.random.default_rng(0).normal(size=(1, 8, 4)).astype(np.float32)
    expected = ort.InferenceSession(model.SerializeToString()).run(None, {"points": points})[0]
    assert protect_slices(model) == 1
    check(model)
    assert model.graph.node[0].op_type == "Split"
    compiled = ov.Core().compile_model(ov.Core().read_model(model.SerializeToString()), "CPU")
    np.testing.assert_array_equal(compiled([points])[0], expected)
    np.testing.assert_array_equal(
        ort.InferenceSession(model.SerializeToString()).run(None, {"points": points})[0], expected
    )


@pytest.mark.parametrize(("start", "end"), [(2, 4), (0, 9), (1, 3)])
def test_other_slices_stay(start, end):
    model = gather(start, end)
    before = model.SerializeToString()
    assert protect_slices(model) == 0
    assert model.SerializeToString() == before
