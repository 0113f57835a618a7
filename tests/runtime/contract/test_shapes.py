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
        ((1, 25200, 85), Task.DETECT, Layout.OBJECTNESS_ROWS, 80, None),
        ((1, 25200, 6), Task.DETECT, Layout.OBJECTNESS_ROWS, 1, None),
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
        "m.onnx carries no contract; judged by its shapes: ultralytics detect, ultralytics-raw, "
        "80 classes (COCO's names assumed), input rgb float32 x 0.00392157"
    ]


def refusal(*outputs, inputs=(IMAGES,)):
    with pytest.raises(ContractError) as caught:
        spec_from_shapes(inputs, outputs, "/far/m.onnx")
    return caught.value


def out(*shape, name="output0"):
    return TensorInfo(name, shape, "float32")


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((1, 1000), "it looks like a classifier"),
        ((1, 84, 8399), "matches no known detector"),
        ((1, 8400, 4), "matches no known detector"),
        ((1,), "matches no known detector"),
        ((1, "n", "m"), "matches no known detector"),
        ((1, 8400, 112), "it looks like NanoDet"),
        ((1, 8500, 112), "it looks like NanoDet"),
    ],
)
def test_what_no_family_writes_is_refused_without_a_way_in(shape, reason):
    error = refusal(out(*shape))
    assert error.what.startswith("m.onnx carries no contract")
    assert reason in error.what
    assert f"output0 [{', '.join(map(str, shape))}]" in error.what
    assert "docs/how-to/foreign-files.md" in error.hint


LOOKALIKES = [
    ([out(1, 300, 84)], "rtdetr or ultralytics", "rtdetr"),
    ([out("batch", "n", 85)], "yolov5, yolov6, yolov7, yolox or ultralytics", "yolov5"),
    ([out(1, 8500, 85)], "yolov6, yolox or ultralytics", "yolov6"),
    ([out(1, 8400, 4, name="boxes"), out(1, 8400, 80, name="scores")], "yolo-nas", "yolo-nas"),
    ([out(1, 300, 80, name="logits"), out(1, 300, 4, name="pred_boxes")], "rtdetr, rfdetr, dfine or deimv2", "rtdetr"),
    ([out(1, 300, name="labels"), out(1, 300, 4, name="boxes"), out(1, 300, name="scores")], "dfine", "yolov6"),
]


@pytest.mark.parametrize(("outputs", "words", "first"), LOOKALIKES)
def test_what_several_families_write_is_refused_and_the_hint_says_which(outputs, words, first):
    error = refusal(*outputs)
    assert "its shapes alone do not say who wrote it" in error.what
    assert words in error.what
    assert error.hint == f"numa-deploy adopt /far/m.onnx --family {first}"


def test_a_detr_that_asks_for_the_sizes_is_led_to_adopt():
    outputs = [out(1, 300, name="labels"), out(1, 300, 4, name="boxes"), out(1, 300, name="scores")]
    sizes = TensorInfo("orig_target_sizes", (1, 2), "int64")
    error = refusal(*outputs, inputs=(IMAGES, sizes))
    assert "wants the pictures' sizes" in error.what
    assert error.hint == "numa-deploy adopt /far/m.onnx --family dfine"


def test_rf_detr_is_told_by_the_names_of_its_outputs():
    spec = spec_from_shapes([IMAGES], [out(1, 300, 4, name="dets"), out(1, 300, 91, name="labels")], "m.onnx")
    door = spec.input
    assert (spec.layout, spec.names[0], spec.names[1]) == (Layout.QUERY_LOGITS, "unused0", "person")
    assert (door.letterbox.anchor, door.color, door.scale) == (Anchor.STRETCH, Color.RGB, 1 / 255)
    assert (door.mean, door.std) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert [output.name for output in spec.outputs] == ["dets", "labels"]


@pytest.mark.parametrize("order", [1, -1])
def test_yolo_nas_is_told_by_numbered_outputs_in_either_order(order):
    outputs = [out(1, 8400, 4, name="913"), out(1, 8400, 80, name="904")][::order]
    spec = spec_from_shapes([IMAGES], outputs, "m.onnx")
    assert (spec.layout, [output.name for output in spec.outputs]) == (Layout.BOXES_AND_SCORES, ["913", "904"])


def test_rows_that_name_their_image_are_yolov7s_unless_they_may_be_images():
    assert judge((3, 7)).layout is Layout.BATCH_ROWS
    door = TensorInfo("images", ("batch", 3, 640, 640), "float32")
    with pytest.raises(ContractError, match="it looks like a classifier"):
        judge(("batch", 7), door)


def test_thresholds_are_the_families():
    assert judge((1, 8400, 85)).thresholds.iou == judge((1, 25200, 85)).thresholds.iou == 0.45
    assert judge((1, 84, 8400)).thresholds.iou == 0.7


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
