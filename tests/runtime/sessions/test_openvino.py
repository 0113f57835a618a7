import re
import tarfile

import numpy as np
import pytest
from support import shared_data
from tiny_models import RECORD, detect_spec, tiny_onnx

from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, Layout, Task, record_to_json, spec_to_json
from numa_runtime.errors import ContractError, DeviceError, ModelError
from numa_runtime.sessions import Session
from numa_runtime.sessions.device import Device

ov = pytest.importorskip("openvino", reason="needs openvino")
from numa_runtime.sessions.openvino import OpenVinoSession  # noqa: E402 - openvino may be absent

CPU = Device("cpu")
CANDIDATES = {"boxes": (1, 8, 4), "scores": (1, 8, 2)}


def convert(source, target):
    ov.save_model(ov.Core().read_model(str(source)), str(target), compress_to_fp16=False)
    return target


@pytest.fixture
def raw(tmp_path):
    return convert(tiny_onnx(tmp_path / "m.onnx", {"output0": (1, 84, 84)}), tmp_path / "m.xml")


def test_a_foreign_file_judged_by_shapes_equals_onnx_runtime(raw, tmp_path):
    from numa_runtime.sessions.onnxruntime import OnnxRuntimeSession

    batch = np.random.default_rng(1).random((1, 3, 64, 64), np.float32)
    with OpenVinoSession(raw, CPU, threads=1) as session, OnnxRuntimeSession(tmp_path / "m.onnx", CPU) as other:
        assert isinstance(session, Session)
        assert (session.backend, session.device) == ("openvino", "cpu, 1 thread")
        assert session.spec == other.spec
        np.testing.assert_allclose(session.run(batch)["output0"], other.run(batch)["output0"], atol=1e-5)


def test_the_contract_of_a_converted_onnx_survives(tmp_path):
    texts = {SPEC_KEY: spec_to_json(detect_spec()), RECORD_KEY: record_to_json(RECORD), GOLDEN_KEY: "sample"}
    source = tiny_onnx(tmp_path / "m.onnx", CANDIDATES, dtype="uint8", metadata=texts)
    with OpenVinoSession(convert(source, tmp_path / "m.xml"), CPU) as session:
        # The record describes the ONNX file, not what somebody's converter made of it.
        assert (session.spec, session.record, session.golden) == (detect_spec(), None, "sample")
        assert [info.name for info in session.outputs] == ["boxes", "scores"]
        assert session.run(np.zeros((1, 3, 64, 64), np.uint8))["scores"].shape == (1, 8, 2)


def test_metadata_yaml_beside_the_file_is_read(raw):
    raw.with_name("metadata.yaml").write_text(
        "task: detect\nstride: 32\nnames:\n" + "".join(f"  {index}: n{index}\n" for index in range(80))
    )
    with OpenVinoSession(raw, CPU) as session:
        assert session.spec.names[79] == "n79"
        assert session.contract.origin == "ultralytics metadata"


@pytest.mark.parametrize(("text", "sentence"), [("a: [", "cannot be read"), ("- 1", "is not a mapping")])
def test_a_damaged_metadata_yaml_is_named(raw, text, sentence):
    raw.with_name("metadata.yaml").write_text(text)
    with pytest.raises(ContractError, match=rf"metadata\.yaml.*{sentence}"):
        OpenVinoSession(raw, CPU)


def test_unnamed_and_dynamic_doors(tmp_path):
    from openvino import opset13 as ops

    door = ops.parameter([-1, 3, -1, -1], np.float32)
    pooled = ops.reduce_mean(door, [2, 3], keep_dims=True)
    wide = ops.reshape(ops.broadcast(pooled, [1, 3, 2, 50]), [1, 50, 6], special_zero=False)
    path = tmp_path / "d.xml"
    ov.save_model(ov.Model([ops.result(wide)], [door], "d"), str(path))
    # Files traced from torch come without any names.
    path.write_text(re.sub(r' (output_)?names="[^"]*"', "", path.read_text()))
    with OpenVinoSession(path, CPU) as session:
        assert (session.inputs[0].name, session.outputs[0].name) == ("images", "output0")
        assert session.inputs[0].shape == ("batch", 3, "height", "width")
        assert session.run(np.zeros((1, 3, 64, 32), np.float32))["output0"].shape == (1, 50, 6)


def test_the_wrong_batch_and_a_closed_session(raw):
    session = OpenVinoSession(raw, CPU)
    with pytest.raises(ModelError, match=r"m\.xml takes images \[1, 3, 64, 64\] float32; the batch is"):
        session.run(np.zeros((2, 3, 64, 64), np.float32))
    session.close()
    with pytest.raises(ModelError, match="is closed"):
        session.run(np.zeros((1, 3, 64, 64), np.float32))


def test_missing_weights_are_named(raw):
    raw.with_suffix(".bin").unlink()
    with pytest.raises(ModelError, match=r"m\.xml has no weights next to it: .*m\.bin is missing"):
        OpenVinoSession(raw, CPU)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_xml_is_one_sentence(raw, keep):
    text = raw.read_text()
    raw.write_text(text[: int(len(text) * keep)])
    with pytest.raises(ModelError, match=r"^m\.xml cannot be read by OpenVINO") as caught:
        OpenVinoSession(raw, CPU)
    assert "\n" not in caught.value.what


def test_a_truncated_bin_is_one_sentence(raw):
    weights = raw.with_suffix(".bin")
    weights.write_bytes(weights.read_bytes()[:8])
    with pytest.raises(ModelError, match=r"^m\.xml cannot be"):
        OpenVinoSession(raw, CPU)


@pytest.mark.parametrize("device", [Device("cuda"), Device("intel", unit="NPU"), Device("coreml")])
def test_a_device_openvino_does_not_have(raw, device):
    if any(name.startswith("NPU") for name in ov.Core().available_devices):
        pytest.skip("this machine has an NPU")
    with pytest.raises(DeviceError, match=rf"device {device} was asked for, but OpenVINO here only has: cpu"):
        OpenVinoSession(raw, device)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ov")
    archive = shared_data("weights", "openvino", "openvino-int8-yolov8n_yolov8n-pose_yolo11n.tar.xz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize(
    ("name", "task", "shape"),
    [
        ("yolov8n", Task.DETECT, (1, 84, 8400)),
        ("yolo11n", Task.DETECT, (1, 84, 8400)),
        ("yolov8n-pose", Task.POSE, (1, 56, 8400)),
    ],
)
def test_real_files(real, name, task, shape):
    (xml,) = real.rglob(f"{name}.xml")
    with OpenVinoSession(xml, CPU) as session:
        assert (session.spec.task, session.spec.layout) == (task, Layout.ULTRALYTICS_RAW)
        array = session.run(np.full((1, 3, 640, 640), 0.4, np.float32))["output0"]
    assert array.shape == shape
    assert np.isfinite(array).all()


def test_the_cpu_computes_in_float32(tmp_path):
    """In bf16, the default on CPUs that have it, the bundled model's golden sample fails by many pixels."""
    from support import ROOT

    from numa_runtime.golden import check_session

    bundled = convert(ROOT / "numa_deploy/assets/yolox-nano.onnx", tmp_path / "yolox-nano.xml")
    with OpenVinoSession(bundled, CPU) as session:
        assert check_session(session).passed
