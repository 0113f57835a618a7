"""The real package's checkpoints, of every scale, answer alike here; NUMA_ULTRALYTICS_PYTHON names a Python with it."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from numa_deploy.network.foreign.reading import read_foreign  # noqa: E402

SCRIPT = Path(__file__).parents[4] / "benchmarks/peers/ultralytics_weights.py"
NAMES = [
    f"{family}{scale}{task}" for family in ("yolov8", "yolo11", "yolo26") for scale in "nsmlx" for task in ("", "-pose")
]


@pytest.mark.peers
@pytest.mark.parametrize("name", NAMES)
def test_the_answers_are_the_packages(name, tmp_path):
    subprocess.run([os.environ["NUMA_ULTRALYTICS_PYTHON"], SCRIPT, name, tmp_path], check=True, capture_output=True)
    network = read_foreign(tmp_path / f"{name}.pt").network
    with np.load(tmp_path / f"{name}.npz") as kept:
        images, answers = torch.from_numpy(kept["images"]), torch.from_numpy(kept["answers"])
    head = network.pose_head or network.detect_head
    if head.end2end:
        found = network.infer(images)
        rows = torch.cat([found["detections"], *(k.flatten(2) for k in [found.get("keypoints")] if k is not None)], 2)
        # Rows in any order: equal scores may change places. Those at the cut-off may be others.
        nearest = (rows[:, :, None] - answers[:, None]).abs().amax(3).amin(2)
        assert nearest[rows[..., 4] > rows[..., 4].amin(1, keepdim=True) + 1e-4].max() < 1e-3
        return
    with torch.no_grad():
        ((_, levels),) = network._levels(images.float() / 255)
        raw = head(levels)
    boxes, scores = head.decode(raw)
    answers = answers.transpose(1, 2)
    middle, size = answers[..., :2], answers[..., 2:4]
    assert (boxes - torch.cat((middle - size / 2, middle + size / 2), 2)).abs().max() < 1e-3
    assert (scores - answers[..., 4 : 4 + head.nc]).abs().max() < 1e-4
    if network.pose_head is not None:
        assert (head.decode_keypoints(raw).flatten(2) - answers[..., 4 + head.nc :]).abs().max() < 1e-3
