"""Optimisers: what decays, what a word means, and the rate of every step."""

from math import cos, pi

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from torch import nn  # noqa: E402

from numa_deploy.training.optimiser import Course, course_of, make_optimiser  # noqa: E402
from numa_deploy.training.optimiser_name import OptimiserName  # noqa: E402
from numa_deploy.training.train_options import TrainOptions  # noqa: E402
from numa_runtime.errors import UsageError  # noqa: E402


@pytest.mark.parametrize("name", [OptimiserName.SGD, OptimiserName.ADAMW])
def test_biases_and_norms_do_not_decay(name):
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 1))
    network[2].weight.requires_grad_(False)
    optimiser = make_optimiser(network, name, 0.01, 0.9, 0.05)
    decayed, norms, biases = optimiser.param_groups
    assert [one is network[0].weight for one in decayed["params"]] == [True]
    assert [one is network[1].weight for one in norms["params"]] == [True]
    wanted = (network[0].bias, network[1].bias, network[2].bias)
    assert {id(one) for one in biases["params"]} == {id(one) for one in wanted}
    assert [group["weight_decay"] for group in optimiser.param_groups] == [0.05, 0.0, 0.0]
    assert {group["lr"] for group in optimiser.param_groups} == {0.01}


def test_auto_depends_on_the_number_of_steps():
    assert OptimiserName.AUTO.settle(10_000) is OptimiserName.ADAMW
    assert OptimiserName.AUTO.settle(10_001) is OptimiserName.SGD
    assert OptimiserName.SGD.settle(1) is OptimiserName.SGD
    assert (OptimiserName.SGD.first_rate, OptimiserName.ADAMW.first_rate) == (0.01, 0.001)
    with pytest.raises(UsageError, match=r"there is no optimizer 'adam' .*adamw"):
        OptimiserName.parse("adam")


def test_the_rate_rises_and_falls():
    course = Course(first=0.1, last=0.01, rise=10, steps=110, cosine=True)
    assert course.at(0) == pytest.approx(0.01)
    assert course.at(9) == pytest.approx(0.1)
    assert course.at(35) == pytest.approx(0.1 * (1 - (1 - cos(pi / 4)) / 2 * 0.99))
    assert course.at(60) == pytest.approx(0.1 * (1 - 0.5 * 0.99))
    assert course.at(110) == course.at(500) == pytest.approx(0.001)
    line = Course(first=0.1, last=0.01, rise=10, steps=110, cosine=False)
    assert line.at(35) == pytest.approx(0.1 * (1 - 0.25 * 0.99))


def test_the_biases_and_the_momentum_of_sgd_rise_by_themselves():
    options = TrainOptions(epochs=10, warmup_epochs=3, optimizer="SGD")
    course = course_of(options, OptimiserName.SGD, 1000)
    assert (course.rise, course.first) == (300, 0.01)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4))
    optimiser = make_optimiser(network, OptimiserName.SGD, 0.01, 0.937, 0.05)

    def at(step):
        course.set(optimiser, step)
        return [(group["lr"], group["momentum"]) for group in optimiser.param_groups]

    weights, norms, biases = at(149)  # half of the rise
    assert weights == norms == pytest.approx((0.005, 0.8685))
    assert biases == pytest.approx((0.055, 0.8685))
    assert at(299) == [pytest.approx((0.01, 0.937))] * 3
    assert at(999)[0] == at(999)[2] == pytest.approx((0.0001, 0.937), rel=1e-3)


def test_adamw_rises_alike_and_short_trainings_do_not_only_rise():
    course = course_of(TrainOptions(epochs=2), OptimiserName.ADAMW, 30)
    assert course.rise == 10
    network = nn.Conv2d(1, 4, 3)
    optimiser = make_optimiser(network, OptimiserName.ADAMW, 0.001, 0.937, 0.05)
    course.set(optimiser, 4)
    assert [group["lr"] for group in optimiser.param_groups] == [pytest.approx(0.0005)] * 3
    assert all(group["betas"] == (0.937, 0.999) for group in optimiser.param_groups)
