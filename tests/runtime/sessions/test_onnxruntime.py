import logging

import numpy as np
import onnxruntime as ort
import pytest
from support import shared_data
from tiny_models import RECORD, detect_spec, tiny_onnx

from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, Layout, record_to_json, spec_to_json
from numa_runtime.errors import ContractError, DeviceError, ModelError
from numa_runtime.sessions import Session
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.onnxruntime import OnnxRuntimeSession

CPU = Device("cpu")
CANDIDATES = {"boxes": (1, 8, 4), "scores": (1, 8, 2)}
OURS = {SPEC_KEY: spec_to_json(detect_spec()), RECORD_KEY: record_to_json(RECORD), GOLDEN_KEY: "sample"}


@pytest.fixture
def ours(tmp_path):
    return tiny_onnx(tmp_path / "ours.onnx", CANDIDATES, dtype="uint8", metadata=OURS)


def test_our_file_runs_and_says_what_it_is(ours):
    with OnnxRuntimeSession(ours, CPU, threads=1) as session:
        assert isinstance(session, Session)
        assert (session.spec, session.record, session.golden) == (detect_spec(), RECORD, "sample")
        assert (session.backend, session.device, session.path) == ("onnxruntime", "cpu, 1 thread", str(ours))
        assert [str(info) for info in session.outputs] == ["boxes [1, 8, 4] float32", "scores [1, 8, 2] float32"]
        found = session.run(np.full((1, 3, 64, 64), 7, np.uint8))
    assert {name: array.shape for name, array in found.items()} == CANDIDATES
    assert all(np.isfinite(array).all() for array in found.values())


def test_a_batch_need_not_be_contiguous(ours):
    frame = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), np.uint8)
    with OnnxRuntimeSession(ours, CPU) as session:
        want = session.run(np.ascontiguousarray(frame.transpose(0, 3, 1, 2)))["boxes"].copy()
        np.testing.assert_array_equal(session.run(frame.transpose(0, 3, 1, 2))["boxes"], want)


def test_the_wrong_batch_is_refused_before_it_runs(ours):
    with OnnxRuntimeSession(ours, CPU) as session, pytest.raises(ModelError) as caught:
        session.run(np.zeros((1, 3, 32, 32), np.float32))
    assert caught.value.what == "ours.onnx takes images [1, 3, 64, 64] uint8; the batch is [1, 3, 32, 32] float32"


def test_a_closed_session_does_not_run(ours):
    session = OnnxRuntimeSession(ours, CPU)
    session.close()
    with pytest.raises(ModelError, match="is closed"):
        session.run(np.zeros((1, 3, 64, 64), np.uint8))


def test_dynamic_axes_take_any_size(tmp_path):
    path = tiny_onnx(tmp_path / "d.onnx", {"output0": ("batch", 84, "anchors")}, shape=("batch", 3, "height", "width"))
    with OnnxRuntimeSession(path, CPU) as session:
        assert session.spec.layout is Layout.ULTRALYTICS_RAW
        assert session.inputs[0].shape == ("batch", 3, "height", "width")
        assert session.run(np.zeros((1, 3, 96, 64), np.float32))["output0"].shape == (1, 84, 6)


def test_a_file_without_metadata_that_fits_nothing_is_refused(tmp_path):
    path = tiny_onnx(tmp_path / "odd.onnx", {"output0": (1, 77)})
    with pytest.raises(ContractError, match=r"odd\.onnx carries no contract .*it looks like a classifier"):
        OnnxRuntimeSession(path, CPU)


def test_a_damaged_file_is_one_sentence(ours):
    data = bytearray(ours.read_bytes())
    position = data.find(b"ReduceMean")
    data[position : position + 10] = b"ReduceMoan"
    ours.write_bytes(data)
    with pytest.raises(ModelError, match=r"^ours\.onnx cannot be opened by ONNX Runtime \d.*ReduceMoan") as caught:
        OnnxRuntimeSession(ours, CPU)
    assert "\n" not in caught.value.what


@pytest.mark.skipif("CUDAExecutionProvider" in ort.get_available_providers(), reason="this onnxruntime has CUDA")
@pytest.mark.parametrize("word", ["cuda", "tensorrt", "intel"])
def test_an_explicit_device_that_is_not_there_is_an_error(ours, word):
    with pytest.raises(DeviceError, match=rf"device {word}.* was asked for, but this onnxruntime only has: .*cpu"):
        OnnxRuntimeSession(ours, Device(word))


class TestSilentFallback:
    """ONNX Runtime starts on the CPU when CUDA is compiled in but does not start; only `get_providers` tells."""

    @pytest.fixture(autouse=True)
    def pretend(self, monkeypatch):
        monkeypatch.setattr(ort, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])

    @pytest.mark.skipif("CUDAExecutionProvider" in ort.get_available_providers(), reason="this onnxruntime has CUDA")
    def test_is_an_error_when_cuda_was_asked_for(self, ours):
        with pytest.raises(DeviceError, match="device cuda:0 was asked for, but ONNX Runtime fell back to the CPU"):
            OnnxRuntimeSession(ours, Device("cuda"))

    @pytest.mark.skipif("CUDAExecutionProvider" in ort.get_available_providers(), reason="this onnxruntime has CUDA")
    def test_is_said_under_auto(self, ours, caplog):
        with caplog.at_level(logging.WARNING, "numa_runtime"):
            session = OnnxRuntimeSession(ours, Device("auto"), threads=2)
        assert session.device == "cpu, 2 threads"
        assert caplog.messages == ["ours.onnx: CUDA did not start (driver, CUDA or cuDNN missing); running on the CPU"]


@pytest.mark.parametrize(
    ("name", "layout", "classes", "shape"),
    [
        ("yolov8n_dynamic_int8", Layout.ULTRALYTICS_RAW, 80, (1, 84, 8400)),
        ("yolo26n_dynamic_int8", Layout.ULTRALYTICS_END2END, 80, (1, 300, 6)),
        ("yolo11n-pose_static_int8_BROKEN_SCORES", Layout.ULTRALYTICS_RAW, 1, (1, 56, 8400)),
        ("yolox_nano", Layout.YOLOX_RAW, 80, (1, 3549, 85)),
    ],
)
def test_real_files(name, layout, classes, shape):
    path = shared_data("weights", "onnx", f"{name}.onnx")
    with OnnxRuntimeSession(path, CPU) as session:
        assert (session.spec.layout, len(session.spec.names)) == (layout, classes)
        size = session.inputs[0].shape
        found = session.run(np.full(size, 0.4, np.float32))
    (array,) = found.values()
    assert array.shape == shape
    assert np.isfinite(array).all()
