"""Real weights in our network give the published mAP, before and after export.

tiny_coco val, 50 images, mAP50-95 of boxes (yolov8n, yolo11n) and keypoints (pose): the figures published with these
weights, and ours:

                                          yolov8n       best class only  yolov8n-pose  yolo11n
published                                 .440          .434             .562          .477
the file's weights, DFL table included    .442          .434             .558          .475 (its table is exact)
our network: DFL table 0, 1, ... 15       .445          .436             .558          .475
OpenVINO int8, published and ours         .436, .437    .429, -          .547, .547    .477, .477

So the convention is the publisher's (the int8 files agree to .001), and for yolov8n the whole difference is the DFL
table, which the files round to int8 (.94, 2.01, 2.95, ...) and which ours has by definition. For the pose network
nothing in decoding or scoring makes up the rest: clipping, nominal ratio, top-k, conf .01, NMS .65, 100 or 1000 boxes,
keypoints clipped, scores rounded are all .554 to .558, another reader of JPEG .558. What moves the figure is what
moves the picture or the weights: padding one pixel further .557 (yolov8n: .450), pad value 128 .560, black .551, area
interpolation .554, no scaling up .556 (yolov8n .433). And noise of the size of the file's own rounding (half a step
of int8, five draws) gives .546 to .561, yolov8n .441 to .450: 0.3 points are within what rounding these weights once
more would do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from npz_weights import load_npz
from support import shared_data

from numa_benchmarks.labels.coco import open_coco
from numa_benchmarks.validate import validate
from numa_deploy.network.session import TorchSession

pytestmark = pytest.mark.slow
WITHIN = 0.003
SAME = 0.001
CASES = [("yolov8n", "instances", 0.445), ("yolov8n-pose", "person_keypoints", 0.558), ("yolo11n", "instances", 0.475)]


def weights(name):
    return shared_data("weights", "npz", f"{name}.fused-int8.npz")


def score(session, labels, **options):
    dataset = open_coco(shared_data("coco", "tiny_coco", "annotations", f"{labels}_val2017.json"))
    metrics = validate(session, dataset, **options).metrics
    return (metrics.keypoint or metrics.box).map50_95


class WholeTable(TorchSession):
    """The plain path with the DFL table that lies in the file."""

    def __init__(self, name: str) -> None:
        self._network = load_npz(weights(name))
        super().__init__(self._network.deploy(), name, device="cpu")
        with np.load(weights(name)) as file:
            stem = next(key for key in file.files if key.endswith("dfl.conv.weight"))
            table = file[stem].astype(np.float32) * file[f"{stem}_scale"].astype(np.float32).ravel()
        head = self._network.detect_head or self._network.pose_head
        assert head is not None
        head.dfl.conv.weight.data.copy_(torch.from_numpy(table).view_as(head.dfl.conv.weight))

    def run(self, batch: Any) -> dict[str, Any]:
        return {name: found.numpy() for name, found in self._network.infer(torch.from_numpy(batch)).items()}


def test_the_weights_as_they_lie_in_the_file():
    with WholeTable("yolov8n") as session:
        assert score(session, "instances", imgsz=(640, 640)) == pytest.approx(0.440, abs=WITHIN)
        best = score(session, "instances", imgsz=(640, 640), multi_label=False)
        assert best == pytest.approx(0.434, abs=WITHIN)


@pytest.mark.parametrize(("name", "labels", "ours"), CASES)
def test_in_torch_and_after_export(name, labels, ours, tmp_path):
    pytest.importorskip("openvino")
    import cv2
    from support import ROOT

    from numa_export.exporting import export
    from numa_runtime.sessions import load

    photographs = [cv2.imread(str(path)) for path in sorted((ROOT / "numa_deploy/assets/photos").glob("*.jpg"))]
    network = load_npz(weights(name))
    with TorchSession(network.deploy(), name, device="cpu") as session:
        assert score(session, labels, imgsz=(640, 640)) == pytest.approx(ours, abs=SAME)
    graph = export(network, images=photographs, output=tmp_path / f"{name}.onnx").path
    for path in (graph, export(graph, "openvino", images=photographs, output=tmp_path).path):
        with load(path, device="cpu") as session:
            assert score(session, labels) == pytest.approx(ours, abs=SAME)
