"""The bundled labelled set: what it promises, and that its script makes it."""

import runpy

import cv2
import numpy as np
import pytest
from support import ROOT

from numa_benchmarks.labels.dataset import open_dataset
from numa_deploy.yolo.bundled import default_model, tiny_data

SCRIPT = ROOT / "tools" / "make_tiny_dataset.py"


@pytest.fixture(scope="module")
def tiny():
    return open_dataset(tiny_data())


def test_what_it_promises(tiny):
    assert len(tiny) == 24
    assert {image.shape for image in tiny} == {(480, 640)}
    assert sum(image.path.stat().st_size for image in tiny) < 1.5e6
    assert "astronaut  Eileen Collins, photographed by NASA; public domain." in (
        tiny_data().parent / "LICENSES.txt"
    ).read_text(encoding="utf-8")
    classes = np.concatenate([image.classes for image in tiny])
    assert tiny.names == ("person", "cat", "cup")
    assert np.bincount(classes).min() >= 8
    boxes = np.concatenate([image.boxes for image in tiny])
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= (640.01, 480.01)).all()  # labels have six digits
    assert (boxes[:, 2:] - boxes[:, :2] > 30).all()


def test_the_bundled_detector_finds_nearly_everything(tiny):
    pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
    from numa_benchmarks.validate import validate
    from numa_runtime.sessions import load

    with load(default_model(), device="cpu") as session:
        assert set(tiny.names) <= set(session.spec.names)
        found = validate(session, tiny)
    assert found.metrics.box_map50 > 0.95
    assert found.metrics.box_map50_95 == pytest.approx(0.725, abs=0.02)


def test_the_script_makes_it(tiny, tmp_path):
    pytest.importorskip("skimage", reason="needs the dev extra")
    runpy.run_path(str(SCRIPT))["main"](tmp_path)
    again = open_dataset(tmp_path)
    for made, kept in zip(again, tiny, strict=True):
        np.testing.assert_allclose(made.boxes, kept.boxes, atol=1e-3)
        difference = cv2.imread(str(made.path)).astype(int) - cv2.imread(str(kept.path))
        assert np.abs(difference).mean() < 2


def test_boxes_follow_the_placement():
    pytest.importorskip("skimage", reason="needs the dev extra")
    placement = runpy.run_path(str(SCRIPT))["Placement"]
    assert placement(0.5, 100, 20, False).apply((10, 20, 110, 220), 200) == (105, 30, 155, 130)
    assert placement(0.5, 100, 20, True).apply((10, 20, 110, 220), 200) == (145, 30, 195, 130)
    assert placement(1.0, 600, 300, False).apply((0, 0, 200, 400), 200) == (600, 300, 640, 480)
