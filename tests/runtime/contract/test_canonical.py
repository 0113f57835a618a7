import pytest

from numa_runtime.contract import Color, Layout, Task
from numa_runtime.contract.shapes import spec_from_shapes
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ContractError

SHAPES = {
    "boxes": (1, 1000, 4),
    "scores": (1, 1000, 3),
    "keypoints": (1, 1000, 17, 3),
    "detections": (1, 300, 6),
    "balls": (1, 10, 5, 6),
    "features": (1, 1000, 192),
}


def judge(*names, planes=3, **shapes):
    door = TensorInfo("images", (1, planes, 64, 64), "uint8")
    outputs = [TensorInfo(name, shapes.get(name, SHAPES[name]), "float32") for name in names]
    return spec_from_shapes([door], outputs, "ours.onnx")


@pytest.mark.parametrize(
    ("names", "task", "layout"),
    [
        (("boxes", "scores"), Task.DETECT, Layout.CANDIDATES),
        (("scores", "boxes", "keypoints"), Task.POSE, Layout.CANDIDATES),
        (("boxes", "scores", "features"), Task.DETECT, Layout.CANDIDATES),
        (("boxes", "scores", "keypoints", "features"), Task.POSE, Layout.CANDIDATES),
        (("detections",), Task.DETECT, Layout.FINAL),
        (("detections", "keypoints"), Task.POSE, Layout.FINAL),
        (("balls",), Task.MULTITASK, Layout.MULTITASK),
        (("balls", "boxes", "scores", "keypoints"), Task.MULTITASK, Layout.MULTITASK),
        (("balls", "boxes", "scores", "keypoints", "features"), Task.MULTITASK, Layout.MULTITASK),
    ],
)
def test_our_names_say_the_layout(names, task, layout):
    spec = judge(*names)
    assert (spec.task, spec.layout) == (task, layout)
    assert spec.has_features is ("features" in names)
    assert (spec.input.dtype, spec.input.scale) == ("uint8", 1.0)


def test_classes_and_keypoints_are_counted():
    spec = judge("boxes", "scores", "keypoints")
    assert (spec.names, spec.keypoint_shape) == (("class0", "class1", "class2"), (17, 3))


def test_a_clip_has_as_many_grey_frames_as_the_balls_have_groups():
    spec = judge("balls", "boxes", "scores", "keypoints", planes=10)
    assert (spec.input.frames, spec.input.channels, spec.input.color) == (10, 1, Color.GRAY)
    assert (spec.groups, spec.ball_names) == (10, ("ball",))


def test_balls_of_the_newest_frames_alone_are_a_clip_too():
    spec = judge("balls", planes=10, balls=(1, 2, 5, 6))
    assert (spec.input.frames, spec.input.channels, spec.groups) == (10, 1, 2)


def test_our_name_with_another_shape_is_refused():
    with pytest.raises(ContractError, match=r"ours.onnx has an output 'boxes' of shape \[1, 1000, 5\]"):
        judge("boxes", "scores", boxes=(1, 1000, 5))


def test_a_stranger_among_our_names_is_no_layout_of_ours():
    with pytest.raises(ContractError, match="its 2 outputs match no known detector"):
        judge("boxes", "detections")
