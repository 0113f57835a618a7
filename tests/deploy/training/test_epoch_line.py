"""One line an epoch, and memory and time in words."""

import subprocess
import sys

import pytest

from numa_deploy.training.epoch_line import EpochLine, epoch_line, said_memory, said_time
from numa_deploy.training.memory import memory_mb

ROW = {
    "epoch": 2, "lr": 0.001, "train_box": 1.2345, "train_cls": 0.5, "fitness": 0.25, "ball_f1": 0.5, "box_map50": 0.75,
    "seconds": 30.0, "time": 60.0,
}  # fmt: skip


def test_losses_figures_seconds_memory_and_time_left():
    line = epoch_line(ROW, 10, 1500.0)
    assert line.startswith("epoch 2/10  box 1.23 cls 0.5  | fitness 0.250 ball F1 0.500 box mAP50 0.750 |  30 s")
    assert line.endswith("4 min left  1.5 GB")  # two epochs took a minute, eight are left


def test_an_epoch_that_was_not_validated_has_no_figures():
    row = {"epoch": 10, "train_box": 1.0, "seconds": 3.0, "time": 30.0}
    assert epoch_line(row, 10, None) == "epoch 10/10  box 1  3 s"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3540, "59 min"), (3600, "1 h 0 min"), (9e4, "25 h 0 min")],
)
def test_time(seconds, words):
    assert said_time(seconds) == words


def test_memory():
    assert (said_memory(812.4), said_memory(1000)) == ("812 MB", "1.0 GB")


def test_it_tells_each_row_with_this_process_memory():
    told = []
    EpochLine(10, "cpu", told.append)(ROW)
    assert len(told) == 1
    assert told[0].split()[-1] in ("MB", "GB")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_children_counts():
    text = "import sys; block = bytearray(200_000_000); print(1, flush=True); sys.stdin.read()"
    before = memory_mb()
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        with_child = memory_mb()
        child.communicate()
    assert with_child - before > 150
    assert memory_mb() < with_child - 150
