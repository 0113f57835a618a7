"""Weights of another network: what fits is taken, the first layer is adapted, the rest is named."""

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from numa_deploy.network.builder import build  # noqa: E402
from numa_deploy.network.fitting import take_what_fits  # noqa: E402
from numa_deploy.network.state import is_fixed  # noqa: E402


def test_a_colour_detector_gives_a_clip_network_its_trunk():
    network, given = build("multitask-n.yaml", seed=1), build("yolov8n", seed=2).state_dict()
    head = {name: tensor.clone() for name, tensor in network.state_dict().items() if name.startswith("model.23")}
    fitting = take_what_fits(network, given)
    own = network.state_dict()
    first, *_ = own
    assert fitting.adapted == (first,)
    assert all(torch.equal(own[name], given[name]) for name in fitting.taken)
    assert {name for name in own if name.startswith("model.21.") and not is_fixed(name)} <= set(fitting.taken)
    assert {name for name in head if not is_fixed(name)} <= set(fitting.left)
    assert all(torch.equal(own[name], tensor) for name, tensor in head.items())
    assert len(fitting.taken) + len(fitting.left) + 1 == sum(not is_fixed(name) for name in own)
    # A grey picture in every plane is answered as in every colour.
    assert torch.allclose(own[first].sum(1), given[first].sum(1), atol=1e-5)
    assert f"{first} adapted to other planes by its mean; left as they were: " in fitting.line()


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
