"""Training on several devices: two processes on the CPU take the steps that one takes."""

import csv
import os
import signal

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")
pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

from numa_deploy.network.model import Network  # noqa: E402
from numa_deploy.training import launch  # noqa: E402
from numa_deploy.training.failures import TrainingError  # noqa: E402
from numa_deploy.training.ranks import places_of  # noqa: E402
from numa_deploy.training.run import train_network  # noqa: E402
from numa_deploy.training.state import KEY  # noqa: E402
from numa_deploy.training.train_options import TrainOptions  # noqa: E402
from numa_runtime.errors import DeviceError, UsageError  # noqa: E402

TWO = "cpu,cpu"


def train(words, folder, watch=None, note=lambda line: None, **changes):
    return train_network(TrainOptions.of({**words, **changes}), folder, note, watch)


def kept(folder, name="last"):
    return torch.load(folder / "weights" / f"{name}.pt", weights_only=True)["extra"][KEY]


def rows(folder):
    with (folder / "results.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def two(recipe, tmp_path_factory):
    """A training on two devices."""
    folder = tmp_path_factory.mktemp("two")
    return folder, train(recipe, folder, device=TWO)


@pytest.mark.slow
def test_what_a_training_on_two_devices_leaves(two):
    folder, trained = two
    assert trained.epochs == 2
    assert [row["epoch"] for row in rows(folder)] == ["1", "2"]
    place = kept(folder)["position"]
    assert (place["epoch"], place["batch"], place["step"]) == (2, 0, 4)
    assert sorted(file.name for file in (folder / "weights").iterdir()) == ["best.pt", "last.pt"]


STILL = """
import sys
from torch import nn
from numa_deploy.network.model import Network
Network.train = lambda self, mode=True: nn.Module.train(self, False)
from numa_deploy.training.helper import main
sys.exit(main())
"""


@pytest.mark.slow
def test_two_devices_have_the_gradient_of_one(recipe, tmp_path, monkeypatch):
    """Where the statistics of norms are fixed, for half a batch has others than the whole."""
    (tmp_path / "still_helper.py").write_text(STILL)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(launch, "HELPER", "still_helper")
    monkeypatch.setattr(Network, "train", lambda self, mode=True: torch.nn.Module.train(self, False))
    for share in (1.0, 1e-9):  # of one sample, the second rank has none
        one, mine, names = kept_losses(recipe, tmp_path / f"one-{share}", "cpu", fraction=share)
        two, theirs, others = kept_losses(recipe, tmp_path / f"two-{share}", TWO, fraction=share)
        assert names == others
        assert two == pytest.approx(one, rel=1e-5)
        assert mine.norm() > 0.01
        assert (mine - theirs).norm() < 1e-5 * mine.norm()


def kept_losses(recipe, folder, device, **changes):
    """Losses, gradients and their names after the first batch of a step of several."""
    losses = {}

    def stop(told):
        losses.update(told.losses)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train({**recipe, "nbs": 64, "val_every": 9}, folder, stop, device=device, **changes)
    gradients = kept(folder)["gradients"]
    if not gradients:  # the only batch of its epoch is a step: what the optimiser remembers of it
        gradients = {place: state["exp_avg"] for place, state in kept(folder)["optimiser"]["state"].items()}
    return losses, torch.cat([value.flatten() for value in gradients.values()]), list(gradients)


@pytest.mark.slow
def test_interrupted_on_two_goes_on_on_one_and_back(recipe, tmp_path):
    """Between the batches of a step, whose gradients lie on both."""

    def stop_at(epoch, batch):
        def stop(told):
            if (told.epoch, told.batch) == (epoch, batch):
                raise KeyboardInterrupt

        return stop

    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path, stop_at(1, 1), device=TWO)
    assert (kept(tmp_path)["position"]["batch"], len(kept(tmp_path)["gradients"]) > 0) == (1, True)
    with pytest.raises(KeyboardInterrupt):
        train(recipe, tmp_path, stop_at(1, 3), resume=True)
    assert kept(tmp_path)["position"]["step"] == 1
    train(recipe, tmp_path, resume=True, device=TWO)
    assert kept(tmp_path)["position"]["step"] == 4
    assert len(rows(tmp_path)) == 2


@pytest.mark.slow
def test_a_rank_that_fails_ends_all_with_its_own_error(recipe, tmp_path, monkeypatch):
    helper, pids = launch._Helper, []

    def started(order):
        made = helper(order)
        pids.append(made.process.pid)
        return made

    def kill(told):
        if told.batch == 2:
            os.kill(pids[0], signal.SIGKILL)

    monkeypatch.setattr(launch, "_Helper", started)
    with pytest.raises(TrainingError, match=r"the process of rank 1 \(cpu\) was ended by the signal SIGKILL"):
        train(recipe, tmp_path, kill, device=TWO)
    assert kept(tmp_path)["position"]["step"] == 0
    assert not torch.distributed.is_initialized()


def test_a_batch_that_cannot_be_shared_names_the_nearest(recipe, tmp_path):
    with pytest.raises(UsageError, match="a batch of 5 cannot be shared by 2 devices") as error:
        train(recipe, tmp_path, device=TWO, batch=5)
    assert error.value.hint == "--batch 4"


def test_devices_in_words():
    assert [str(place) for place in places_of("cpu, cpu")] == ["cpu", "cpu"]
    assert TrainOptions.of({"device": [0, 1]}).device == TrainOptions.of({"device": "0,1"}).device == "0,1"
    with pytest.raises(DeviceError, match="torch knows no device 'tpux'"):
        places_of("cpu,tpux")
