import pytest

from numa_runtime.contract import Anchor, Color, Layout, Task
from numa_runtime.contract.coco import COCO_NAMES
from numa_runtime.contract.metadata_values import class_names, has_ultralytics
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.contract.ultralytics import spec_from_ultralytics
from numa_runtime.errors import ContractError, UsageError

IMAGES = TensorInfo("images", (1, 3, 640, 640), "float32")


def props(**changes):
    """What their exporter writes into ONNX: every value a text."""
    words = {
        "description": "Ultralytics YOLOv8n model trained on coco.yaml",
        "stride": "32",
        "task": "detect",
        "batch": "1",
        "imgsz": "[640, 640]",
        "names": str(dict(enumerate(COCO_NAMES))),
    }
    return {**words, **changes}


def output(*shape):
    return TensorInfo("output0", shape, "float32")


def test_a_detection_model():
    spec = spec_from_ultralytics(props(), [IMAGES], [output(1, 84, 8400)])
    assert (spec.task, spec.layout, spec.name) == (Task.DETECT, Layout.ULTRALYTICS_RAW, "yolov8n")
    assert spec.names == COCO_NAMES
    assert (spec.input.color, spec.input.scale, spec.input.dtype) == (Color.RGB, 1 / 255, "float32")
    assert (spec.input.letterbox.anchor, spec.input.letterbox.pad_value) == (Anchor.CENTER, 114)
    assert spec.outputs[0].shape == (1, 84, 8400)
    assert spec.keypoint_shape is None


def test_a_pose_model_from_parsed_yaml():
    words = {"task": "pose", "stride": 32, "names": {0: "person"}, "kpt_shape": [17, 3], "end2end": False}
    spec = spec_from_ultralytics(words, [IMAGES], [output(1, 56, 8400)])
    assert (spec.task, spec.keypoint_shape, spec.names) == (Task.POSE, (17, 3), ("person",))


@pytest.mark.parametrize("rows", [300, 100])
def test_end_to_end_is_known_by_its_shape(rows):
    assert spec_from_ultralytics(props(), [IMAGES], [output(1, rows, 6)]).layout is Layout.ULTRALYTICS_END2END


def test_end_to_end_pose():
    spec = spec_from_ultralytics(
        props(task="pose", names="{0: 'person'}", kpt_shape="[17, 3]"), [IMAGES], [output(1, 300, 57)]
    )
    assert (spec.layout, spec.keypoint_shape) == (Layout.ULTRALYTICS_END2END, (17, 3))


def test_the_artifacts_real_input_wins_over_the_words():
    door = TensorInfo("x", ("batch", 1, "height", "width"), "float16")
    spec = spec_from_ultralytics(props(), [door], [output("batch", 84, "anchors")])
    assert (spec.input.batch, spec.input.height, spec.input.width) == (None, None, None)
    assert (spec.input.dtype, spec.input.color, spec.input.name) == ("float16", Color.GRAY, "x")


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        (props(), (1, 84, 8400)),
        (props(imgsz="[384, 640]"), (1, 84, 5040)),
        (props(stride="64"), (1, 84, 8500)),
        (props(end2end="True"), (1, 300, 6)),
        (props(args="{'nms': True}"), (1, 300, 6)),
        (props(args="{'dynamic': True}"), ("batch", 84, "anchors")),
        ({"names": {"0": "ball"}, "task": "detect", "imgsz": 320, "stride": 32, "batch": 2}, (2, 5, 2100)),
    ],
)
def test_without_shapes_they_follow_from_the_words(words, shape):
    assert spec_from_ultralytics(words).outputs[0].shape == shape


@pytest.mark.parametrize("task", ["segment", "obb", "classify", "semantic"])
def test_other_tasks_are_refused_by_name(task):
    with pytest.raises(ContractError, match=rf"task is '{task}', which is not supported here.*: detect, pose"):
        spec_from_ultralytics(props(task=task), [IMAGES], [output(1, 84, 8400)])


def test_a_shape_that_contradicts_the_words_is_explained():
    with pytest.raises(ContractError) as caught:
        spec_from_ultralytics(props(), [IMAGES], [output(1, 25200, 85)])
    assert caught.value.what == (
        "the metadata says 80 classes, but the output is output0 [1, 25200, 85]: "
        "neither [batch, 84, anchors] nor [batch, detections, 6]"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names": "__import__('os').getcwd()"}, "'names' cannot be read"),
        ({"names": "{0: 'a'"}, "'names' cannot be read"),
        ({"names": "3"}, "neither a dict nor a list"),
        ({"names": "{}"}, "neither a dict nor a list, or are empty"),
        ({"names": "{0: 'a', 2: 'b'}"}, r"do not count 0..1: \[0, 2\]"),
        ({"names": "{'a': 'b'}"}, "keys are not numbers"),
        ({"stride": "'wide'"}, "'stride' is 'wide', not a positive number"),
        ({"stride": "0"}, "'stride' is 0"),
        ({"task": "pose"}, "needs 'kpt_shape' as .*; found None"),
        ({"task": "pose", "kpt_shape": "[17, 5]"}, r"found \[17, 5\]"),
        ({"task": "pose", "kpt_shape": "['x', 3]"}, r"found \['x', 3\]"),
    ],
)
def test_damaged_words_are_named(changes, sentence):
    with pytest.raises(ContractError, match=sentence):
        spec_from_ultralytics(props(**changes), [IMAGES], [output(1, 84, 8400)])


