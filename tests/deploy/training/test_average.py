"""The average of the weights: its decay, its buffers, its state."""

from math import exp

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from torch import nn  # noqa: E402

from numa_deploy.training.average import Average  # noqa: E402


def filled(network, value):
    with torch.no_grad():
        for tensor in network.state_dict().values():
            tensor.fill_(value)


def test_the_decay_rises_with_the_steps():
    network = nn.BatchNorm1d(3)
    filled(network, 0)
    average = Average(network)
    filled(network, 1)
    average.add(network)
    first = 0.9999 * (1 - exp(-1 / 2000))
    assert torch.allclose(average.network.weight, torch.full((3,), 1 - first))
    average.add(network)
    second = 0.9999 * (1 - exp(-2 / 2000))
    assert torch.allclose(average.network.running_mean, torch.full((3,), 1 - first * second))
    assert int(average.network.num_batches_tracked) == 1  # whole numbers are taken over


def test_the_average_neither_trains_nor_shares():
    network = nn.Linear(2, 2)
    average = Average(network)
    assert not average.network.training
    assert not any(one.requires_grad for one in average.network.parameters())
    before = average.network.weight.clone()
    filled(network, 5)
    assert torch.equal(average.network.weight, before)


def test_its_state_goes_on():
    network = nn.Linear(2, 2)
    one, two = Average(network), Average(network)
    one.add(network)
    one.add(network)
    two.load(one.state())
    filled(network, 3)
    one.add(network)
    two.add(network)
    assert two.steps == 3
    assert torch.equal(one.network.weight, two.network.weight)
