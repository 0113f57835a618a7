"""Every family: adopted from the layout it publishes, and the artifact finds the box that the file holds."""

from __future__ import annotations

import logging
import shlex

import numpy as np
import pytest
import tiny_onnx
from onnx import TensorProto

from numa_export.adopt import Family, adopt
from numa_runtime.contract import Color, Layout
from numa_runtime.errors import ModelError, NumaError
from numa_runtime.pipeline.model import Model
from numa_runtime.sessions import load

SIZE = (64, 96)
CELLS = tiny_onnx.anchors_of(*SIZE)
CENTRED = [40, 24, 20, 28]
CORNERS = [30, 10, 50, 38]
FRACTION = [40 / 96, 24 / 64, 20 / 96, 28 / 64]
SCORES = [0.1, 0.75, 0.2]


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR, "numa_runtime")


def one(rows, row, *, fill=0.0):
    """An array [1, rows, n] that says something in its eighth row only."""
    table = np.full((1, rows, len(row)), fill, np.float32)
    table[0, 7] = row
    return table


def labelled(rows=20):
    labels = np.zeros((1, rows), np.int64)
    labels[0, 7] = 1
    scores = np.zeros((1, rows), np.float32)
    scores[0, 7] = 0.75
    return {"labels": labels, "boxes": one(rows, CORNERS), "scores": scores}


def logits(scores=SCORES):
    return one(20, np.log(np.array(scores) / (1 - np.array(scores))), fill=-9)


def deepstream():
    return {
        "boxes": one(CELLS, CORNERS),
        "scores": one(CELLS, [0.75]),
        "classes": one(CELLS, [1]),
    }


FILES = {
    "yolov5": ("yolov5", {"output0": one(3 * CELLS, [*CENTRED, 0.9, *(np.array(SCORES) / 0.9)])}, "candidates"),
    "yolov7": ("yolov7", {"output": one(3 * CELLS, [*CENTRED, 0.9, *(np.array(SCORES) / 0.9)])}, "candidates"),
    "yolov7-end2end": ("yolov7", {"output": np.float32([[0, *CORNERS, 1, 0.75], [0] * 7])}, "final"),
    "yolov6": ("yolov6", {"outputs": one(CELLS, [*CENTRED, 1, *SCORES])}, "candidates"),
    "yolox-decoded": ("yolox", {"output": one(CELLS, [*CENTRED, 0.9, *(np.array(SCORES) / 0.9)])}, "candidates"),
    "yolov8-transposed": ("ultralytics", {"output0": one(CELLS, [*CENTRED, *SCORES])}, "candidates"),
    "yolo-nas": ("yolo-nas", {"904": one(CELLS, SCORES), "913": one(CELLS, CORNERS)}, "candidates"),
    "deepstream": ("deepstream", {"output": one(CELLS, [*CORNERS, 0.75, 1])}, "candidates"),
    "deepstream-three": ("deepstream", deepstream(), "candidates"),
    "rtdetr-ultralytics": ("rtdetr", {"output0": one(20, [*FRACTION, *SCORES])}, "final"),
    "rtdetr": ("rtdetr", labelled(), "final"),
    "rfdetr": ("rfdetr", {"dets": one(20, FRACTION), "labels": logits()}, "final"),
    "dfine": ("dfine", labelled(), "final"),
    "dfine-raw": ("dfine", {"pred_logits": logits(), "pred_boxes": one(20, FRACTION)}, "final"),
    "deimv2": ("deimv2", labelled(), "final"),
}


def boxes_of(path, frame):
    with load(path, device="cpu") as session:
        result = Model(session)(frame)
        return result, session.spec


