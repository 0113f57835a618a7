"""Run by the Python of an environment that has ultralytics: build a network, write a checkpoint and its answers.

    PYTHON ultralytics_weights.py yolov8n FOLDER

FOLDER gets `yolov8n.pt`, laid out as training leaves it, and `yolov8n.npz` with `images` [2, 3, 256, 320] uint8 and
`answers`, what the network says to them. End-to-end networks answer with that branch.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
import ultralytics


def randomise(network: Any) -> None:
    """Give every norm statistics and gains, so that the answers differ from cell to cell; weights fit float16."""
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor, low, width in (
                (module.running_mean, -0.1, 0.2),
                (module.running_var, 0.75, 0.5),
                (module.weight.data, 1.4, 0.8),
                (module.bias.data, -0.1, 0.2),
            ):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * width + low)
    head = network.model[-1]
    for branch in (getattr(head, word, None) for word in ("cv3", "one2one_cv3")):
        for last in (tower[-1] for tower in branch or ()):
            last.weight.data.copy_(torch.randn(last.weight.shape, generator=generator))
            last.bias.data.copy_(torch.randn(last.bias.shape, generator=generator) - 2)
    network.half().float().eval()


def main(name: str, folder: Path) -> None:
    """Write both files."""
    network = ultralytics.YOLO(f"{name}.yaml").model
    randomise(network)
    torch.save({"ema": network.half(), "model": None, "version": ultralytics.__version__}, folder / f"{name}.pt")
    network.float()
    if getattr(network.model[-1], "one2one_cv2", None) is not None:
        network.end2end = True
    images = torch.randint(0, 256, (2, 3, 256, 320), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        answers = network(images.float() / 255)[0]
    np.savez(folder / f"{name}.npz", images=images.numpy(), answers=answers.numpy())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
