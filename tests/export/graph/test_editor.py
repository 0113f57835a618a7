import onnx
import pytest
import tiny_onnx

from numa_export.graph.editor import GraphEditor, modernise, opset_of, rename_tensor, tensor_names
from numa_export.graph.finish import check
from numa_runtime.errors import ModelError


def test_fresh_names_never_collide():
    model = tiny_onnx.yolox()
    rename_tensor(model.graph, "flat", "numa/flat")
    editor = GraphEditor(model)
    names = [editor.fresh("flat") for _ in range(3)]
    assert len({*names, *tensor_names(model.graph)}) == len(set(tensor_names(model.graph))) + 3


def test_reduce_max_is_written_in_the_models_own_opset():
    for opset, inputs in ((17, 1), (18, 2)):
        editor = GraphEditor(tiny_onnx.yolox(opset=opset))
        editor.reduce_max("output", 2, "best")
        assert len(editor.graph.node[-1].input) == inputs


def test_an_old_opset_is_converted_and_a_new_one_left_alone():
    model = tiny_onnx.ultralytics()
    assert modernise(model) is model
    old = tiny_onnx.yolox(opset=10)
    converted = modernise(old)
    assert opset_of(converted) == 13
    check(converted)


def test_a_model_without_operator_set_is_refused():
    with pytest.raises(ModelError, match="names no default operator set"):
        opset_of(onnx.ModelProto())
