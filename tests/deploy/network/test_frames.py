import pytest
import torch
from tiny_torch import randomize
from torch import nn

from numa_deploy.network.blocks.frames import BRIGHTNESS, CONTRAST, FrameConv, FrameStem, fold_frames, unfold_frames
from numa_deploy.network.deploy.clip_conv import ClipConv
from numa_deploy.network.deploy.fuse import fuse_norms, replace_blocks


def frame_by_frame(block: FrameConv, clip: torch.Tensor) -> torch.Tensor:
    """The same layer the plain way: every frame and its differences, each convolved by itself."""
    frames = list(clip.unflatten(1, (block.frames, block.planes)).unbind(1))
    mean = torch.stack(frames).mean(0)
    made = []
    for at, frame in enumerate(frames):
        others = (frames[max(at - 1, 0)], frames[min(at + 1, len(frames) - 1)], mean)
        changed = [CONTRAST * (frame - other) for other in others]
        made.append(block.conv.conv(torch.cat([BRIGHTNESS * frame, *changed], 1)))
    return block.conv.act(block.conv.bn(torch.stack(made, 1).flatten(0, 1)))


@pytest.mark.parametrize(("frames", "planes"), [(1, 1), (2, 1), (3, 3), (10, 1)])
def test_one_convolution_over_the_clip_learns_as_one_of_every_frame_does(frames, planes):
    block = randomize(FrameConv(frames, planes, 8)).train()
    clip = torch.rand(2, frames * planes, 24, 36)
    aim = torch.randn(2 * frames, 8, 6, 9)
    found = []
    for way in (block, lambda x: frame_by_frame(block, x)):
        block.zero_grad()
        out = way(clip)
        (out * aim).sum().backward()
        found.append((out.detach(), block.conv.conv.weight.grad.clone()))
    assert found[0][0].shape == (2 * frames, 8, 6, 9)
    for mine, plain in zip(*found, strict=True):
        torch.testing.assert_close(mine, plain, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(("frames", "planes"), [(1, 1), (3, 3), (10, 1)])
@torch.no_grad()
def test_the_inference_form_gives_the_same_numbers(frames, planes):
    holder = nn.Sequential(randomize(FrameConv(frames, planes, 8)))
    clip = torch.rand(2, frames * planes, 24, 36)
    before = holder(clip)
    fuse_norms(holder)
    torch.testing.assert_close(holder(clip), before, atol=1e-4, rtol=1e-4)
    replace_blocks(holder)
    assert isinstance(holder[0], ClipConv)
    torch.testing.assert_close(holder(clip), before, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_what_frames_have_in_common_cancels_in_half_precision_too():
    block = randomize(FrameConv(10, 1, 8))
    clip = torch.rand(1, 10, 24, 36)
    with torch.autocast("cpu", torch.bfloat16):
        half = block(clip)
    torch.testing.assert_close(half.float(), block(clip), atol=0.01, rtol=0.01)


@torch.no_grad()
def test_a_clip_in_which_nothing_moves_has_the_same_features_in_every_frame():
    stem = randomize(FrameStem(5, 1, (8, 16), 2))
    still = torch.rand(1, 1, 32, 32).expand(2, 5, 32, 32)
    features = torch.unflatten(stem(still), 1, (5, 16))
    assert features.shape == (2, 5, 16, 4, 4)
    torch.testing.assert_close(features, features[:, :1].expand_as(features), atol=1e-5, rtol=1e-5)
    assert features.std() > 0.01


@torch.no_grad()
def test_time_may_run_backwards_but_for_which_neighbour_is_which():
    """With weights that treat both neighbours alike, the reversed clip has the reversed features."""
    stem = randomize(FrameStem(6, 1, (8, 16), 2))
    first = stem.entry.conv.conv.weight
    first[:, 2] = first[:, 1]
    for mix in stem.mixes:
        mix.cv1.conv.weight[:, 32:] = mix.cv1.conv.weight[:, :16]
    clip = torch.rand(1, 6, 32, 32)
    forwards, backwards = (torch.unflatten(stem(x), 1, (6, 16)) for x in (clip, clip.flip(1)))
    torch.testing.assert_close(backwards, forwards.flip(1), atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_a_frame_hears_of_the_frames_next_to_it_and_of_others_through_the_mean_alone():
    stem = randomize(FrameStem(9, 1, (8, 16), 1))
    clip = torch.rand(1, 9, 32, 32)
    other = clip.clone()
    other[:, 0] = torch.rand(1, 32, 32)
    other[:, 1] += clip[:, 0] - other[:, 0]  # the mean stays as it was
    apart = (stem(clip) - stem(other)).unflatten(1, (9, 16)).abs().amax((0, 2, 3, 4))
    assert apart[:4].min() > 1e-3
    assert apart[4:].max() < 1e-4


def test_frames_are_folded_into_the_batch_and_back():
    x = torch.randn(2, 12, 3, 5)
    folded = fold_frames(x, 4)
    assert folded.shape == (8, 3, 3, 5)
    assert torch.equal(folded[5], x[1, 3:6])
    assert torch.equal(unfold_frames(folded, 4), x)
