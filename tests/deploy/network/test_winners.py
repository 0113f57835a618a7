import pytest
import torch
from torch import nn

from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.deploy.candidates import WinnersBranch
from numa_deploy.network.deploy.winners import WinnersTower, rows_of, take
from numa_deploy.network.heads.base import depthwise_tower, tower


def fused(branch):
    generator = torch.Generator().manual_seed(3)
    for part in branch.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.bias.data.normal_(0, 0.5, generator=generator)
    branch.eval()
    for part in list(branch.modules()):
        if isinstance(part, Conv):
            part.fuse()
    return branch


def test_every_cell_of_every_border_equals_the_dense_branch():
    branch, x = fused(tower(6, 8, 5)), torch.randn(2, 6, 5, 7)
    every = torch.stack((torch.arange(35), torch.randperm(35)))
    with torch.no_grad():
        expected = rows_of(branch(x)).take_along_dim(every[..., None], 1)
        found = WinnersTower(branch)(x, every)
    assert expected.std() > 0.1
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_rows_are_taken_per_image():
    rows = torch.arange(24.0).view(2, 4, 3)
    index = torch.tensor([[3, 0], [1, 1]])
    assert take(rows, index).equal(rows.take_along_dim(index[..., None], 1))
    assert take(rows[:1], index[:1]).equal(rows[:1].take_along_dim(index[:1, :, None], 1))


@pytest.mark.parametrize("sides", [[6], [6, 3], [2, 1]], ids=["one level", "two", "small"])
def test_a_branch_takes_each_winner_from_its_own_level(sides):
    branches = nn.ModuleList(fused(tower(4, 8, 3)) for _ in sides)
    levels = [torch.randn(2, 4, side, side) for side in sides]
    cells = sum(side * side for side in sides)
    index = torch.stack([torch.randperm(cells)[:5] for _ in range(2)])
    with torch.no_grad():
        rows = torch.cat([rows_of(branch(x)) for branch, x in zip(branches, levels, strict=True)], 1)
        found = WinnersBranch(branches, 3)(levels, index)
    torch.testing.assert_close(found, rows.take_along_dim(index[..., None], 1), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "branch",
    [fused(depthwise_tower(4, 8, 3)), tower(4, 8, 3), nn.Sequential(nn.Conv2d(4, 3, 1))],
    ids=["depthwise", "unfused", "short"],
)
def test_other_branches_stay_dense(branch):
    assert not WinnersTower.fits(branch)
