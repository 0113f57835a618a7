"""Published networks on real images give the published mAP through our own sessions, decoders and NMS.

Figures: shared README, by pycocotools on tiny_coco val, conf 0.001, NMS 0.7.
"""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, shared_data

from numa_benchmarks.labels.dataset import open_dataset
from numa_benchmarks.validate import Validation, validate
from numa_runtime.sessions.base import Session
from numa_runtime.sessions.loading import load
from numa_runtime.vision.letterbox import Transform

WITHIN = 0.003


def score(model: Path, *, keypoints: bool = False, **options: Any) -> Validation:
    dataset = open_dataset(shared_data("coco", "tiny_coco"), keypoints=keypoints)
    with load(model, device="cpu") as session:
        return validate(session, dataset, **options)


def onnx(name: str) -> Path:
    return shared_data("weights", "onnx", name)


@pytest.fixture
def openvino_model(tmp_path: Path):
    pytest.importorskip("openvino")
    archive = shared_data("weights", "openvino", "openvino-int8-yolov8n_yolov8n-pose_yolo11n.tar.xz")

    def unpack(name: str) -> Path:
        with tarfile.open(archive) as tar:
            members = [member for member in tar.getmembers() if f"{name}_int8_openvino_model" in member.name]
            tar.extractall(tmp_path, members, filter="data")
        return next(path.parent for path in tmp_path.rglob("*.xml"))

    return unpack


def test_yolox_nano_as_published() -> None:
    """A raw YOLOX file without metadata, opened by its shapes."""
    assert score(onnx("yolox_nano.onnx")).metrics.box_map50_95 == pytest.approx(0.329, abs=WITHIN)


def test_yolox_nano_as_adopted() -> None:
    """Our artifact with its top-k in the graph."""
    bundled = ROOT / "numa_deploy" / "assets" / "yolox-nano.onnx"
    assert score(bundled).metrics.box_map50_95 == pytest.approx(0.329, abs=WITHIN)


class Replay:
    """A session that runs each image once and then says the same again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: list[dict[str, Any]] = []
        self._at = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def rewind(self) -> None:
        self._at = 0

    def run(self, batch: Any) -> dict[str, Any]:
        if self._at == len(self._said):
            self._said.append({name: array.copy() for name, array in self._session.run(batch).items()})
        self._at += 1
        return self._said[self._at - 1]


def test_yolov8n_int8_onnx() -> None:
    """Several classes per box, as the field reports; and the best one, as `predict` gives it."""
    dataset = open_dataset(shared_data("coco", "tiny_coco"))
    with load(onnx("yolov8n_dynamic_int8.onnx"), device="cpu") as session:
        replay = Replay(session)
        several = validate(replay, dataset).metrics.box_map50_95
        replay.rewind()
        best = validate(replay, dataset, multi_label=False).metrics.box_map50_95
    assert several == pytest.approx(0.447, abs=WITHIN)
    assert best == pytest.approx(0.438, abs=WITHIN)


@pytest.mark.slow
def test_yolo26n_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published figure is of boxes that may leave the image; ours are clipped to it, which gains 0.4 points."""
    clipped = score(onnx("yolo26n_dynamic_int8.onnx")).metrics.box_map50_95
    monkeypatch.setattr(Transform, "boxes_to_source", Transform.to_source)
    unclipped = score(onnx("yolo26n_dynamic_int8.onnx")).metrics.box_map50_95
    assert unclipped == pytest.approx(0.447, abs=WITHIN)
    assert unclipped <= clipped <= unclipped + 0.01


@pytest.mark.parametrize(("name", "expected"), [("yolov8n", 0.436), ("yolo11n", 0.477)])
def test_openvino_int8(openvino_model, name: str, expected: float) -> None:
    assert score(openvino_model(name)).metrics.box_map50_95 == pytest.approx(expected, abs=WITHIN)


def test_openvino_int8_pose(openvino_model) -> None:
    found = score(openvino_model("yolov8n-pose"), keypoints=True).metrics
    assert found.keypoint_map50_95 == pytest.approx(0.547, abs=WITHIN)


@pytest.mark.slow
def test_a_broken_quantisation_shows() -> None:
    """What an accuracy gate must catch."""
    found = score(onnx("yolo11n-pose_static_int8_BROKEN_SCORES.onnx"), keypoints=True).metrics
    assert found.keypoint_map50_95 == pytest.approx(0.0, abs=WITHIN)
