import json
import logging

import cv2
import numpy as np
import onnx
import pytest
import tiny_onnx
from support import shared_data

from numa_export.adopt import AdoptReport, Family, adopt
from numa_export.graph.metadata import properties
from numa_runtime.contract import Anchor, Color, Layout, Task
from numa_runtime.errors import ModelError, NumaError, UsageError
from numa_runtime.golden import check_session
from numa_runtime.sessions import load

NETWORKS = {
    "yolox": (lambda: tiny_onnx.yolox(), "yolox", ["boxes", "scores"]),
    "yolox-batch": (lambda: tiny_onnx.yolox(batch=2), "yolox", ["boxes", "scores"]),
    "yolox-decoded": (lambda: tiny_onnx.yolox(decoded=True), "yolox", ["boxes", "scores"]),
    "yolox-opset18": (lambda: tiny_onnx.yolox(opset=18), "yolox", ["boxes", "scores"]),
    "v8": (lambda: tiny_onnx.ultralytics(), "ultralytics", ["boxes", "scores"]),
    "v8-half": (lambda: tiny_onnx.ultralytics(half=True), "ultralytics", ["boxes", "scores"]),
    "v8-pose": (
        lambda: tiny_onnx.ultralytics(classes=1, keypoints=(5, 3)),
        "ultralytics",
        ["boxes", "scores", "keypoints"],
    ),
    "v8-pose-xy": (
        lambda: tiny_onnx.ultralytics(classes=1, keypoints=(5, 2)),
        "ultralytics",
        ["boxes", "scores", "keypoints"],
    ),
    "end2end": (lambda: tiny_onnx.end2end(), "ultralytics", ["detections"]),
    "end2end-pose": (lambda: tiny_onnx.end2end(classes=1, keypoints=3), "ultralytics", ["detections", "keypoints"]),
    "dynamic": (lambda: tiny_onnx.dynamic(), "ultralytics", ["boxes", "scores"]),
    "dynamic-opset11": (lambda: tiny_onnx.dynamic(opset=11), "ultralytics", ["boxes", "scores"]),
}


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR, "numa_runtime")


def write(model, tmp_path, name="net.onnx"):
    return tiny_onnx.save(model, tmp_path / name)


@pytest.mark.parametrize("network", NETWORKS)
def test_an_adopted_file_answers_like_its_source_and_proves_it(network, tmp_path):
    make, family, outputs = NETWORKS[network]
    report = adopt(write(make(), tmp_path), family, images=tiny_onnx.photographs())
    assert report.parity.passed
    assert report.path == tmp_path / "net-numa.onnx"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net-numa.onnx", "net.onnx"]
    with load(report.path, device="cpu") as session:
        assert session.spec == report.spec
        assert session.record == report.record
        assert [info.name for info in session.outputs] == outputs
        assert (session.inputs[0].name, session.inputs[0].dtype) == ("images", "uint8")
        assert check_session(session).passed
    model = onnx.load(report.path)
    assert model.graph.node[0].op_type == "Cast"


def test_the_contract_of_a_yolox_file(tmp_path):
    report = adopt(
        write(tiny_onnx.yolox(), tmp_path), "yolox", images=tiny_onnx.photographs(1), names=list("abcde"), name="mine"
    )
    spec, door = report.spec, report.spec.input
    assert (spec.task, spec.layout, spec.name, spec.names) == (Task.DETECT, Layout.CANDIDATES, "mine", tuple("abcde"))
    assert (door.color, door.letterbox.anchor, door.letterbox.pad_value) == (Color.BGR, Anchor.TOP_LEFT, 114)
    assert (door.dtype, door.scale, door.height, door.width, door.batch) == ("uint8", 1.0, 64, 96, 1)
    assert [(output.name, output.shape) for output in spec.outputs] == [("boxes", (1, 126, 4)), ("scores", (1, 126, 5))]


