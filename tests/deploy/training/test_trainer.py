"""A training: the same seed gives the same bits, whether it was interrupted or not; what fails is named."""

import csv
import os
import signal

import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")
pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

from numa_deploy.network.checkpoint import load  # noqa: E402
from numa_deploy.training import trainer  # noqa: E402
from numa_deploy.training.failures import TrainingError  # noqa: E402
from numa_deploy.training.run import train_network  # noqa: E402
from numa_deploy.training.state import KEY  # noqa: E402
from numa_deploy.training.train_options import TrainOptions  # noqa: E402
from numa_deploy.training.trainer import Trainer  # noqa: E402
from numa_runtime.errors import SinkError, UsageError  # noqa: E402


def train(words, folder, watch=None, note=lambda line: None, **changes):
    return train_network(TrainOptions.of({**words, **changes}), folder, note, watch)


def kept(folder, name="last"):
    return torch.load(folder / "weights" / f"{name}.pt", weights_only=True)


def rows(folder):
    with (folder / "results.csv").open(newline="") as file:
        return [
            {name: value for name, value in row.items() if name not in ("seconds", "time")}
            for row in csv.DictReader(file)
        ]


def differing(one, two):
    """Names of tensors that differ in a bit, and of positions that differ."""
    names = [name for name, value in one["state"].items() if not torch.equal(value, two["state"][name])]
    ours, theirs = one["extra"][KEY], two["extra"][KEY]
    names += [name for name, value in ours["weights"].items() if not torch.equal(value, theirs["weights"][name])]
    for place, values in ours["optimiser"]["state"].items():
        other = theirs["optimiser"]["state"][place]
        names += [f"{place}.{name}" for name, value in values.items() if not torch.equal(value, other[name])]
    return names + [name for name, value in ours["position"].items() if value != theirs["position"][name]]


@pytest.fixture(scope="module")
def whole(recipe, tmp_path_factory):
    """A training that nothing interrupted: its words, its folder and what it gave."""
    folder = tmp_path_factory.mktemp("whole")
    return recipe, folder, train(recipe, folder)


def test_what_a_training_leaves(whole):
    _, folder, trained = whole
    assert trained.epochs == 2
    assert trained.best == folder / "weights" / "best.pt"
    assert [row["epoch"] for row in rows(folder)] == ["1", "2"]
    assert {"train_box", "train_ball", "fitness", "ball_f1", "box_map50", "lr"} <= set(rows(folder)[0])
    for name in ("best", "last"):
        network = load(folder / "weights" / f"{name}.pt")
        assert not network.training
        assert kept(folder, name)["extra"][KEY]["position"]["step"] in (2, 4)
    assert kept(folder)["extra"][KEY]["position"] == {
        **kept(folder)["extra"][KEY]["position"], "epoch": 2, "batch": 0, "step": 4, "sums": {},
    }  # fmt: skip


def test_the_same_seed_gives_the_same_bits(whole, tmp_path):
    words, folder, _ = whole
    train(words, tmp_path)
    assert differing(kept(folder), kept(tmp_path)) == []
    assert rows(folder) == rows(tmp_path)


def test_another_seed_and_workers(whole, tmp_path):
    words, folder, _ = whole
    train(words, tmp_path / "seed", epochs=1, seed=1)
    train(words, tmp_path / "workers", workers=2)
    assert differing(kept(folder), kept(tmp_path / "seed"))
    assert differing(kept(folder), kept(tmp_path / "workers")) == []


@pytest.mark.parametrize(("epoch", "batch"), [(1, 1), (2, 2), (2, 4)])
def test_interrupted_and_resumed_is_not_interrupted(whole, tmp_path, epoch, batch):
    """Between the batches of a step, between steps, and before the epoch is validated."""
    words, folder, _ = whole

    def stop(told):
        if (told.epoch, told.batch) == (epoch, batch):
            raise KeyboardInterrupt

    said = []
    with pytest.raises(KeyboardInterrupt):
        train(words, tmp_path, stop, said.append)
    assert said[-1] == f"{tmp_path / 'weights' / 'last.pt'} is kept: --resume --name {tmp_path.name} goes on"
    place = kept(tmp_path)["extra"][KEY]["position"]
    assert (place["epoch"], place["batch"]) == (epoch - 1, batch)
    train(words, tmp_path, resume=True)
    assert differing(kept(folder), kept(tmp_path)) == []
    assert rows(folder) == rows(tmp_path)


def test_a_signal_within_a_step_waits_for_its_end(whole, tmp_path, monkeypatch):
    words, folder, _ = whole
    step, sent = Trainer._step, []

    def interrupted(self, batch):
        if not sent:
            sent.append(os.kill(os.getpid(), signal.SIGINT))
        step(self, batch)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(words, tmp_path)
    assert kept(tmp_path)["extra"][KEY]["position"]["step"] == 1
    train(words, tmp_path, resume=True)
    assert differing(kept(folder), kept(tmp_path)) == []


def test_killed_between_epochs(whole, tmp_path, monkeypatch):
    """As kill -9 leaves it: the row of the second epoch is written, its checkpoint is not."""
    words, folder, _ = whole
    save, saved = Trainer._save, []

    def killed(self, path):
        saved.append(path.name)
        if saved.count("last.pt") == 3:  # the first is from before epoch 1
            raise RuntimeError("gone")
        save(self, path)

    monkeypatch.setattr(Trainer, "_save", killed)
    with pytest.raises(RuntimeError, match="gone"):
        train(words, tmp_path)
    monkeypatch.undo()
    assert kept(tmp_path)["extra"][KEY]["position"]["epoch"] == 1
    train(words, tmp_path, resume=True)
    assert differing(kept(folder), kept(tmp_path)) == []
    assert rows(folder) == rows(tmp_path)


