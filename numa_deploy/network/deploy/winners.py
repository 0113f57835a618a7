"""The last two convolutions of a branch, computed where they are asked for.

A box is decoded for 1000 cells, and the finest level of a 640 x 640 image has 6400. A 3x3 convolution at one cell is a
product of its neighbourhood (9 c numbers) with the weights, and the 1x1 behind it another: the numbers are the same,
and a sixth of them is computed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from numa_deploy.network.blocks.conv import Conv


def rows_of(maps: Tensor) -> Tensor:
    """Return [B, H * W, c] of [B, c, H, W]; backends keep channels together, so that this order costs them least."""
    return maps.permute(0, 2, 3, 1).flatten(1, 2)


def take(rows: Tensor, index: Tensor) -> Tensor:
    """Return the rows [B, K, c] with the numbers [B, K] of rows [B, N, c].

    Whole rows of one long table: ONNX Runtime's Gather copies them, where GatherElements asks for each number.
    """
    batch, count = rows.shape[0], rows.shape[1]
    if not (type(batch) is int and batch == 1):
        index = index + torch.arange(batch, device=index.device)[:, None] * count
    return functional.embedding(index, rows.flatten(0, 1))


class WinnersTower(nn.Module):
    """A tower of two 3x3 Conv and a 1x1 whose first Conv is dense and whose rest is computed at given cells.

    The rest is float32 whatever the tower is.
    """

    inner: Tensor
    inner_bias: Tensor
    outer: Tensor
    outer_bias: Tensor

    def __init__(self, tower: nn.Sequential) -> None:
        super().__init__()
        first, second, last = tower
        assert isinstance(first, Conv)
        assert isinstance(second, Conv)
        assert isinstance(last, nn.Conv2d)
        self.first, self.act = first, second.act
        for name, conv in (("inner", second.conv), ("outer", last)):
            weight, bias = _product(conv)
            self.register_buffer(name, weight)
            self.register_buffer(f"{name}_bias", bias)

    @staticmethod
    def fits(tower: nn.Module) -> bool:
        """Whether a branch is such a tower: fused, dense, 3x3 with stride 1 and SiLU or the like behind it."""
        if not isinstance(tower, nn.Sequential) or len(tower) != 3:
            return False
        first, second, last = tower
        return (
            isinstance(first, Conv)
            and isinstance(second, Conv)
            and isinstance(last, nn.Conv2d)
            and second.is_fused
            and second.conv.kernel_size == (3, 3)
            and second.conv.stride == (1, 1)
            and second.conv.groups == last.groups == 1
            and last.kernel_size == (1, 1)
        )

    def forward(self, level: Tensor, index: Tensor) -> Tensor:
        """level: [B, c, H, W], index: int64 [B, K], cells row by row -> float32 [B, K, out]."""
        hidden = self.first(level).permute(0, 2, 3, 1)
        width = hidden.shape[2]
        # Padded to W + 2 columns, cell (y, x) has its neighbourhood's first corner at (y, x) again.
        corner = index + 2 * torch.div(index, width, rounding_mode="trunc")
        steps = torch.arange(3, device=index.device)
        window = (steps[:, None] * (width + 2) + steps).flatten()
        padded = functional.pad(hidden, (0, 0, 1, 1, 1, 1)).flatten(1, 2)
        around = take(padded, (corner[..., None] + window).flatten(1)).float()
        around = torch.unflatten(around, 1, (-1, 9)).flatten(2)
        inner: Tensor = self.act(around @ self.inner + self.inner_bias)
        return inner @ self.outer + self.outer_bias


def _product(conv: nn.Conv2d) -> tuple[Tensor, Tensor]:
    """Return a convolution's weights as [k * k * c, out] and its bias [out], float32 copies."""
    weight = conv.weight.detach().float().permute(2, 3, 1, 0).flatten(0, 2).contiguous()
    bias = torch.zeros(conv.out_channels) if conv.bias is None else conv.bias.detach().float().clone()
    return weight, bias
