"""One training step of a network, resident: asked in JSON lines, as the benchmark's workers.

python serve_step.py numa-deploy|ultralytics NETWORK SIDE BATCH THREADS. Both get the same bytes and labels, and do what
their trainers do with a batch: floats, forward, loss, backward, clipped gradients, SGD, averaged weights.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import numpy as np

from numa_peers.answering import answer_requests

OBJECTS, CLASSES = 7, 80
"""Of an image: COCO's mean; and of the data."""


def pictures(side: int, batch: int) -> tuple[Any, Any, Any]:
    """Return uint8 (batch, 3, side, side), boxes (batch, OBJECTS, 4) x1, y1, x2, y2 in pixels, and their classes."""
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 0.7, (batch, OBJECTS, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(0.04, 0.3, corner.shape)], 2) * side
    images = rng.integers(0, 256, (batch, 3, side, side), dtype=np.uint8)
    return images, boxes.astype(np.float32), rng.integers(0, CLASSES, (batch, OBJECTS))


def our_step(network: str, side: int, batch: int) -> Callable[[], None]:
    """Return what the trainer of numa-deploy does with a batch."""
    import torch

    from numa_deploy.network.builder import build
    from numa_deploy.training.augment_options import Augmentation
    from numa_deploy.training.data.batch import Batch, join_pictures
    from numa_deploy.training.data.pictures import Picture
    from numa_deploy.training.train_options import TrainOptions
    from numa_deploy.training.trainer import Trainer

    class Same:
        epoch, unit, groups, augment = 0, "image", None, Augmentation()

        def __len__(self) -> int:
            return 1_000_000

        def __getitem__(self, number: int) -> Picture:
            raise IndexError(number)

        def class_weights(self, _: float) -> None:
            return None

        @staticmethod
        def join(samples: Any) -> Batch:
            return join_pictures(samples)

    images, boxes, classes = pictures(side, batch)
    points, shown = np.zeros((OBJECTS, 0, 3), np.float32), np.ones(OBJECTS, np.float32)
    made = [Picture(images[at], boxes[at], classes[at], points, shown, True, "") for at in range(batch)]
    joined = join_pictures(made)
    options = TrainOptions(model=network, batch=batch, nbs=batch, imgsz=side, device="cpu", optimizer="SGD", lr0=0.001)
    threads = torch.get_num_threads()
    trainer = Trainer(build(network), Same(), lambda _: (0.0, {}), Path(tempfile.gettempdir()), options)
    torch.set_num_threads(threads)

    def step() -> None:
        trainer.learn(joined)

    return step


def their_step(network: str, side: int, batch: int) -> Callable[[], None]:
    """Return what the trainer of ultralytics does with a batch, without automatic mixed precision, as on CPUs."""
    import torch
    from ultralytics.cfg import get_cfg
    from ultralytics.nn.tasks import DetectionModel
    from ultralytics.utils.torch_utils import ModelEMA

    images, boxes, classes = pictures(side, batch)
    model = DetectionModel(network, nc=CLASSES, verbose=False)
    model.args = get_cfg()
    model.train()
    decayed = [weight for name, weight in model.named_parameters() if weight.ndim > 1 and weight.requires_grad]
    plain = [weight for name, weight in model.named_parameters() if weight.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.SGD(groups, lr=0.001, momentum=0.937, nesterov=True)
    average = ModelEMA(model)
    centre, size = (boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]
    labels = {
        "cls": torch.from_numpy(classes.reshape(-1, 1)).float(),
        "bboxes": torch.from_numpy(np.concatenate([centre, size], 2).reshape(-1, 4) / side).float(),
        "batch_idx": torch.arange(batch).repeat_interleave(OBJECTS).float(),
    }
    pixels = torch.from_numpy(images)

    def step() -> None:
        said = {**copy.copy(labels), "img": pixels.float() / 255}
        loss, parts = model(said)
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=10.0)
        optimiser.step()
        optimiser.zero_grad()
        average.update(model)
        {name: float(value) for name, value in parts.items()}

    return step


class Steps:
    """A network that learns from one batch again and again."""

    def __init__(self, whose: str, network: str, side: int, batch: int, threads: int) -> None:
        import torch

        torch.set_num_threads(threads)
        self._step = (our_step if whose == "numa-deploy" else their_step)(network, side, batch)
        self._torch = torch.__version__

    def load(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Take two steps; return the version of torch."""
        self.run({"frames": 2})
        return {"torch": self._torch}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take `frames` steps; return the nanoseconds of each."""
        spent = []
        for _ in range(int(request["frames"])):
            begin = perf_counter_ns()
            self._step()
            spent.append(perf_counter_ns() - begin)
        return {"ns": spent}


if __name__ == "__main__":
    whose, network, *numbers = sys.argv[1:]
    answer_requests(lambda: Steps(whose, network, *map(int, numbers)))