def test_the_state_is_kept_within_an_epoch_too(whole, tmp_path, monkeypatch):
    """As kill -9 leaves it, minutes after the last time it was kept."""
    words, folder, _ = whole
    monkeypatch.setattr(trainer, "KEEP_SECONDS", 0)

    def killed(told):
        if told.epoch == 2:
            raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        train(words, tmp_path, killed)
    place = kept(tmp_path)["extra"][KEY]["position"]
    assert (place["epoch"], place["batch"]) == (1, 1)
    train(words, tmp_path, resume=True)
    assert differing(kept(folder), kept(tmp_path)) == []
    assert rows(folder) == rows(tmp_path)


@pytest.mark.parametrize(
    ("text", "how"), [("is killed by signal: Killed. ", "by the signal Killed"), ("exited unexpectedly", "ended")]
)
def test_a_loading_process_that_is_ended_leaves_something_to_go_on_from(whole, tmp_path, text, how):
    words, folder, _ = whole

    def lose(told):
        if (told.epoch, told.batch) == (2, 1):
            raise RuntimeError(f"DataLoader worker (pid 18625) {text}")

    with pytest.raises(TrainingError, match=f"a process that loads samples .*{how}") as error:
        train(words, tmp_path, lose)
    assert f"{tmp_path / 'weights' / 'last.pt'} is kept: --resume goes on" in error.value.hint
    train(words, tmp_path, resume=True)
    assert differing(kept(folder), kept(tmp_path)) == []


def test_where_nothing_can_be_kept_nothing_is_begun(recipe, tmp_path, monkeypatch):
    def full(*_):
        raise SinkError("no space")

    monkeypatch.setattr(trainer, "save_training", full)
    said = []
    with pytest.raises(SinkError, match="no space"):
        train(recipe, tmp_path / "run", said.append, plots=True)
    assert not [file for file in (tmp_path / "run").rglob("*") if file.is_file()]


def test_changed_options_are_named(whole, tmp_path):
    words, folder, _ = whole
    with pytest.raises(UsageError, match=r"had batch=4 \(now 2\), lr0=None \(now 0.1\), degrees=2.0 \(now 5.0\)"):
        train(words, folder, resume=True, batch=2, lr0=0.1, degrees=5.0)


def test_a_loss_that_is_no_number_names_the_samples(whole, tmp_path, monkeypatch):
    from numa_deploy.training.losses.multitask import MultiTaskLoss

    words, _, _ = whole
    loss, calls = MultiTaskLoss.__call__, []

    def broken(self, raw, targets):
        calls.append(1)
        parts = loss(self, raw, targets)
        return {**parts, "dfl": parts["dfl"] * float("nan")} if len(calls) == 6 else parts

    monkeypatch.setattr(MultiTaskLoss, "__call__", broken)
    with pytest.raises(TrainingError, match=r"\(dfl\) in epoch 2, with rally-. frame \d+, rally-.*") as caught:
        train(words, tmp_path)
    assert str(tmp_path / "weights" / "last.pt") in caught.value.hint
    last = kept(tmp_path)["extra"][KEY]
    assert last["position"]["epoch"] == 1
    assert all(torch.isfinite(value).all() for value in last["weights"].values())


@pytest.mark.parametrize(
    ("batch", "error", "hint"),
    [
        (4, RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), "--batch 2: "),
        (4, torch.OutOfMemoryError("CUDA out of memory"), "--batch 2: "),
        (1, MemoryError(), "not even one fits: a smaller --imgsz"),
    ],
)
def test_a_batch_too_large_names_the_next_smaller(whole, tmp_path, monkeypatch, batch, error, hint):
    from numa_deploy.training.losses.multitask import MultiTaskLoss

    def full(*_):
        raise error

    monkeypatch.setattr(MultiTaskLoss, "__call__", full)
    with pytest.raises(TrainingError, match=rf"^{batch} samples of 10x64x96 do not fit into memory") as caught:
        train(whole[0], tmp_path, batch=batch)
    assert caught.value.hint.startswith(hint)


def test_other_errors_of_torch_stay_what_they_are(whole, tmp_path, monkeypatch):
    from numa_deploy.training.losses.multitask import MultiTaskLoss

    def broken(*_):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(MultiTaskLoss, "__call__", broken)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        train(whole[0], tmp_path)


def test_a_training_ends_where_nothing_improves(whole, tmp_path):
    words, _, _ = whole
    trained = train(words, tmp_path, epochs=9, patience=1, lr0=0.0)
    assert trained.epochs == 2


@pytest.mark.parametrize(("left_out", "left"), [("track", "pose"), ("pose", "track")])
def test_a_checkpoint_with_a_head_too_many_goes_on_without_it_and_says_so(whole, tmp_path, left_out, left):
    words, _, trained = whole
    said = []
    train(words, tmp_path, note=said.append, **{"model": str(trained.best), left_out: False, "epochs": 1, "lr0": 0.0})
    assert f"best.pt: only its {left} head is trained" in said
    network = load(tmp_path / "weights" / "last.pt")
    assert getattr(network, f"{left_out}_head") is None
    before = load(trained.best).state_dict()
    shared = [name for name in network.state_dict() if name.endswith("conv.weight")]
    assert shared
    assert all(torch.equal(network.state_dict()[name], before[name]) for name in shared)
    # The missing head stays away.
    train(words, tmp_path / "on", model=str(tmp_path / "weights" / "last.pt"), epochs=1)
    assert getattr(load(tmp_path / "on" / "weights" / "last.pt"), f"{left_out}_head") is None
