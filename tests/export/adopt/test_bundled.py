"""The model the package carries: what it is, and that it still computes what it computed when it was made."""

import onnx
from support import ROOT

from numa_export.graph.metadata import read_contract
from numa_runtime.contract import Anchor, Color, Layout, Thresholds
from numa_runtime.golden import GoldenSample, check_session
from numa_runtime.sessions import load

ASSETS = ROOT / "numa_deploy" / "assets"
MODEL = ASSETS / "yolox-nano.onnx"


def test_the_bundled_model_carries_its_contract():
    contract = read_contract(onnx.load(MODEL))
    spec = contract.spec
    assert (spec.name, spec.layout, len(spec.names), spec.names[0]) == ("yolox-nano", Layout.CANDIDATES, 80, "person")
    assert (spec.input.height, spec.input.width, spec.input.color) == (416, 416, Color.BGR)
    assert spec.input.letterbox.anchor is Anchor.TOP_LEFT
    assert [output.shape for output in spec.outputs] == [(1, 1000, 4), (1, 1000, 80)]
    assert contract.record.precision == "fp32"
    # Its authors suppress at 0.3 to 0.45; Ultralytics' 0.7 leaves two boxes, and two ids, on one person.
    # Births from 0.6: at the tracker's own 0.25 every doubt of this small network began a track.
    assert spec.thresholds == Thresholds(
        conf=0.25, iou=0.45, track_high_thresh=0.5, new_track_thresh=0.6, match_thresh=0.8
    )


def test_its_golden_sample_shows_a_person_and_holds():
    with load(MODEL, device="cpu") as session:
        shots = GoldenSample.from_text(session.golden).shots
        assert max(row[4] for shot in shots for row in shot.expected[0].rows if row[5] == 0) > 0.7
        assert check_session(session).passed


def test_a_perturbed_weight_fails_it(tmp_path):
    model = onnx.load(MODEL)
    weight = next(init for init in model.graph.initializer if len(init.dims) == 4)
    values = onnx.numpy_helper.to_array(weight).copy()
    values *= 1.02
    weight.CopyFrom(onnx.numpy_helper.from_array(values, weight.name))
    path = tmp_path / "perturbed.onnx"
    onnx.save(model, path)
    with load(path, device="cpu") as session:
        assert not check_session(session).passed


def test_its_notice_and_licences_travel_with_it():
    notice = (ASSETS / "NOTICE-yolox.txt").read_text()
    record = read_contract(onnx.load(MODEL)).record
    assert record.source_sha256 in notice
    assert "Apache License, Version 2.0" in notice
    listed = (ASSETS / "photos" / "LICENSES.txt").read_text()
    photos = sorted(path.name for path in (ASSETS / "photos").glob("*.jpg"))
    assert len(photos) == 4
    assert all(name in listed for name in photos)
    assert all((ASSETS / "photos" / name).stat().st_size < 100_000 for name in photos)
