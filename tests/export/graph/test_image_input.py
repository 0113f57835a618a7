import numpy as np
import onnx
import onnxruntime as ort
import pytest
import tiny_onnx
from onnx import TensorProto, helper

from numa_export.graph.editor import GraphEditor, rename_tensor
from numa_export.graph.finish import check
from numa_export.graph.image_input import add_uint8_input, image_input
from numa_runtime.errors import ModelError


def run(model, batch):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: batch})[0]


def pixels(batch=1):
    return np.random.default_rng(0).integers(0, 256, (batch, 3, 64, 96), dtype=np.uint8)


@pytest.mark.parametrize("scale", [1.0, 1 / 255])
@pytest.mark.parametrize("name", ["images", "x"])
def test_the_door_takes_pixels_and_answers_as_before(scale, name):
    model = tiny_onnx.ultralytics()
    rename_tensor(model.graph, "images", name)
    expected = run(model, pixels().astype(np.float32) * np.float32(scale))
    add_uint8_input(GraphEditor(model), scale=scale)
    check(model)
    model_input = image_input(model.graph)
    assert (model_input.name, model_input.type.tensor_type.elem_type) == ("images", TensorProto.UINT8)
    assert model.graph.node[0].op_type == "Cast"
    assert list(model.graph.node[0].input) == ["images"]
    assert [node.op_type for node in model.graph.node[:2]].count("Mul") == (scale != 1.0)
    np.testing.assert_array_equal(run(model, pixels()), expected)


def test_only_the_cast_reads_the_door():
    model = tiny_onnx.yolox()
    add_uint8_input(GraphEditor(model))
    readers = [node for node in model.graph.node if "images" in node.input]
    assert [node.op_type for node in readers] == ["Cast"]


def test_an_inner_tensor_that_has_the_doors_name_gives_way():
    model = tiny_onnx.yolox()
    rename_tensor(model.graph, "images", "x")
    rename_tensor(model.graph, "flat", "images")
    expected = run(model, pixels().astype(np.float32))
    add_uint8_input(GraphEditor(model))
    np.testing.assert_array_equal(run(model, pixels()), expected)


def test_a_half_network_gets_half_pixels():
    model = tiny_onnx.ultralytics(half=True)
    scaled = (pixels().astype(np.float32) * np.float32(1 / 255)).astype(np.float16)
    expected = run(model, scaled)
    add_uint8_input(GraphEditor(model), scale=1 / 255)
    check(model)
    assert [node.op_type for node in model.graph.node[:3]] == ["Cast", "Mul", "Cast"]
    np.testing.assert_allclose(run(model, pixels()), expected, atol=0.13)


def test_a_mean_and_a_std_for_each_channel_are_part_of_the_door():
    model = tiny_onnx.ultralytics()
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    middle, spread = (np.float32(values).reshape(1, 3, 1, 1) for values in (mean, std))
    expected = run(model, (pixels().astype(np.float32) * np.float32(1 / 255) - middle) / spread)
    add_uint8_input(GraphEditor(model), scale=1 / 255, mean=mean, std=std)
    check(model)
    assert [node.op_type for node in model.graph.node[:3]] == ["Cast", "Mul", "Add"]
    np.testing.assert_allclose(run(model, pixels()), expected, rtol=1e-4, atol=1e-4)


def test_a_door_that_takes_bytes_is_only_renamed():
    model = _model([helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 3, 8, 8])])
    add_uint8_input(GraphEditor(model), scale=1 / 255)
    assert [node.op_type for node in model.graph.node] == ["Identity"]
    assert [value.name for value in model.graph.input] == ["images"]


def _model(inputs):
    graph = helper.make_graph(
        [helper.make_node("Identity", [inputs[0].name], ["y"])],
        "g",
        inputs,
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    return helper.make_model(graph)


@pytest.mark.parametrize(
    ("kind", "shape", "sentence"),
    [
        (TensorProto.FLOAT, [1, 10], "an image batch [B, C, H, W] is needed"),
        (TensorProto.INT32, [1, 3, 8, 8], "has dtype int32; float or uint8 is needed"),
    ],
)
def test_what_is_no_image_input_is_named(kind, shape, sentence):
    model = _model([helper.make_tensor_value_info("x", kind, shape)])
    with pytest.raises(ModelError) as error:
        add_uint8_input(GraphEditor(model))
    assert sentence in error.value.what


def test_two_inputs_are_refused_by_name():
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 3, 8, 8]) for n in ("image", "size")]
    with pytest.raises(ModelError, match="2 inputs \\(image, size\\)"):
        image_input(_model(values).graph)


def test_an_initialiser_listed_as_input_is_no_second_input():
    model = tiny_onnx.yolox()
    first = model.graph.initializer[0]
    model.graph.input.append(helper.make_tensor_value_info(first.name, first.data_type, list(first.dims)))
    assert image_input(model.graph).name == "images"
    assert isinstance(model, onnx.ModelProto)
