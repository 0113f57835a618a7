import pytest
import torch
from torch import nn

from numa_deploy.network.blocks.conv import Conv
from numa_deploy.network.builder import build
from numa_deploy.network.deploy.joins import JoiningConv, join_late
from numa_deploy.network.deploy.scaling import fold_scale
from numa_deploy.network.routes import INPUT, Route


def fused_conv(c1, c2, k=1):
    conv = Conv(c1, c2, k).eval()
    conv.fuse()
    nn.init.normal_(conv.conv.bias)
    return conv


@pytest.mark.parametrize("factors", [(2, 1), (1, 2), (1, 4, 2)])
def test_convolving_before_enlarging_and_joining_gives_the_same(factors):
    widths = [3, 5, 4][: len(factors)]
    conv = fused_conv(sum(widths), 6)
    maps = [torch.randn(2, width, 8 // factor, 12 // factor) for width, factor in zip(widths, factors, strict=True)]
    large = [x.repeat_interleave(f, 2).repeat_interleave(f, 3) for x, f in zip(maps, factors, strict=True)]
    with torch.no_grad():
        torch.testing.assert_close(
            JoiningConv(conv, widths, factors)(maps), conv(torch.cat(large, 1)), atol=1e-5, rtol=1e-5
        )


@pytest.mark.parametrize("name", ["yolov8n", "yolo11n", "multitask-n"])
def test_no_enlarged_map_is_written_down(name):
    form = build(name).deploy()
    assert sum(isinstance(part, JoiningConv) for part in form.modules()) == 4
    assert not any(isinstance(part, nn.Upsample) for part in form.modules())
    assert {source for route in form.routes for source in route.sources} <= {INPUT, *form.model}


def test_a_join_that_others_read_stays():
    network = build("yolov8n")
    form = network.deploy()
    routes = [route for route in network.routes if not route.is_head]
    joins = [route.name for route in routes if route.joins]
    watching = [*routes, Route("head", tuple(joins), is_head=True)]
    assert join_late(network.model, watching, network.channels) == tuple(watching)
    assert len(form.routes) == len(network.routes) - 4


def test_the_first_convolution_takes_pixels_as_they_are():
    conv = fused_conv(3, 4, 3)
    layers, routes = nn.ModuleDict({"0": conv}), [Route("0", (INPUT,))]
    pixels = torch.randint(0, 256, (1, 3, 9, 9)).float()
    with torch.no_grad():
        expected = conv(pixels / 255)
        assert fold_scale(layers, routes, 1 / 255)
        torch.testing.assert_close(conv(pixels), expected, atol=1e-5, rtol=1e-5)


def test_what_cannot_take_a_factor_is_left_alone():
    layers = nn.ModuleDict({"0": fused_conv(3, 4), "1": nn.MaxPool2d(3)})
    before = layers["0"].conv.weight.clone()
    assert not fold_scale(layers, [Route("0", (INPUT,)), Route("1", (INPUT,))], 0.5)
    assert not fold_scale(layers, [Route("0", (INPUT,)), Route("head", (INPUT,), is_head=True)], 0.5)
    assert layers["0"].conv.weight.equal(before)
