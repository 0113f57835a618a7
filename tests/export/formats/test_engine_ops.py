import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from numa_export.formats.engine_ops import check_operators
from numa_runtime.errors import ModelError


def graph(*nodes, kind=TensorProto.FLOAT, **stored):
    return helper.make_model(
        helper.make_graph(
            list(nodes),
            "net",
            [helper.make_tensor_value_info("images", kind, [1, 3, 32, 32])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            [numpy_helper.from_array(np.asarray(value), name) for name, value in stored.items()],
        )
    )


def node(op, *inputs, **attributes):
    return helper.make_node(op, ["images", *inputs], ["y"], name=f"the_{op}", **attributes)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (graph(node("NonMaxSuppression")), "has an output whose size depends on the data"),
        (graph(node("NonZero")), "has an output whose size depends on the data"),
        (graph(node("RoiAlign")), "is not implemented by TensorRT RTX"),
        (graph(node("EfficientNMS_TRT")), "is not implemented by TensorRT RTX"),
        (graph(node("TopK", "k"), k=[3841]), "asks for 3841 values, and 3840 is the most"),
        (graph(node("Resize", antialias=1)), "smooths (antialias), which is not implemented"),
        (graph(node("QuantizeLinear", "s", "z"), s=1.0, z=np.uint8(0)), "has a zero point; only symmetric int8"),
        (graph(node("QuantizeLinear", "s", "z"), s=1.0, z=np.int8(3)), "has a zero point; only symmetric int8"),
    ],
)
def test_what_cannot_be_built_is_said_by_node(model, reason):
    op = model.graph.node[0].op_type
    with pytest.raises(ModelError) as caught:
        check_operators(model, "best.onnx")
    assert caught.value.what.startswith(f"best.onnx cannot become an engine: its node the_{op} ({op}) {reason}")
    assert caught.value.hint


@pytest.mark.parametrize(
    "model",
    [
        graph(node("TopK", "k"), k=[3840]),
        graph(node("Resize", antialias=0)),
        graph(node("QuantizeLinear", "s", "z"), s=1.0, z=np.int8(0)),
        graph(node("Cast", to=TensorProto.FLOAT), kind=TensorProto.UINT8),
    ],
)
def test_what_can_be_built_passes(model):
    check_operators(model, "best.onnx")


def test_pixels_are_read_by_one_cast():
    with pytest.raises(
        ModelError, match="must be read by a Cast, the very first node, and by nothing else; it is read by Shape"
    ):
        check_operators(graph(node("Shape"), kind=TensorProto.UINT8), "best.onnx")
