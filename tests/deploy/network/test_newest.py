"""Balls of the newest frames alone: the same numbers, and less work."""

import numpy as np
import pytest
import torch
from foreign_files import tiny
from torch import nn

from numa_deploy.network.builder import build
from numa_export.exporting import export
from numa_runtime.errors import UsageError
from numa_runtime.sessions import load


def busy(network, seed=1):
    """Give every weight something to say, so that each frame has balls of its own."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.weight.requires_grad:
            module.weight.data.mul_(1.5)
            if module.bias is not None:
                module.bias.data.normal_(0, 1, generator=generator)
    return network.eval()


NETWORKS = {
    "a stem that shares its weights": lambda: busy(build("multitask-p")),
    "weights of their own for every frame": lambda: tiny("multitask-n")[0].eval(),
}


@pytest.fixture(scope="module", params=NETWORKS)
def network(request):
    return NETWORKS[request.param]()


@pytest.mark.parametrize("count", [1, 2, 3, 9, 10])
def test_the_numbers_of_the_frames_that_stay_are_the_same(network, count):
    images = network.example_input(64, 96, batch=2)
    whole, newest = network.deploy(ball_frames=10), network.deploy(ball_frames=count)
    with torch.no_grad():
        all_of, some = (dict(zip(form.output_names, form(images), strict=True)) for form in (whole, newest))
    assert some["balls"].shape == (2, count, 5, 6)
    assert newest.spec.groups == count
    assert newest.spec.outputs[-1].shape[1] == count
    assert len(torch.unique(all_of["balls"][0, :, 0, 0])) > 5, "frames have balls of their own"
    torch.testing.assert_close(some.pop("balls"), all_of.pop("balls")[:, -count:], rtol=0, atol=1e-4)
    for name, value in some.items():
        torch.testing.assert_close(value, all_of[name])


def test_less_is_computed():
    from torch.utils.flop_counter import FlopCounterMode

    network = build("multitask-p")
    images = network.example_input(96, 160)

    def work(form):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            form(images)
        return counter.get_total_flops()

    trunk = work(network.deploy(track=False))
    whole, newest = work(network.deploy(ball_frames=10)), work(network.deploy())
    assert newest - trunk < 0.45 * (whole - trunk)


def test_a_stem_that_others_read_stays_whole():
    config = {
        "task": "multitask",
        "names": ["player"],
        "ball_names": ["ball"],
        "kpt_shape": [5, 3],
        "nc": 1,
        "input": {"frames": 4, "channels": 1, "color": "gray"},
        "backbone": [["input", 1, "FrameStem", [4, 8]]],
        "head": [
            [0, 1, "Conv", [32, 3, 2]],
            [[0, 1], 1, "PoseHead", {}],
            [[0], 1, "TrackHead", {"num_groups": 4, "feat_no": 8, "reg_max": 16, "shared": True}],
        ],
    }
    network = busy(build(config))
    images = network.example_input(64, 64)
    with torch.no_grad():
        whole, newest = network.deploy()(images), network.deploy(ball_frames=1)(images)
    for one, other in zip(whole[:-1], newest[:-1], strict=True):
        assert torch.equal(one, other)
    torch.testing.assert_close(newest[-1], whole[-1][:, -1:], rtol=0, atol=1e-4)


def test_a_configuration_may_say_how_many():
    network = busy(build("multitask-p"))
    assert network.track_head.num_groups == 10
    images = network.example_input(64, 96)
    form = network.deploy()
    assert (form.spec, form.spec.groups) == (network.spec, 2)
    with torch.no_grad():
        found = form(images)[-1]
    assert found.shape == (1, 2, 5, 6)
    torch.testing.assert_close(found, network.infer(images)["balls"], rtol=0, atol=1e-3)


def test_the_network_itself_stays_as_it_is():
    network = build("multitask-p")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.deploy(ball_frames=1)
    assert network.spec.groups == 2
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_what_cannot_be_is_refused():
    with pytest.raises(UsageError, match=r"ball_frames=11 was asked for, but multitask-p reads clips of 10 frames"):
        build("multitask-p").deploy(ball_frames=11)
    with pytest.raises(UsageError, match=r"ball_frames was asked for, but yolov8n-pose finds no balls"):
        build("yolov8n-pose").deploy(ball_frames=2)
    with pytest.raises(UsageError, match=r"finds no balls"):
        build("multitask-p").deploy(track=False, ball_frames=2)


def test_an_artifact_says_what_it_tells(tmp_path):
    network = busy(build("multitask-p"))
    pictures = [np.random.default_rng(seed).integers(0, 256, (64, 96, 3), np.uint8) for seed in range(12)]
    report = export(network, images=pictures, output=tmp_path / "live.onnx", imgsz=(64, 96), ball_frames="3")
    assert report.written[-1].path.is_file()
    images = network.example_input(64, 96)
    with load(tmp_path / "live.onnx", device="cpu") as session:
        assert (session.spec.groups, session.spec.input.frames) == (3, 10)
        assert dict(session.record.options)["ball_frames"] == "3"
        found = session.run(images.numpy())["balls"]
    with torch.no_grad():
        expected = network.deploy(ball_frames=10)(images)[-1][:, -3:]
    assert abs(found[..., 4] - expected.numpy()[..., 4]).max() < 1e-3