def test_the_contract_of_an_ultralytics_file(tmp_path):
    report = adopt(
        write(tiny_onnx.ultralytics(classes=1, keypoints=(5, 2)), tmp_path),
        Family.ULTRALYTICS,
        tmp_path / "out" / "pose.onnx",
        images=tiny_onnx.photographs(1),
        created="2026-01-01T00:00:00+00:00",
    )
    spec, record = report.spec, report.record
    assert (spec.task, spec.names, spec.name, spec.keypoint_shape) == (Task.POSE, ("thing0",), "yolov8n", (5, 3))
    assert (spec.input.color, spec.input.letterbox.anchor) == (Color.RGB, Anchor.CENTER)
    assert (record.precision, record.source, record.created) == ("fp32", "net.onnx", "2026-01-01T00:00:00+00:00")
    assert record.tool.startswith("numa-deploy adopt ")
    assert len(record.source_sha256) == 64
    kept = properties(onnx.load(report.path))
    assert "license" in kept
    assert "names" not in kept


def test_the_same_source_gives_the_same_bytes(tmp_path):
    source = write(tiny_onnx.yolox(), tmp_path)
    files = [
        adopt(source, "yolox", tmp_path / f"{i}.onnx", images=tiny_onnx.photographs(1), created="then").path
        for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_dynamic_file_keeps_its_axes(tmp_path):
    report = adopt(write(tiny_onnx.dynamic(), tmp_path), "ultralytics", images=tiny_onnx.photographs(1))
    assert (report.spec.input.height, report.spec.input.width, report.spec.input.batch) == (None, None, None)
    with load(report.path, device="cpu") as session:
        small = session.run(np.zeros((2, 3, 32, 64), np.uint8))
        assert small["boxes"].shape == (2, 42, 4)
        large = session.run(np.zeros((1, 3, 416, 416), np.uint8))
        assert large["scores"].shape == (1, 1000, 4)


def test_a_dynamic_file_is_fixed_when_a_size_is_given(tmp_path):
    report = adopt(
        write(tiny_onnx.dynamic(), tmp_path), "ultralytics", images=tiny_onnx.photographs(1), imgsz=(64, 128)
    )
    assert (report.spec.input.height, report.spec.input.width) == (64, 128)
    assert report.parity.passed


def test_the_report_for_people_and_programs(tmp_path):
    report = adopt(write(tiny_onnx.ultralytics(), tmp_path), "ultralytics", images=tiny_onnx.photographs())
    assert isinstance(report, AdoptReport)
    lines = report.lines()
    assert lines[0] == "net.onnx  ultralytics detect, 4 classes  3x64x96 uint8 -> boxes, scores"
    assert lines[2] == (
        "read   ultralytics-raw: rgb float32 x 0.00392157, letterbox center, pad 114, stride 32; "
        "conf 0.25, iou 0.7, max_det 300"
    )
    assert lines[3].startswith("proof  boxes ")
    assert lines[3].endswith("matched on 3 images")
    values = json.loads(json.dumps(report.to_dict()))
    assert values["proof"]["passed"] is True
    assert {"size_mb", "adopt_s", "precision", "format"} <= values.keys()


def test_an_artifact_that_differs_is_kept_as_rejected(tmp_path, monkeypatch):
    from numa_export.adopt import head as building

    monkeypatch.setattr(building, "anchor_grid", lambda *size: tiny_onnx_grid_off_by_one(*size))
    source = write(tiny_onnx.yolox(), tmp_path)
    with pytest.raises(ModelError) as error:
        adopt(source, "yolox", images=tiny_onnx.photographs(1))
    assert "does not answer like its source" in error.value.what
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net-numa.onnx.rejected", "net.onnx"]


def tiny_onnx_grid_off_by_one(height, width, strides):
    from numa_export.proof.reference import anchor_grid

    grid = anchor_grid(height, width, strides)
    grid[:, 0] += 1
    return grid


def failure(path, family="yolox", **options):
    options.setdefault("images", tiny_onnx.photographs(1))
    with pytest.raises(NumaError) as error:
        adopt(path, family, **options)
    return error.value


def test_bad_input_gets_one_clear_sentence(tmp_path):
    text = tmp_path / "notes.onnx"
    text.write_text("no model at all")
    assert failure(text).what == f"{text.name} is a text file, not a model"
    assert failure(tmp_path / "gone.onnx").what.startswith(f"{tmp_path / 'gone.onnx'} does not exist")
    yolox = write(tiny_onnx.yolox(), tmp_path, "x.onnx")
    v8 = write(tiny_onnx.ultralytics(), tmp_path, "v8.onnx")
    wrong = failure(yolox, "ultralytics")
    assert wrong.what.startswith("x.onnx is not a file of the ultralytics family: read as class-rows, boxes reach 0.00")
    assert wrong.hint == f"numa-deploy adopt {yolox} --family yolox"
    assert failure(v8, "yolox").hint == f"numa-deploy adopt {v8} --family ultralytics"
    unknown = failure(yolox, "yolo-x")
    assert isinstance(unknown, UsageError)
    assert unknown.what == "unknown family 'yolo-x' (did you mean 'yolox'?)"
    assert "2 names were given and x.onnx has 5 classes" in failure(yolox, names=["a", "b"]).what
    assert "at least one photograph" in failure(yolox, images=[]).what
    assert "is the source itself" in failure(yolox, output=yolox).what
    assert "does not end in .onnx" in failure(yolox, output=tmp_path / "x.engine").what
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".onnx"] * 3


