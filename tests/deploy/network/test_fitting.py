"""Weights of another network: what fits is taken, the first layer is adapted, the rest is named."""

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from numa_deploy.network.builder import build  # noqa: E402
from numa_deploy.network.fitting import take_what_fits  # noqa: E402
from numa_deploy.network.state import is_fixed  # noqa: E402


def test_a_colour_detector_gives_a_clip_network_its_trunk():
    network, given = build("multitask-n.yaml", seed=1), build("yolov8n", seed=2).state_dict()
    head = {name: tensor.clone() for name, tensor in network.state_dict().items() if name.startswith("model.24")}
    fitting = take_what_fits(network, given)
    own = network.state_dict()
    first, *_ = own
    assert fitting.adapted == (first,)
    assert all(torch.equal(own[name], given[name]) for name in fitting.taken)
    assert {name for name in own if name.startswith("model.21.") and not is_fixed(name)} <= set(fitting.taken)
    assert {name for name in head if not is_fixed(name)} <= set(fitting.left)
    assert all(torch.equal(own[name], tensor) for name, tensor in head.items())
    assert len(fitting.taken) + len(fitting.left) + 1 == sum(not is_fixed(name) for name in own)
    # The newest frame is answered as a grey picture in every colour, whatever was in the frames before.
    torch.testing.assert_close(own[first][:, -1], given[first].sum(1))
    assert not own[first][:, :-1].any()
    assert f"{first} adapted to other planes; left as they were: " in fitting.line()


def test_a_pose_network_gives_a_clip_network_all_but_its_balls():
    network = build("multitask-n.yaml", seed=1)
    fitting = take_what_fits(network, build("yolov8n-pose", nc=1, seed=2).state_dict())
    assert {name.split(".")[1] for name in fitting.left} == {"23", "24"}
    assert len(fitting.adapted) == 1


def test_other_planes_share_what_a_plane_is_given():
    colour, grey = build("yolov8n", seed=1), build("yolov8n", seed=2).state_dict()
    first, *_ = grey
    grey[first] = grey[first].sum(1, keepdim=True)
    assert take_what_fits(colour, grey).adapted == (first,)
    torch.testing.assert_close(colour.state_dict()[first], (grey[first] / 3).expand(-1, 3, -1, -1))


def test_the_same_network_fits_whole():
    network, given = build("multitask-n.yaml", seed=1), build("multitask-n.yaml", seed=2).state_dict()
    fitting = take_what_fits(network, given)
    assert (fitting.adapted, fitting.left) == ((), ())
    weights = sum(not is_fixed(name) for name in given)
    assert fitting.line() == f"{weights} of {weights} tensors taken over"
    assert all(torch.equal(network.state_dict()[name], tensor) for name, tensor in given.items())


def test_another_scale_keeps_what_is_no_weight():
    network = build("multitask-n.yaml")
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    fitting = take_what_fits(network, build("yolov8s", seed=3).state_dict())
    assert len(fitting.left) > len(fitting.taken)
    assert fitting.adapted == ()
    assert all(torch.equal(network.state_dict()[name], before[name]) for name in fitting.left)