@pytest.mark.parametrize("size", ["'big'", "[]", "[0, 640]", "None"])
def test_a_damaged_size_is_named_where_it_is_needed(size):
    with pytest.raises(ContractError, match="'imgsz' is"):
        spec_from_ultralytics(props(imgsz=size))


@pytest.mark.parametrize("value", [["a", "b"], {0: "a", 1: "b"}, {"1": "b", "0": "a"}, ("a", "b")])
def test_names_come_in_class_order(value):
    assert class_names(value) == ("a", "b")


def test_whose_metadata_it_is():
    assert has_ultralytics(props())
    assert not has_ultralytics({"names": "{0: 'a'}"})
    assert not has_ultralytics({"onnx.infer": "onnxruntime.quant"})


def test_the_name_is_the_network_and_not_the_sentence():
    spec = spec_from_ultralytics(props(description="YOLO11s-pose by me"), [IMAGES], [output(1, 84, 8400)])
    assert spec.name == "yolo11s-pose"
    assert spec_from_ultralytics(props(description=""), [IMAGES], [output(1, 84, 8400)]).name == ""


TWO = "{0: 'a', 1: 'b'}"


@pytest.mark.parametrize(
    ("words", "shape", "layout"),
    [
        ({"head": "RTDETRDecoder"}, (1, 300, 84), Layout.QUERY_ROWS),
        ({"head": "RTDETRDecoder", "names": TWO}, (1, 300, 6), Layout.QUERY_ROWS),
        ({"description": "Ultralytics rtdetr-l model", "names": TWO}, (1, 300, 6), Layout.QUERY_ROWS),
        ({"description": "Ultralytics best model"}, (1, 300, 84), Layout.QUERY_ROWS),
        ({"names": TWO, "end2end": "True"}, (1, 300, 6), Layout.ULTRALYTICS_END2END),
        ({"args": "{'nms': True}", "names": TWO}, ("batch", "n", 6), Layout.ULTRALYTICS_END2END),
        ({}, (1, 8400, 84), Layout.CLASS_ROWS),
        ({"names": TWO}, (1, 8400, 6), Layout.CLASS_ROWS),
        ({"names": TWO, "end2end": "False"}, ("batch", "n", 6), Layout.CLASS_ROWS),
        ({"end2end": "False"}, ("batch", "Concatoutput0_dim_1", "anchors"), Layout.ULTRALYTICS_RAW),
        ({}, ("batch", "Concatoutput0_dim_1", "anchors"), Layout.ULTRALYTICS_RAW),
        ({"end2end": "True"}, ("batch", "n", "m"), Layout.ULTRALYTICS_END2END),
        ({}, ("batch", 84, "anchors"), Layout.ULTRALYTICS_RAW),
    ],
)
def test_the_words_tell_layouts_apart_that_shapes_do_not(words, shape, layout):
    spec = spec_from_ultralytics(props(**words), [IMAGES], [output(*shape)])
    assert spec.layout is layout
    stretched = layout is Layout.QUERY_ROWS
    assert spec.input.letterbox.anchor is (Anchor.STRETCH if stretched else Anchor.CENTER)


def test_rt_detr_without_a_session_has_its_queries():
    assert spec_from_ultralytics(props(head="RTDETRDecoder")).outputs[0].shape == (1, 300, 84)


@pytest.mark.parametrize(
    ("names", "shape"), [("{0: 'ball'}", (1, 25200, 6)), (TWO, (1, 25200, 7)), (TWO, ("batch", "anchors", 7))]
)
def test_yolov5s_own_words_are_names_and_stride_only(names, shape):
    spec = spec_from_ultralytics({"names": names, "stride": "32"}, [IMAGES], [output(*shape)])
    assert (spec.task, spec.layout, spec.thresholds.iou) == (Task.DETECT, Layout.OBJECTNESS_ROWS, 0.45)
    assert len(spec.names) == shape[2] - 5


@pytest.mark.parametrize(
    "words",
    [
        {"names": "{1: 'a', 2: 'b'}"},
        {"names": "a,b"},
        {"names": "{0: 'a', 1: 'b', 2: 'c'}"},
        {"names": TWO, "stride": "tensor([ 8., 16., 32.])"},
        {"names": TWO, "stride": ""},
    ],
)
def test_words_that_cannot_be_read_are_replaced_by_what_people_say(words, caplog):
    spec = spec_from_ultralytics(props(**words), [IMAGES], [output(1, 6, 8400)], names=["x", "y"], lenient=True)
    assert (spec.names, spec.stride) == (("x", "y"), 32)
    numbered = spec_from_ultralytics(props(**words), [IMAGES], [output(1, 6, 8400)], lenient=True)
    assert numbered.names == ("class0", "class1")
    assert "the classes are numbered; --names says what they are" in caplog.text
    with pytest.raises(UsageError, match="3 names were given and the file has 2 classes"):
        spec_from_ultralytics(props(**words), [IMAGES], [output(1, 6, 8400)], names=list("abc"), lenient=True)
