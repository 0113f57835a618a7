import onnx
import pytest
import tiny_onnx
from onnx import TensorProto, helper

from numa_export.graph.editor import dims_of
from numa_export.graph.finish import check
from numa_export.graph.fixed import fix_size


@pytest.fixture
def dynamic():
    model = helper.make_model(
        helper.make_graph(
            [
                helper.make_node("ReduceMax", ["images"], ["peak"], keepdims=0),
                helper.make_node("Neg", ["images"], ["y"]),
            ],
            "net",
            [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
            [
                helper.make_tensor_value_info("peak", TensorProto.FLOAT, []),
                helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3, "height", "width"]),
            ],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=9,
    )
    check(model)
    return model


def test_input_and_outputs_get_the_size(dynamic):
    fix_size(dynamic, 2, 64, 96)
    check(dynamic)
    assert dims_of(dynamic.graph.input[0]) == dims_of(dynamic.graph.output[1]) == (2, 3, 64, 96)
    assert dims_of(dynamic.graph.output[0]) == ()


def test_what_inference_cannot_tell_is_taken_from_the_input(dynamic):
    dynamic.graph.node[1].op_type = "Unheard"
    dynamic.graph.node[1].domain = "elsewhere"
    fix_size(dynamic, 2, 64, 96)
    assert dims_of(dynamic.graph.output[1]) == (2, 3, 64, 96)


def test_a_static_graph_stays():
    model = tiny_onnx.yolox(64, 96)
    before = [dims_of(value) for value in (*model.graph.input, *model.graph.output)]
    fix_size(model, 1, 64, 96)
    assert [dims_of(value) for value in (*model.graph.input, *model.graph.output)] == before
    onnx.checker.check_model(model, full_check=True)
