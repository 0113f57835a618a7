"""Real sizes: minutes on two cores, so by name only (`pytest -m slow`)."""

import cv2
import pytest
from support import ROOT, shared_data

from numa_export.exporting import export
from numa_export.formats.engine_tools import installed
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.tensorrt.cuda import Machine
from numa_runtime.sessions.tensorrt.header import Flavour

pytestmark = pytest.mark.slow
NOTHING = Machine(problem="no NVIDIA driver")


@pytest.fixture(scope="module")
def photographs():
    return [cv2.imread(str(path)) for path in sorted((ROOT / "numa_deploy/assets/photos").glob("*.jpg"))]


@pytest.fixture(scope="module", params=["yolov8n", "yolov8n-pose", "yolo11n"])
def network(request):
    pytest.importorskip("torch")
    from npz_weights import load_npz

    return load_npz(shared_data("weights", "npz", f"{request.param}.fused-int8.npz"))


def errors(report):
    return {part.name: part for part in report.parity.outputs}


def test_real_weights_keep_their_boxes(network, photographs, tmp_path):
    full = export(network, images=photographs, output=tmp_path / "full.onnx")
    assert not full.parity.weak
    assert errors(full)["boxes"].max < 0.01
    openvino = export(full.path, "openvino", images=photographs, output=tmp_path)
    assert errors(openvino)["boxes"].max < 0.01
    half = export(full.path, images=photographs, output=tmp_path / "half.onnx", half=True)
    assert errors(half)["boxes"].mean < 0.05
    assert half.written[0].size_mb < 0.55 * full.written[0].size_mb


@pytest.mark.parametrize("dynamic", [False, True])
def test_the_multitask_network_becomes_an_engine(photographs, tmp_path, dynamic):
    pytest.importorskip("torch")
    if installed(Flavour.RTX) is None:
        pytest.skip('needs pip install "numa-deploy[rtx]"')
    from numa_deploy.network import build

    report = export(
        build("multitask-n.yaml"),
        "engine",
        images=photographs,
        output=tmp_path,
        half=True,
        dynamic=dynamic,
        target="sm89",
        machine=NOTHING,
    )
    assert report.parity.passed
    card = describe(report.path)
    assert (card.engine.target_words, card.precision, card.spec.task.value) == ("SM89", "fp16", "multitask")
    assert {out.name for out in card.outputs} == {"balls", "boxes", "scores", "keypoints"}
    onnx = export(tmp_path / "multitask-n.onnx", "openvino", images=photographs, output=tmp_path)
    assert onnx.parity.passed