@pytest.mark.parametrize("what", FILES)
def test_each_family_is_adopted_and_finds_its_box(what, tmp_path):
    family, answers, layout = FILES[what]
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers), tmp_path / "best.onnx")
    report = adopt(source, family, images=tiny_onnx.photographs(2), names=["a", "b", "c"])
    assert report.parity.passed
    result, spec = boxes_of(report.path, np.zeros((*SIZE, 3), np.uint8))
    np.testing.assert_allclose(result.boxes.xyxy, [CORNERS], atol=1e-3)
    np.testing.assert_allclose(result.boxes.conf, [0.75], atol=1e-4)
    assert result.boxes.cls.tolist() == [1]
    assert (spec.layout, spec.names, spec.input.dtype) == (Layout(layout), ("a", "b", "c"), "uint8")
    habits = Family.parse(family).habits
    assert (spec.thresholds, spec.input.letterbox) == (habits.thresholds, habits.letterbox)
    assert spec.input.color is habits.color


WITH_LABELS = (
    "deepstream",
    "deepstream-three",
    "yolov7-end2end",
)  # rows with whole numbers in them, to which nothing can be added


@pytest.mark.parametrize("what", [what for what in FILES if what not in WITH_LABELS])
def test_pixels_are_prepared_as_the_family_wants_them(what, tmp_path):
    """The source adds the mean of its input: the artifact must add the same, from uint8 pixels."""
    family, answers, _layout = FILES[what]
    habits = Family.parse(family).habits
    gain = 1e-3 if habits.scale == 1 else 0.05
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers, gain=gain), tmp_path / "best.onnx")
    report = adopt(source, family, images=tiny_onnx.photographs(2))
    assert report.parity.passed
    frame = np.full((*SIZE, 3), 200, np.uint8)
    mean = np.mean((200 * habits.scale - np.array(habits.mean or (0, 0, 0))) / np.array(habits.std or (1, 1, 1)))
    result, _spec = boxes_of(report.path, frame)
    wide = 96 if "pred_boxes" in answers or "dets" in answers or what == "rtdetr-ultralytics" else 1
    moved = gain * mean * (1 if "boxes" in answers or "913" in answers else 0.5) * wide
    np.testing.assert_allclose(result.boxes.xyxy[0, 0], CORNERS[0] + moved, atol=1e-3)


def test_a_stretched_picture_gives_boxes_in_its_own_pixels(tmp_path):
    family, answers, _layout = FILES["rfdetr"]
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers), tmp_path / "best.onnx")
    report = adopt(source, family, images=tiny_onnx.photographs(1))
    result, _spec = boxes_of(report.path, np.zeros((640, 192, 3), np.uint8))
    np.testing.assert_allclose(result.boxes.xyxy, [[60, 100, 100, 380]], atol=1e-2)


def test_what_the_file_cannot_say_is_told(tmp_path):
    family, answers, _layout = FILES["rfdetr"]
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers), tmp_path / "best.onnx")
    report = adopt(source, family, images=tiny_onnx.photographs(1))
    assert report.lines()[2] == (
        "read   query-logits: rgb float32 x 0.00392157, minus (0.485, 0.456, 0.406) over (0.229, 0.224, 0.225), "
        "stretched, stride 32; conf 0.5, iou 0.7, max_det 300"
    )
    assert report.to_dict()["source_layout"] == "query-logits"


def test_the_sizes_that_a_detr_asks_for_become_part_of_the_file(tmp_path):
    answers = {**labelled(), "boxes": one(20, np.array(CORNERS) / [96, 64, 96, 64])}
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers, sizes_input=True), tmp_path / "dfine.onnx")
    with pytest.raises(NumaError, match="wants the pictures' sizes") as error:
        load(source, device="cpu")
    assert error.value.hint == f"numa-deploy adopt {source} --family dfine"
    report = adopt(source, "d-fine", images=tiny_onnx.photographs(1))
    result, spec = boxes_of(report.path, np.zeros((128, 192, 3), np.uint8))
    np.testing.assert_allclose(result.boxes.xyxy, [[60, 20, 100, 76]], atol=1e-3)
    assert (len(spec.names), spec.names[1]) == (80, "bicycle")


def test_yolox_is_told_raw_from_decoded_by_its_values(tmp_path):
    decoded = tiny_onnx.save(tiny_onnx.fixed_answers(FILES["yolox-decoded"][1]), tmp_path / "decoded.onnx")
    raw = tiny_onnx.save(tiny_onnx.yolox(classes=3), tmp_path / "raw.onnx")
    images = tiny_onnx.photographs(1)
    nodes = [
        {node.op_type for node in load_model(adopt(path, "yolox", images=images).path).graph.node}
        for path in (raw, decoded)
    ]
    assert "Exp" in nodes[0]
    assert "Exp" not in nodes[1]


