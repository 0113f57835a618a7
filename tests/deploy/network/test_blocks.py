import pytest
import torch
from tiny_torch import randomize
from torch import nn

from numa_deploy.network.blocks.attention import C2PSA
from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.blocks.csp import C2f, C3k2
from numa_deploy.network.blocks.dfl import DFL
from numa_deploy.network.blocks.pooling import SPPF
from numa_deploy.network.deploy.dfl import mean_bin, moment_matrix
from numa_deploy.network.deploy.fuse import fuse_norms, replace_blocks


@pytest.mark.parametrize("groups", [1, 4, 8])
def test_folding_the_norm_keeps_the_numbers(groups):
    conv = randomize(Conv(8, 8, 3, 2, groups=groups))
    x = torch.randn(2, 8, 9, 7)
    with torch.no_grad():
        before = conv(x)
        conv.fuse()
        assert conv.is_fused
        assert set(conv.state_dict()) == {"conv.weight", "conv.bias"}
        torch.testing.assert_close(conv(x), before, atol=1e-5, rtol=1e-5)
        conv.fuse()
        torch.testing.assert_close(conv(x), before, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "block",
    [C2f(16, 24, 2, True), C3k2(16, 24, 1), C3k2(16, 24, 1, nested=True, e=0.25), C2PSA(64, 64), C2PSA(256, 256, 2)],
    ids=["C2f", "C3k2", "C3k2 nested", "C2PSA one head", "C2PSA two heads"],
)
def test_blocks_without_split_give_the_same_numbers(block):
    holder = nn.Sequential(randomize(block))
    x = torch.randn(2, block.cv1.conv.in_channels, 4, 6)
    with torch.no_grad():
        before = holder(x)
        fuse_norms(holder)
        replace_blocks(holder)
        after = holder(x)
    assert type(holder[0]) is not type(block)
    assert not any(isinstance(module, C2f | C2PSA) for module in holder.modules())
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)


def test_sppf_equals_parallel_pools_of_5_9_and_13():
    block = randomize(SPPF(8, 8))
    x = torch.randn(1, 8, 12, 12)
    with torch.no_grad():
        narrow = block.cv1(x)
        pools = [nn.functional.max_pool2d(narrow, k, 1, k // 2) for k in (5, 9, 13)]
        torch.testing.assert_close(block(x), block.cv2(torch.cat([narrow, *pools], 1)))


def test_dfl_without_softmax_equals_the_plain_one():
    logits = torch.randn(2, 64, 50) * 8
    plain = DFL(16)(logits)
    moments = moment_matrix(16)
    rows = logits.view(2, 4, 16, 50).transpose(2, 3)
    assert (mean_bin(rows, moments) - plain).abs().max() < 1e-5


def test_dfl_survives_logits_that_would_overflow():
    logits = torch.full((1, 1, 16), -1e4)
    logits[..., 11] = 1e4
    assert mean_bin(logits, moment_matrix(16)).item() == pytest.approx(11, abs=1e-5)
