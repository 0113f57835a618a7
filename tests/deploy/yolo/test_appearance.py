"""A tracker that compares appearance gets features, or an error that says how to get them."""

from __future__ import annotations

import numpy as np
import pytest

from numa_deploy import YOLO
from numa_deploy.yolo.appearance import session_with_features
from numa_runtime.contract import BuildRecord
from numa_runtime.errors import UsageError

SMALL = {
    "task": "detect",
    "nc": 2,
    "names": ["player", "referee"],
    "backbone": [[-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]]],
    "head": [[-1, 1, "Conv", [32, 3, 2]], [[2, 3], 1, "Detect", ["nc"]]],
}
REID = {"tracker": "botsort", "with_reid": True, "gmc_method": "none", "imgsz": 96}


@pytest.fixture
def checkpoint(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    from numa_deploy.network import build
    from numa_deploy.network.checkpoint import save

    network = build(SMALL, seed=1)
    for branch in network.detect_head.cv3:
        branch[-1].bias.data.fill_(2.0)
    return save(network, tmp_path / "best.pt")


def frames(count=3):
    rng = np.random.default_rng(0)
    return [rng.integers(0, 255, (96, 128, 3), dtype=np.uint8)] * count


def test_a_network_is_opened_again_with_features(checkpoint):
    model = YOLO(checkpoint, threads=1)
    assert model.predict(frames(1), imgsz=96)[0].detections.features is None
    results = model.track(frames(), **REID)
    assert model.session.spec.has_features
    assert all(result.detections.features.shape == (len(result), 32) for result in results)
    assert len(results[-1]) > 0
    again = model.track(frames(1), persist=True, **REID)  # keeps the session, and the ids
    assert set(again[0].boxes.id.tolist()) & set(results[-1].boxes.id.tolist())


def test_without_with_reid_nothing_changes(checkpoint):
    model = YOLO(checkpoint, threads=1)
    session = model.session
    (result,) = model.track(frames(1), tracker="botsort", gmc_method="none", imgsz=96)
    assert model.session is session
    assert result.detections.features is None


def test_an_artifact_without_features_names_the_command():
    model = YOLO()
    with pytest.raises(UsageError) as error:
        model.track(frames(), tracker="botsort", with_reid=True)
    assert error.value.what == "with_reid compares appearance, and yolox-nano.onnx gives no features"
    command = "numa-deploy export --model best.pt --format onnx --features"
    other = "reid=osnet.onnx adds a ReID network; with_reid=False tracks without"
    assert error.value.hint == f"{command} writes one that does; {other}"
    assert len(model.predict(frames(1))) == 1  # the session is still open


class Artifact:
    """The part of a session that is looked at."""

    def __init__(self, spec, source):
        self.path = "runs/best.engine"
        self.spec = spec
        self.record = BuildRecord("fp16", "numa-deploy", "2026-11-21", source=source)


@pytest.mark.parametrize(
    ("source", "model", "command"),
    [
        ("match.pt", "runs/best.engine", "numa-deploy export --model match.pt --format engine --features"),
        ("multitask-n.yaml", "best_openvino_model", "--model multitask-n.yaml --format openvino --features"),
        ("best.onnx", "best.torchscript", "numa-deploy export --model best.pt --format torchscript --features"),
    ],
)
def test_the_command_fits_the_artifact(source, model, command):
    from tiny_models import detect_spec

    with pytest.raises(UsageError, match=r"best\.engine gives no features") as error:
        session_with_features(Artifact(detect_spec(), source), model)
    assert command in error.value.hint


def test_an_artifact_with_features_is_taken_as_it_is():
    from tiny_models import detect_spec

    from numa_runtime.contract import OutputSpec

    spec = detect_spec()
    session = Artifact(detect_spec(outputs=(*spec.outputs, OutputSpec("features", (1, 8, 16)))), "x.pt")
    assert session_with_features(session, "x.onnx") is session
