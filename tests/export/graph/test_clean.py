import onnx
import tiny_onnx
from onnx import TensorProto, helper

from numa_export.graph.clean import clean
from numa_export.graph.editor import GraphEditor
from numa_export.graph.finish import check


def test_what_no_output_needs_goes_and_the_rest_stays():
    model = tiny_onnx.yolox()
    before = [node.name for node in model.graph.node]
    editor = GraphEditor(model)
    dead = editor.node("Neg", ["output"], stem="dead")
    editor.slice(dead, 0, 1, 2, "deader")
    assert clean(model) == 2
    assert [node.name for node in model.graph.node] == before
    assert not [init.name for init in model.graph.initializer if "dead" in init.name]
    check(model)


def test_unused_domains_and_stale_shapes_go():
    model = onnx.shape_inference.infer_shapes(tiny_onnx.yolox())
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    assert len(model.graph.value_info) > 0
    clean(model)
    assert [entry.domain for entry in model.opset_import] == [""]
    assert len(model.graph.value_info) == 0


def test_what_only_a_branch_reads_is_alive():
    value = helper.make_tensor_value_info
    then = helper.make_graph([helper.make_node("Neg", ["outer"], ["t"])], "t", [], [value("t", TensorProto.FLOAT, [1])])
    other = helper.make_graph(
        [helper.make_node("Abs", ["outer"], ["e"])], "e", [], [value("e", TensorProto.FLOAT, [1])]
    )
    nodes = [
        helper.make_node("Exp", ["x"], ["outer"]),
        helper.make_node("If", ["flag"], ["y"], then_branch=then, else_branch=other),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [value("x", TensorProto.FLOAT, [1]), value("flag", TensorProto.BOOL, [])],
        [value("y", TensorProto.FLOAT, [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    assert clean(model) == 0
    check(model)
