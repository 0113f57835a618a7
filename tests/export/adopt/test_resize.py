import cv2
import numpy as np
import onnxruntime as ort
import pytest
import tiny_onnx
from support import shared_data

from numa_export.adopt import adopt
from numa_export.adopt.resize import resize
from numa_export.graph.editor import dims_of
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.sessions import load
from numa_runtime.vision.decode import DecodeOptions, decoder_for, to_source
from numa_runtime.vision.prepare import Preparer


def run(model, batch):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"images": batch})[0]


@pytest.mark.parametrize("make", [tiny_onnx.yolox, tiny_onnx.ultralytics])
@pytest.mark.parametrize("size", [(32, 64), (96, 160), (160, 96), (416, 416)])
def test_a_resized_graph_equals_one_that_was_made_at_that_size(make, size):
    batch = np.random.default_rng(0).uniform(0, 1, (1, 3, *size)).astype(np.float32)
    resized = resize(make(64, 96), *size)
    np.testing.assert_array_equal(run(resized, batch), run(make(*size), batch))
    assert dims_of(resized.graph.output[0]) == dims_of(make(*size).graph.output[0])


def test_a_pose_head_is_resized_too():
    batch = np.random.default_rng(0).uniform(0, 1, (1, 3, 96, 128)).astype(np.float32)
    resized = resize(tiny_onnx.ultralytics(64, 96, 1, (5, 3)), 96, 128)
    np.testing.assert_array_equal(run(resized, batch), run(tiny_onnx.ultralytics(96, 128, 1, (5, 3)), batch))


def test_the_same_size_changes_nothing_and_the_source_is_never_touched():
    model = tiny_onnx.ultralytics()
    before = model.SerializeToString()
    assert resize(model, 64, 96) is model
    resize(model, 96, 96)
    assert model.SerializeToString() == before


def test_sizes_that_are_no_multiple_of_32_are_refused_with_one_that_is():
    with pytest.raises(UsageError) as error:
        resize(tiny_onnx.yolox(), 100, 160)
    assert error.value.what == "an input size of 100x160 is not a multiple of 32"
    assert error.value.hint == "--imgsz 96 160"


def test_a_constant_that_is_not_understood_is_an_error_not_a_guess():
    with pytest.raises(ModelError) as error:
        resize(tiny_onnx.ultralytics(extra_constant=True), 96, 160)
    assert "the constant mystery [1, 1, 126] has 64x96 built in" in error.value.what


@pytest.mark.parametrize(
    ("name", "family", "size"),
    [
        ("yolox_nano.onnx", "yolox", (288, 416)),
        ("yolov8n_dynamic_int8.onnx", "ultralytics", (480, 640)),
    ],
)
def test_a_real_rectangle_finds_what_the_square_found(name, family, size, tmp_path):
    images = [cv2.imread(str(path)) for path in sorted(shared_data("coco/tiny_coco/val2017").glob("*.jpg"))]
    images = [image for image in images if image.shape[0] / image.shape[1] <= size[0] / size[1]][:4]
    source = shared_data("weights/onnx", name)
    square = adopt(source, family, tmp_path / "square.onnx", images=images[:1])
    flat = adopt(source, family, tmp_path / "flat.onnx", images=images[:1], imgsz=size)
    assert f"against the source set to {size[0]}x{size[1]}" in flat.parity.lines()[0]
    one, two = (detections(report.path, images) for report in (square, flat))
    found = [_overlaps_any(box, b) for a, b in zip(one, two, strict=True) for box in a]
    assert len(found) >= 8
    assert np.mean(found) >= 0.9


def test_a_quantised_grid_cannot_be_resized(tmp_path):
    source = shared_data("weights/onnx", "yolo11n-pose_static_int8_BROKEN_SCORES.onnx")
    with pytest.raises(ModelError, match=r"the input size cannot be changed: the constant .* has 640x640 built in"):
        adopt(source, "ultralytics", tmp_path / "x.onnx", images=tiny_onnx.photographs(1), imgsz=(384, 640))


def detections(path, images):
    with load(path, device="cpu") as session:
        spec = session.spec
        prepare, decode = Preparer(spec, (spec.input.height, spec.input.width)), decoder_for(spec)
        boxes = []
        for image in images:
            batch, transforms = prepare([image])
            found = to_source(decode(session.run(batch), 0, DecodeOptions(conf=0.5)), transforms[0])
            boxes.append(found.detections.xyxy.copy())
        return boxes


def _overlaps_any(box, others):
    from numa_runtime.golden.pairing import overlaps

    return bool(len(others)) and float(overlaps(box[None], others).max()) > 0.7
