import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.contract import Anchor, Color, Layout, Task
from numa_runtime.contract.coco import COCO_NAMES
from numa_runtime.contract.grid import cells
from numa_runtime.contract.shapes import spec_from_shapes
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ContractError

IMAGES = TensorInfo("images", (1, 3, 640, 640), "float32")


def judge(shape, door=IMAGES):
    return spec_from_shapes([door], [TensorInfo("output0", shape, "float32")], "m.onnx")


@pytest.mark.parametrize(
    ("shape", "task", "layout", "classes", "keypoints"),
    [
        ((1, 84, 8400), Task.DETECT, Layout.ULTRALYTICS_RAW, 80, None),
        ((1, 6, 8400), Task.DETECT, Layout.ULTRALYTICS_RAW, 2, None),
        ((1, 56, 8400), Task.POSE, Layout.ULTRALYTICS_RAW, 1, (17, 3)),
        ((1, 300, 6), Task.DETECT, Layout.ULTRALYTICS_END2END, 80, None),
        ((1, 300, 57), Task.POSE, Layout.ULTRALYTICS_END2END, 1, (17, 3)),
        ((1, 8400, 85), Task.DETECT, Layout.YOLOX_RAW, 80, None),
        ((1, 8400, 7), Task.DETECT, Layout.YOLOX_RAW, 2, None),
    ],
)
def test_known_shapes(shape, task, layout, classes, keypoints):
    spec = judge(shape)
    assert (spec.task, spec.layout, len(spec.names), spec.keypoint_shape) == (task, layout, classes, keypoints)


def test_yolox_wants_bgr_as_it_is_in_the_top_left_corner():
    spec = judge((1, 3549, 85), TensorInfo("images", (1, 3, 416, 416), "float32"))
    assert (spec.input.color, spec.input.scale, spec.input.letterbox.anchor) == (Color.BGR, 1.0, Anchor.TOP_LEFT)
    assert (spec.names, spec.stride) == (COCO_NAMES, 32)


def test_ultralytics_wants_rgb_scaled_in_the_middle():
    spec = judge((1, 84, 8400))
    assert (spec.input.color, spec.input.scale, spec.input.letterbox.anchor) == (Color.RGB, 1 / 255, Anchor.CENTER)


def test_unknown_names_are_numbered():
    assert judge((1, 7, 8400)).names == ("class0", "class1", "class2")


def test_a_p6_model_has_stride_64():
    assert judge((1, 84, 8500)).stride == 64


def test_dynamic_sizes_leave_the_raw_layout_recognisable():
    spec = judge(("batch", 84, "anchors"), TensorInfo("images", ("batch", 3, "height", "width"), "float32"))
    assert (spec.layout, spec.input.height, spec.input.batch) == (Layout.ULTRALYTICS_RAW, None, None)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 40), st.integers(2, 40), st.integers(1, 90))
def test_raw_and_yolox_are_told_apart_at_every_size(rows, columns, classes):
    height, width = 32 * rows, 32 * columns
    door = TensorInfo("images", (1, 3, height, width), "float32")
    anchors = cells(height, width, (8, 16, 32))
    if classes == 52 or anchors in (4 + classes, 5 + classes):  # 56 is pose; a square output cannot be told apart
        return
    assert judge((1, 4 + classes, anchors), door).layout is Layout.ULTRALYTICS_RAW
    assert judge((1, anchors, 5 + classes), door).layout is Layout.YOLOX_RAW


def test_one_warning_says_what_was_guessed(caplog):
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        judge((1, 84, 8400))
    assert caplog.messages == [
        "m.onnx carries no contract; judged by its shapes: detect, ultralytics-raw, 80 classes (COCO's names assumed), "
        "input rgb float32 x 0.00392157"
    ]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((1, 25200, 85), "it looks like YOLOv5"),
        ((1, 1000), "it looks like a classifier"),
        ((1, 300, 7), "matches no known detector"),
        ((1, 84, 8399), "matches no known detector"),
        ((1, 8400, 4), "matches no known detector"),
        ((1,), "matches no known detector"),
        ((1, "n", "m"), "matches no known detector"),
    ],
)
def test_unknown_outputs_are_refused_with_what_was_seen(shape, reason):
    with pytest.raises(ContractError, match=reason) as caught:
        judge(shape)
    assert "m.onnx carries no contract" in caught.value.what
    assert f"output0 [{', '.join(map(str, shape))}]" in caught.value.what
    assert caught.value.hint.startswith("numa-deploy adopt m.onnx --family")


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ([], "it has 0 inputs"),
        ([IMAGES, IMAGES], "it has 2 inputs"),
        ([TensorInfo("x", (1, 640, 640, 3), "float32")], "channels last"),
        ([TensorInfo("x", (1, 640), "float32")], r"not \[batch, channels, height, width\]"),
        ([TensorInfo("x", (1, 10, 640, 640), "float32")], "its input has 10 channels"),
    ],
)
def test_unknown_inputs_are_refused(inputs, reason):
    with pytest.raises(ContractError, match=reason):
        spec_from_shapes(inputs, [TensorInfo("output0", (1, 84, 8400), "float32")], "m.onnx")


def test_masks_are_recognised_and_refused():
    outputs = [TensorInfo("output0", (1, 116, 8400), "float32"), TensorInfo("output1", (1, 32, 160, 160), "float32")]
    with pytest.raises(ContractError, match="it looks like a segmentation model"):
        spec_from_shapes([IMAGES], outputs, "m.onnx")