def test_an_artifact_of_ours_is_not_adopted_again(tmp_path):
    report = adopt(write(tiny_onnx.yolox(), tmp_path), "yolox", images=tiny_onnx.photographs(1))
    again = failure(report.path)
    assert again.what == "net-numa.onnx is an artifact of numa-deploy already: there is nothing to adopt"


def changed(model, name, change):
    stored = next(init for init in model.graph.initializer if init.name == name)
    values = onnx.numpy_helper.to_array(stored).copy()
    change(values)
    stored.CopyFrom(onnx.numpy_helper.from_array(values, name))
    return model


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_numbers_are_refused(value, tmp_path):
    def damage(weights):
        weights[0, 0, 0, 0] = value

    model = changed(tiny_onnx.ultralytics(), "cls32/w", damage)
    error = failure(write(model, tmp_path), "ultralytics")
    assert error.what == "net.onnx: the weights cls32/w hold 1 values of 12288 that are NaN or infinite"
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]


def test_infinity_outside_of_weights_is_a_limit_and_answers_that_are_not_numbers_are_refused(tmp_path):
    def damage(strides):
        strides[..., -1] = np.inf  # the last cell's box: no weight, and a row that the decode would only sort away

    model = changed(tiny_onnx.ultralytics(), "strides", damage)
    error = failure(write(model, tmp_path), "ultralytics")
    assert error.what.startswith("net.onnx gives ")
    assert error.what.endswith("in output0 that are NaN or infinite")
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]


def test_a_graph_that_is_no_detector_is_refused(tmp_path):
    model = tiny_onnx.yolox()
    model.graph.output[0].CopyFrom(onnx.helper.make_tensor_value_info("reg8", 1, [1, 4, 8, 12]))
    error = failure(write(model, tmp_path))
    assert error.what == "net.onnx is not a file of the yolox family: seen images [1, 3, 64, 96]; reg8 [1, 4, 8, 12]"
    assert "docs/how-to/foreign-files.md" in error.hint


REAL = {
    "yolox_nano.onnx": ("yolox", "fp32", Layout.CANDIDATES, 80),
    "yolov8n_dynamic_int8.onnx": ("ultralytics", "int8", Layout.CANDIDATES, 80),
    "yolo26n_dynamic_int8.onnx": ("ultralytics", "int8", Layout.FINAL, 80),
    # Its quantisation is broken and stays so: adopting proves equality with the source, not quality.
    "yolo11n-pose_static_int8_BROKEN_SCORES.onnx": ("ultralytics", "int8", Layout.CANDIDATES, 1),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_adopted(name, tmp_path):
    family, precision, layout, classes = REAL[name]
    images = [cv2.imread(str(path)) for path in sorted(shared_data("coco/tiny_coco/val2017").glob("*.jpg"))[:3]]
    report = adopt(shared_data("weights/onnx", name), family, tmp_path / name, images=images)
    assert report.parity.passed
    assert report.parity.matched == report.parity.expected > 0
    assert report.parity.weak == ("BROKEN" in name)
    assert (report.record.precision, report.spec.layout, len(report.spec.names)) == (precision, layout, classes)
    assert report.golden_chars < 60_000
    with load(report.path, device="cpu") as session:
        assert check_session(session).passed
