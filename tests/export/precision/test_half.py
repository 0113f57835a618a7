import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from numa_export.graph.finish import check
from numa_export.precision.half import to_half
from numa_runtime.errors import ModelError


class Net:
    """uint8 -> float -> two convolutions with SiLU and Resize between -> DFL as a convolution -> two outputs."""

    def __init__(self, gain=1.0):
        rng = np.random.default_rng(0)
        self.weights = {
            "w1": rng.normal(0, gain, (8, 3, 4, 4)),
            "b1": np.zeros(8),
            "w2": rng.normal(0, 0.1, (16, 8, 1, 1)),
            "dfl": np.arange(4).reshape(1, 4, 1, 1),
            "scales": np.array([1, 1, 2, 2]),
            "scale": np.array(1 / 255),
        }

    def model(self):
        node = helper.make_node
        nodes = [
            node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
            node("Mul", ["pixels", "scale"], ["x"]),
            node("Conv", ["x", "w1", "b1"], ["c1"], strides=[4, 4]),
            node("Sigmoid", ["c1"], ["s1"]),
            node("Mul", ["c1", "s1"], ["a1"]),
            node("Resize", ["a1", "", "scales"], ["big"], mode="nearest"),
            node("Conv", ["big", "w2"], ["logits"]),
            node("Reshape", ["logits", "to4"], ["bins"]),
            node("Softmax", ["bins"], ["shares"], axis=1),
            node("Conv", ["shares", "dfl"], ["boxes"]),
            node("ReduceMax", ["logits"], ["scores"], keepdims=0),
        ]
        stored = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in self.weights.items()]
        stored.append(numpy_helper.from_array(np.array([1, 4, 4, -1]), "to4"))
        graph = helper.make_graph(
            nodes,
            "net",
            [helper.make_tensor_value_info("images", TensorProto.UINT8, [1, 3, 32, 32])],
            [
                helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [1, 1, 4, "cells"]),
                helper.make_tensor_value_info("scores", TensorProto.FLOAT, []),
                helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 16, 16, 16]),
            ],
            stored,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def run(model):
    images = np.random.default_rng(1).integers(0, 256, (1, 3, 32, 32), dtype=np.uint8)
    return ort.InferenceSession(model.SerializeToString()).run(None, {"images": images})


def kinds(model):
    graph = onnx.shape_inference.infer_shapes(model).graph
    return {v.name: v.type.tensor_type.elem_type for v in [*graph.value_info, *graph.output]}


def test_the_body_is_half_and_the_decode_is_not():
    model = Net().model()
    expected = run(model)
    assert to_half(model) == 5
    check(model)
    found = kinds(model)
    assert {found[name] for name in ("c1", "s1", "a1", "big")} == {TensorProto.FLOAT16}
    assert {found[name] for name in ("x", "bins", "shares", "boxes", "scores", "logits")} == {TensorProto.FLOAT}
    for one, two in zip(expected, run(model), strict=True):
        assert two.dtype == np.float32
        np.testing.assert_allclose(one, two, atol=0.02)


def test_weights_are_halved_once_and_what_is_decoded_with_stays():
    model = Net().model()
    to_half(model)
    stored = {init.name: init.data_type for init in model.graph.initializer}
    halves = [name for name, kind in stored.items() if kind == TensorProto.FLOAT16]
    assert sorted(halves) == ["numa/half/b1", "numa/half/w1", "numa/half/w2"]
    assert stored["dfl"] == stored["scales"] == stored["scale"] == TensorProto.FLOAT
    assert not {"w1", "w2"} & set(stored)


def test_one_cast_per_border():
    model = Net().model()
    to_half(model)
    casts = [node.input[0] for node in model.graph.node if node.op_type == "Cast"]
    assert sorted(casts) == ["images", "numa/half/logits", "x"]


def test_half_stays_half():
    model = Net().model()
    to_half(model)
    before = model.SerializeToString()
    assert to_half(model) == 0
    assert model.SerializeToString() == before


def test_a_weight_beyond_half_is_named():
    net = Net()
    net.weights["w2"][3, 0] = 1e5
    with pytest.raises(ModelError, match=r"the weights w2 reach 1e\+05, and half ends at 65504") as caught:
        to_half(net.model())
    assert caught.value.hint == "export without half"


def test_a_graph_without_convolutions_is_refused():
    model = Net().model()
    del model.graph.node[2:]
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32]))
    with pytest.raises(ModelError, match="no float32 convolution"):
        to_half(model)
