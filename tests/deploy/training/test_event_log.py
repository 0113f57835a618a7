"""TensorBoard's events are the rows of results.csv; a training that goes on forgets what it does again."""

import pytest

from numa_deploy.training import event_log as module
from numa_deploy.training.event_log import event_log
from numa_runtime.errors import MissingExtra

ROW = {"epoch": 1, "lr": 0.01, "train_box": 2.5, "ball_f1": 0.5, "next_px": None, "seconds": 3.0, "time": 3.0}


def read(folder):
    reading = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator", reason="needs tensorboard")
    events = reading.EventAccumulator(str(folder))
    events.Reload()
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def test_rows_become_events(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    pytest.importorskip("tensorboard", reason="needs the tensorboard extra")
    log = event_log(None, tmp_path, 0)
    log(ROW)
    log({**ROW, "epoch": 2, "train_box": 2.0})
    assert read(tmp_path) == {
        "train/lr": [(1, pytest.approx(0.01)), (2, pytest.approx(0.01))],
        "train/box": [(1, 2.5), (2, 2.0)],
        "val/ball_f1": [(1, 0.5), (2, 0.5)],
        "time/seconds": [(1, 3.0), (2, 3.0)],
        "time/time": [(1, 3.0), (2, 3.0)],
    }


def test_a_training_that_goes_on_forgets_what_it_does_again(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    pytest.importorskip("tensorboard", reason="needs the tensorboard extra")
    first = event_log(True, tmp_path, 0)
    for epoch in (1, 2, 3):
        first({"epoch": epoch, "train_box": float(epoch)})
    again = event_log(True, tmp_path, 1)
    again({"epoch": 2, "train_box": 7.0})
    assert read(tmp_path)["train/box"] == [(1, 1.0), (2, 7.0)]


def test_not_wanted_is_not_written(tmp_path):
    assert event_log(False, tmp_path, 0) is None
    assert not list(tmp_path.iterdir())


def test_a_log_without_rows_leaves_no_file(tmp_path):
    pytest.importorskip("tensorboard", reason="needs the tensorboard extra")
    assert event_log(True, tmp_path, 0) is not None
    assert not list(tmp_path.iterdir())


def test_where_it_is_not_installed(tmp_path, monkeypatch):
    """A name that no package has stands for one that is not there."""
    monkeypatch.setattr(module, "PACKAGE", "tensorboard_that_is_not_there")
    monkeypatch.setattr("numa_runtime.installing.EXTRAS", {"tensorboard_that_is_not_there": ("tensorboard",)})
    assert event_log(None, tmp_path, 0) is None
    with pytest.raises(MissingExtra, match="writing TensorBoard's events"):
        event_log(True, tmp_path, 0)
