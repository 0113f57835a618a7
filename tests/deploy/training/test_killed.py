"""A training in a process of its own, ended from outside: what it leaves goes on."""

import csv
import os
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")
pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

EPOCHS, PATIENCE_S = 3, 300


def started(folder, words):
    """Start a training as the leader of a group of its own, as shells and services do."""
    command = [sys.executable, "-m", "numa_deploy", "train", *words]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True)


def after_an_epoch(process, folder):
    """Wait until the first epoch is written; fail where the training ends before."""
    ends = time.monotonic() + PATIENCE_S
    while not (folder / "results.csv").is_file():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < ends, "no epoch was finished"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_ended_from_outside_and_gone_on_with(recipe, tmp_path, how):
    folder = tmp_path / "runs" / "train" / "x"
    plain = {**recipe, "epochs": EPOCHS, "imgsz": "64,96", "name": "x", "export_check": False, "workers": 1}
    with started(tmp_path, [f"{name}={value}" for name, value in plain.items()]) as process:
        after_an_epoch(process, folder)
        os.killpg(process.pid, how)  # the processes that load samples hear it too
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    if how is not signal.SIGKILL:
        assert "last.pt is kept: --resume --name x goes on" in " ".join(said.split())
    with started(tmp_path, ["--resume", "--name", "x"]) as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, said
    assert "going on in epoch" in said
    with (folder / "results.csv").open(newline="") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2", "3"]
