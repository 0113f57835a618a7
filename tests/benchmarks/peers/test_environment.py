"""Environments without pip: what is asked is whether they are ready, and what happens when they are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from numa_benchmarks.timing.failure import Failure, Status
from numa_peers import environment
from numa_peers.environment import Environment, Install, pretend_torchvision, quiet_environ


def test_ours_is_the_interpreter_that_runs():
    assert str(Environment("ours").python(Path("nowhere"))) == sys.executable
    assert Environment("ours").ready(Path("nowhere"))


def test_one_that_was_not_made_says_how_to_make_it(tmp_path):
    with pytest.raises(Failure, match="not installed: run with --setup first") as failed:
        Environment("peer", (Install(("peer==1",)),)).python(tmp_path)
    assert failed.value.status is Status.UNAVAILABLE


def test_alone_means_without_dependencies():
    assert "--no-deps" in Install(("a", "b"), alone=True).words
    assert Install(("a", "b")).words[-2:] == ("a", "b")


def test_it_is_made_once_and_again_when_its_packages_change(tmp_path, monkeypatch):
    commands = []

    class Recorded:
        def __init__(self, words, doing, env=None):
            commands.append((words, doing))

        def run(self, limit_s):
            (tmp_path / "peer").mkdir(exist_ok=True)
            return {}

    monkeypatch.setattr(environment, "Command", Recorded)
    said = []
    one = Environment("peer", (Install(("torch==2",)), Install(("peer==1",), alone=True)))
    one.setup(tmp_path, said.append)
    assert [doing for _, doing in commands] == ["making the environment", "installing", "installing"]
    assert commands[1][0][-1] == "torch==2"
    assert said[-1] == "peer: pip install peer==1"
    assert one.ready(tmp_path)
    one.setup(tmp_path, said.append)
    assert len(commands) == 3
    assert not Environment("peer", (Install(("peer==2",)),)).ready(tmp_path)


def test_what_pip_says_is_the_reason(tmp_path):
    with pytest.raises(Failure) as failed:
        Environment("peer", (Install(("--no-index", "surely-not-a-package==0")),)).setup(tmp_path, lambda text: None)
    assert "surely-not-a-package" in failed.value.reason
    assert not Environment("peer", (Install(("--no-index", "surely-not-a-package==0")),)).ready(tmp_path)


def test_the_pretended_torchvision_can_be_imported_and_has_a_version(tmp_path):
    pretend_torchvision(tmp_path, "0.28.0")
    code = (
        "import torchvision.ops, torchvision.transforms; from importlib.metadata import version; "
        "print(torchvision.__version__, version('torchvision'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["0.28.0", "0.28.0"]


def test_contestants_run_in_one_thread_and_install_nothing(tmp_path):
    environ = quiet_environ(tmp_path)
    assert environ["OMP_NUM_THREADS"] == environ["OPENBLAS_NUM_THREADS"] == "1"
    assert environ["YOLO_AUTOINSTALL"] == "False"
