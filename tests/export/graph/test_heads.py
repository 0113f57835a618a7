import numpy as np
import onnxruntime as ort
import pytest
import tiny_onnx

from numa_export.graph import heads
from numa_export.graph.clean import clean
from numa_export.graph.editor import GraphEditor
from numa_export.graph.finish import check
from numa_export.graph.heads import HeadShape, append_final, append_rows, append_ultralytics, free_output_names
from numa_export.proof.reference import anchor_grid, decode_end2end, decode_rows, decode_ultralytics

ANCHORS = tiny_onnx.anchors_of(64, 96)


def run(model, batch):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    arrays = session.run(None, {"images": batch})
    return dict(zip([value.name for value in session.get_outputs()], arrays, strict=True))


def pictures(count=1):
    rng = np.random.default_rng(1)
    return rng.uniform(0, 255, (count, 3, 64, 96)).astype(np.float32)


def finish(model, editor, outputs):
    editor.set_outputs(outputs)
    clean(model)
    check(model)
    return model


@pytest.mark.parametrize("opset", [11, 13, 17, 18, 21])
@pytest.mark.parametrize("top", [40, 1000])
def test_yolox_decode_equals_numpy(opset, top, monkeypatch):
    monkeypatch.setattr(heads, "TOP_K", top)
    model = tiny_onnx.yolox(opset=opset, batch=2)
    raw = run(model, pictures(2))["output"]
    editor = GraphEditor(model)
    grid = anchor_grid(64, 96, (8, 16, 32))
    outputs = append_rows(editor, "output", HeadShape(2, 5, anchors=ANCHORS), 5, grid)
    got = run(finish(model, editor, outputs), pictures(2))
    expected = decode_rows(raw, 5, grid, min(top, ANCHORS))
    assert got["boxes"].shape == (2, min(top, ANCHORS), 4)
    np.testing.assert_allclose(got["boxes"], expected["boxes"], atol=1e-4)
    np.testing.assert_allclose(got["scores"], expected["scores"], atol=1e-6)


@pytest.mark.parametrize("keypoints", [None, (5, 3), (5, 2)])
@pytest.mark.parametrize("joined", [True, False])
def test_ultralytics_choice_equals_numpy(keypoints, joined):
    model = tiny_onnx.ultralytics(classes=2, keypoints=keypoints)
    raw = run(model, pictures() / 255)["output0"]
    if not joined:  # a Concat that is hidden behind another node: the whole is read then
        for node in model.graph.node:
            if "output0" in node.output:
                node.output[0] = "joined"
        GraphEditor(model).node("Identity", ["joined"], output="output0")
    editor = GraphEditor(model)
    assert free_output_names(editor).keys() == {"scores"}
    shape = HeadShape(1, 2, keypoints or (0, 0), ANCHORS)
    model = finish(model, editor, append_ultralytics(editor, "output0", shape))
    assert joined == all(node.output[0] not in ("output0", "joined") for node in model.graph.node)
    got = run(model, pictures() / 255)
    expected = decode_ultralytics(raw, 2, keypoints or (0, 0), ANCHORS)
    assert got.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(got[name], values, atol=1e-4, err_msg=name)


@pytest.mark.parametrize("keypoints", [0, 3])
def test_finished_rows_keep_their_values(keypoints):
    model = tiny_onnx.end2end(keypoints=keypoints)
    raw = run(model, pictures() / 255)["output0"]
    editor = GraphEditor(model)
    outputs = append_final(editor, "output0", HeadShape(1, 4, (keypoints, 3), 20))
    got = run(finish(model, editor, outputs), pictures() / 255)
    expected = decode_end2end(raw, (keypoints, 3))
    assert got.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(got[name], values)


def test_equal_scores_keep_the_lower_anchor_first():
    model = tiny_onnx.yolox()
    for init in model.graph.initializer:
        if init.name.startswith(("obj", "cls")):
            init.raw_data = bytes(len(init.raw_data))
    editor = GraphEditor(model)
    grid = anchor_grid(64, 96, (8, 16, 32))
    outputs = append_rows(editor, "output", HeadShape(1, 5, anchors=ANCHORS), 5, grid)
    got = run(finish(model, editor, outputs), np.zeros((1, 3, 64, 96), np.float32))
    centres = (got["boxes"][0, :, :2] + got["boxes"][0, :, 2:]) / 2
    np.testing.assert_allclose(centres, grid[:, :2] * grid[:, 2:], atol=1e-4)


def test_what_tensorrt_cannot_build_is_not_used():
    model = tiny_onnx.ultralytics(classes=1, keypoints=(5, 3))
    editor = GraphEditor(model)
    append_ultralytics(editor, "output0", HeadShape(1, 1, (5, 3), ANCHORS))
    ours = {node.op_type for node in model.graph.node if node.name.startswith("numa/")}
    assert not ours & {"NonMaxSuppression", "NonZero", "Compress", "RoiAlign"}
    assert heads.TOP_K <= 3840


def test_openvino_gives_the_same_candidates():
    ov = pytest.importorskip("openvino", reason="needs the openvino extra")
    model = tiny_onnx.yolox()
    editor = GraphEditor(model)
    outputs = append_rows(editor, "output", HeadShape(1, 5, anchors=ANCHORS), 5, anchor_grid(64, 96, (8, 16, 32)))
    finish(model, editor, outputs)
    expected = run(model, pictures())
    core = ov.Core()
    compiled = core.compile_model(
        core.read_model(model.SerializeToString(), b""), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    got = compiled(pictures())
    np.testing.assert_allclose(got["boxes"], expected["boxes"], atol=1e-3)
    np.testing.assert_allclose(got["scores"], expected["scores"], atol=1e-5)
