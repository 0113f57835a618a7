import json
from dataclasses import replace

import pytest
from support import shared_data
from tiny_models import RECORD, detect_spec, rtx_plan, tiny_onnx

from numa_runtime.contract import (
    GOLDEN_KEY,
    RECORD_KEY,
    SPEC_KEY,
    Thresholds,
    record_to_json,
    spec_hash,
    spec_to_json,
)
from numa_runtime.errors import ModelError
from numa_runtime.sessions.describe import describe

TEXTS = {SPEC_KEY: spec_to_json(detect_spec()), RECORD_KEY: record_to_json(RECORD), GOLDEN_KEY: "sample"}
CANDIDATES = {"boxes": (1, 8, 4), "scores": (1, 8, 2)}


def test_our_onnx(tmp_path):
    path = tiny_onnx(tmp_path / "m.onnx", CANDIDATES, dtype="uint8", metadata=TEXTS)
    card = describe(path)
    assert (card.spec, card.record, card.has_golden) == (detect_spec(), RECORD, True)
    assert (card.format, card.backend, card.precision) == ("onnx", "onnxruntime", "fp32")
    assert (card.contract_origin, card.spec_hash) == ("numa", spec_hash(detect_spec()))
    assert card.size_mb == pytest.approx(path.stat().st_size / 1e6)
    rows = dict(card.rows())
    assert rows["classes"] == "2: player, referee"
    assert rows["pixels"] == "rgb uint8 x 1, letterbox center, pad 114, stride 32"
    assert rows["written by"] == "numa-deploy 0.1.0, 2026-11-21T12:00:00Z"
    assert json.loads(json.dumps(card.to_dict()))["spec"]["names"] == ["player", "referee"]


def test_thresholds_that_suit_the_model_are_shown(tmp_path):
    spec = replace(detect_spec(), thresholds=Thresholds(track_high_thresh=0.5, match_thresh=0.85))
    path = tiny_onnx(tmp_path / "m.onnx", CANDIDATES, dtype="uint8", metadata={SPEC_KEY: spec_to_json(spec)})
    assert dict(describe(path).rows())["tracking"] == "track_high_thresh 0.5, match_thresh 0.85"
    plain = tiny_onnx(tmp_path / "plain.onnx", CANDIDATES, dtype="uint8", metadata=TEXTS)
    assert "tracking" not in dict(describe(plain).rows())


def test_the_same_as_openvino(tmp_path):
    ov = pytest.importorskip("openvino", reason="needs openvino")
    path = tiny_onnx(tmp_path / "m.onnx", CANDIDATES, dtype="uint8", metadata=TEXTS)
    folder = tmp_path / "m_openvino_model"
    ov.save_model(ov.Core().read_model(str(path)), str(folder / "m.xml"), compress_to_fp16=False)
    card, other = describe(folder), describe(path)
    assert (card.format, card.precision, card.spec_hash) == ("openvino", "fp32", other.spec_hash)
    assert (card.inputs, card.outputs) == (other.inputs, other.outputs)
    assert describe(folder / "m.xml").size_mb == pytest.approx(card.size_mb)


def test_a_file_that_does_not_say_what_it_is_is_described_all_the_same(tmp_path):
    card = describe(tiny_onnx(tmp_path / "odd.onnx", {"output0": (1, 77)}))
    assert (card.spec, card.contract_origin, card.spec_hash) == (None, "none", "")
    assert "it looks like a classifier" in card.contract_problem
    assert [str(info) for info in card.outputs] == ["output0 [1, 77] float32"]
    assert dict(card.rows())["contract"].startswith("none: odd.onnx carries no contract")


def test_an_engine_needs_no_gpu(tmp_path):
    path = tmp_path / "best.engine"
    spec = json.dumps({SPEC_KEY: json.loads(spec_to_json(detect_spec()))}, separators=(",", ":"))
    path.write_bytes(rtx_plan(name=spec))
    card = describe(path)
    assert (card.spec, card.format, card.precision) == (detect_spec(), "engine", "unknown")
    assert [str(info) for info in card.inputs] == ["images [1, 3, 64, 64] uint8"]
    assert dict(card.rows())["built by"] == "TensorRT RTX 1.7.1 SM89"
    assert json.loads(json.dumps(card.to_dict()))["engine"]["targets"] == ["sm89"]


def test_a_pure_engine_says_why_nothing_is_known(tmp_path):
    path = tmp_path / "pure.engine"
    path.write_bytes(rtx_plan())
    card = describe(path)
    assert (card.spec, card.inputs) == (None, ())
    assert card.contract_problem == "a pure engine: its shapes show only where it can be loaded, on its GPU"


def test_an_engine_with_a_damaged_sidecar_is_still_described(tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan())
    path.with_name("best.engine.json").write_text('{"numa.spec": 3}')
    assert "best.engine: the contract is" in describe(path).contract_problem


def test_what_is_not_a_model_is_refused(tmp_path):
    (tmp_path / "m.onnx").write_text("hello")
    with pytest.raises(ModelError, match="is a text file"):
        describe(tmp_path / "m.onnx")


@pytest.mark.parametrize(
    ("name", "precision"),
    [("yolov8n_dynamic_int8", "int8"), ("yolo11n-pose_static_int8_BROKEN_SCORES", "int8"), ("yolox_nano", "fp32")],
)
def test_precision_of_real_files(name, precision):
    assert describe(shared_data("weights", "onnx", f"{name}.onnx")).precision == precision
