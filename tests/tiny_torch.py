"""A tiny torch network that export takes: two convolutions, a grid, top-k on the class logits, boxes decoded after."""

from __future__ import annotations

from dataclasses import replace

import torch
from tiny_models import detect_spec
from torch import nn

STRIDE = 32
__all__ = ["TinyNetwork"]


class TinyDeployed(nn.Module):
    """uint8 [B, 3, H, W] -> boxes [B, 8, 4], scores [B, 8, 2]."""

    def __init__(self, spec, seed=0, top=8):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.stem = nn.Conv2d(3, 8, 8, stride=8)
            self.body = nn.Conv2d(8, 16, 4, stride=4)
            self.sides = nn.Conv2d(16, 4, 1)
            self.classes = nn.Conv2d(16, 2, 1)
        with torch.no_grad():
            for layer in (self.sides, self.classes):
                layer.weight *= 8
        self.spec, self.top = spec, top
        self.eval()
        self.requires_grad_(False)

    @property
    def output_names(self):
        return tuple(output.name for output in self.spec.outputs)

    def example_input(self, height, width, batch=1):
        generator = torch.Generator().manual_seed(0)
        return torch.randint(0, 256, (batch, 3, height, width), dtype=torch.uint8, generator=generator)

    def forward(self, images):
        x = images.float() / 255
        features = nn.functional.silu(self.body(nn.functional.silu(self.stem(x))))
        rows, columns = features.shape[2], features.shape[3]
        logits = self.classes(features).flatten(2)
        _, index = logits.amax(1).topk(self.top, dim=1)
        grid_y, grid_x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        centres = (torch.stack((grid_x, grid_y)).flatten(1).float() + 0.5) * STRIDE
        sides = self._take(self.sides(features).flatten(2), index).sigmoid() * STRIDE * 2
        centre = self._take(centres[None].expand(images.shape[0], -1, -1), index)
        boxes = torch.cat((centre - sides[..., :2], centre + sides[..., 2:]), 2)
        return boxes, self._take(logits, index).sigmoid()

    def _take(self, maps, index):
        return maps.gather(2, index[:, None].expand(-1, maps.shape[1], -1)).transpose(1, 2)


class TinyNetwork:
    """An Exportable; `spec` has any size, as a network's contract has."""

    def __init__(self, seed=0, damage=None):
        spec = detect_spec()
        door = replace(spec.input, height=None, width=None, batch=None)
        outputs = tuple(replace(output, shape=("batch", *output.shape[1:])) for output in spec.outputs)
        self.spec = replace(spec, input=door, outputs=outputs)
        self.seed, self.damage = seed, damage

    def deploy(self):
        form = TinyDeployed(self.spec, self.seed)
        if self.damage is not None:
            self.damage(form)
        return form


def randomize(module: nn.Module) -> nn.Module:
    """Give batch norms numbers as training leaves them, always the same."""
    generator = torch.Generator().manual_seed(3)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.3, generator=generator)
            part.running_var.uniform_(0.5, 2, generator=generator)
            part.weight.data.uniform_(0.5, 2, generator=generator)
            part.bias.data.normal_(0, 0.3, generator=generator)
    return module.eval()
