"""Batches of another size: pictures and labels change alike, sizes stay multiples of the stride."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from numa_deploy.training.data.batch import Batch  # noqa: E402
from numa_deploy.training.data.multi_scale import rescale  # noqa: E402
from numa_deploy.training.losses.multitask import Targets  # noqa: E402
from numa_deploy.training.losses.targets import BallTargets, BoxTargets  # noqa: E402


@pytest.fixture
def batch():
    images = torch.zeros(1, 3, 64, 96, dtype=torch.uint8)
    images[..., 16:48, 24:72] = 255
    yes = torch.ones(1, 1, dtype=torch.bool)
    boxes = BoxTargets(
        torch.tensor([[[24.0, 16, 72, 48]]]), torch.zeros(1, 1, dtype=torch.long), yes,
        torch.tensor([[[[24.0, 16, 2]]]]), torch.ones(1, dtype=torch.bool),
    )  # fmt: skip
    balls = BallTargets(
        torch.tensor([[[[24.0, 16, 72, 48]]]]), torch.zeros(1, 1, 1, dtype=torch.long), yes[None], yes[None], yes
    )
    return Batch(images, Targets(boxes, balls), ("a",))


def test_labels_follow_their_pixels(batch):
    sizes = set()
    for seed in range(12):
        found = rescale(batch, 0.5, 32, np.random.default_rng(seed))
        height, width = found.images.shape[2:]
        sizes.add((height, width))
        assert found.images.dtype == torch.uint8
        ys, xs = (found.images[0, 0] > 127).nonzero(as_tuple=True)
        seen = [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
        assert np.abs(np.array(seen) - found.targets.boxes.boxes[0, 0].numpy()).max() <= 1
        assert found.targets.boxes.keypoints[0, 0, 0].tolist() == [*found.targets.boxes.boxes[0, 0, :2].tolist(), 2]
        assert found.targets.balls.points[0, 0, 0].tolist() == found.targets.boxes.boxes[0, 0].tolist()
    assert len(sizes) > 2
    assert all(height % 32 == 0 and width % 32 == 0 and height >= 32 for height, width in sizes)
    assert min(sizes) < (64, 96) < max(sizes)


def test_a_share_of_nothing_changes_nothing(batch):
    assert rescale(batch, 0.0, 32, np.random.default_rng(0)) is batch
