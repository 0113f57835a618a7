"""Real weights on real frames: who looks like whom. By name only (`pytest -m slow`)."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from support import shared_data

from numa_benchmarks.labels.mot import read_mot
from numa_runtime.golden.pairing import overlaps
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions

pytestmark = pytest.mark.slow
PAIRS = [("MOT17-02-FRCNN", 1, 2), ("MOT17-04-FRCNN", 1, 2), ("MOT17-04-FRCNN", 1, 8), ("MOT17-02-FRCNN", 1, 4)]
PEDESTRIAN = 1


@pytest.fixture(scope="module", params=["yolov8n", "yolov8n-pose"])
def model(request):
    pytest.importorskip("torch", reason="needs the train extra")
    from npz_weights import load_npz

    from numa_deploy.network.session import TorchSession

    network = load_npz(shared_data("weights", "npz", f"{request.param}.fused-int8.npz"))
    session = TorchSession(network.deploy(features=True), device="cpu", threads=2)
    return Model(session, PredictionOptions(conf=0.25, classes=(0,), imgsz=(736, 1280)))


def people(model, sequence, frame, shift):
    """Return the feature of each labelled person that was found, by identity."""
    folder = shared_data("frames", "MOT17-mini", sequence)
    image = cv2.imread(str(folder / "img1" / f"{frame:06d}.jpg"))
    moved = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], float)
    found = model(cv2.warpAffine(image, moved, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT)).detections
    table = read_mot(folder / "gt" / "gt.txt")
    known = table.select((table.frame == frame) & (table.conf == 1) & (table.kind == PEDESTRIAN))
    corners = np.concatenate([known.ltwh[:, :2], known.ltwh[:, :2] + known.ltwh[:, 2:]], axis=1) + np.tile(shift, 2)
    shared = overlaps(found.xyxy, corners.astype(np.float32))
    best = shared.argmax(0)
    sure = [j for j, i in enumerate(best) if shared[i, j] > 0.6 and shared[i].argmax() == j]
    return {int(known.id[j]): found.features[best[j]] for j in sure}


def measure(model, shift):
    """Return the cosines of same and of different persons, and how often the nearest is the same, over all pairs."""
    same, other, nearest = [], [], []
    for sequence, first, second in PAIRS:
        one, two = people(model, sequence, first, (0, 0)), people(model, sequence, second, shift)
        ids = sorted(one.keys() & two.keys())
        cosine = np.stack([one[i] for i in ids]) @ np.stack([two[i] for i in ids]).T
        same.append(np.diag(cosine))
        other.append(cosine[~np.eye(len(ids), dtype=bool)])
        nearest.append(cosine.argmax(1) == np.arange(len(ids)))
    return np.concatenate(same), np.concatenate(other), np.concatenate(nearest)


@pytest.mark.parametrize(("shift", "least"), [((0, 0), 0.95), ((13, 5), 0.85)], ids=["still camera", "moved camera"])
def test_the_same_person_is_nearest(model, shift, least):
    same, other, nearest = measure(model, shift)
    better = (same[:, None] > other[None]).mean()
    print(
        f"\n{model.spec.name} {shift}: {len(same)} persons, same {np.median(same):.3f}, other {np.median(other):.3f}; "
        f"above 0.8: same {(same >= 0.8).mean():.2f}, other {(other >= 0.8).mean():.3f}; "
        f"nearest {nearest.mean():.2f}, same beats other {better:.3f}"
    )
    assert nearest.mean() > least
    assert better > 0.95
    assert np.median(same) > 0.8 > np.percentile(other, 90)