def load_model(path):
    import onnx

    return onnx.load(path)


def test_an_input_of_bytes_is_taken_as_it_is(tmp_path):
    source = tiny_onnx.save(
        tiny_onnx.fixed_answers(FILES["yolo-nas"][1], kind=TensorProto.UINT8), tmp_path / "nas.onnx"
    )
    report = adopt(source, "yolo-nas", images=tiny_onnx.photographs(1))
    result, spec = boxes_of(report.path, np.zeros((*SIZE, 3), np.uint8))
    np.testing.assert_allclose(result.boxes.xyxy, [CORNERS], atol=1e-3)
    assert (spec.input.color, spec.input.scale) == (Color.RGB, 1.0)


CIRCLES = {
    "names count from 1": {"names": "{1: 'a', 2: 'b', 3: 'c'}"},
    "a gap in names": {"names": "{0: 'a', 2: 'b', 3: 'c'}"},
    "names as text": {"names": "a,b,c"},
    "one name too many": {"names": "{0: 'a', 1: 'b', 2: 'c', 3: 'd'}"},
    "a name too few": {"names": "{0: 'a', 1: 'b'}"},
    "stride as a tensor": {"stride": "tensor([ 8., 16., 32.])"},
    "stride empty": {"stride": ""},
}


@pytest.mark.parametrize("what", CIRCLES)
def test_the_command_that_a_refusal_names_works(what, tmp_path):
    """As it stands, and with names."""
    metadata = tiny_onnx.metadata_of(3, *SIZE, **CIRCLES[what])
    raw = one(CELLS, [*CENTRED, *SCORES]).transpose(0, 2, 1)
    source = tiny_onnx.save(tiny_onnx.fixed_answers({"output0": raw}, metadata=metadata), tmp_path / "best.onnx")
    with pytest.raises(NumaError) as error:
        load(source, device="cpu")
    program, mode, path, option, family = shlex.split(error.value.hint)
    assert (program, mode, option) == ("numa-deploy", "adopt", "--family")
    numbered = adopt(path, family, images=tiny_onnx.photographs(1)).spec
    assert numbered.names == ("class0", "class1", "class2")
    named = adopt(path, family, images=tiny_onnx.photographs(1), names=["x", "y", "z"]).spec
    assert named.names == ("x", "y", "z")


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_opened_with_the_right_box_or_refused_with_a_command_that_works(what, tmp_path):
    _family, answers, _layout = FILES[what]
    source = tiny_onnx.save(tiny_onnx.fixed_answers(answers), tmp_path / "my best.onnx")
    try:
        result, _spec = boxes_of(source, np.zeros((*SIZE, 3), np.uint8))
    except NumaError as error:
        _program, _mode, path, _option, family = shlex.split(error.hint)
        adopted = adopt(path, family, images=tiny_onnx.photographs(1)).path
        result, _spec = boxes_of(adopted, np.zeros((*SIZE, 3), np.uint8))
    np.testing.assert_allclose(result.boxes.xyxy, [CORNERS], atol=1e-3)


def test_a_wrong_family_is_refused_by_the_values(tmp_path):
    source = tiny_onnx.save(tiny_onnx.fixed_answers(FILES["rtdetr-ultralytics"][1]), tmp_path / "best.onnx")
    with pytest.raises(ModelError, match=r"best\.onnx is not a file of the yolov5 family: seen images"):
        adopt(source, "yolov5", images=tiny_onnx.photographs(1))
    pixels = {"output0": one(20, [*CENTRED, *SCORES])}
    source = tiny_onnx.save(tiny_onnx.fixed_answers(pixels), tmp_path / "pixels.onnx")
    with pytest.raises(ModelError, match="read as query-rows, boxes reach 40: pixels, not fractions"):
        adopt(source, "rtdetr", images=tiny_onnx.photographs(1))
