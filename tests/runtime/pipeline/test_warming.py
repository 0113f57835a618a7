"""Compiling ahead of the first frame."""

import os
import subprocess
import sys

import pytest

from numa_runtime.jit import COMPILING
from numa_runtime.pipeline.warming import Warmed, warm_up

GROUPS = ["box trackers", "ball tracker", "suppression (NMS)"]


def test_a_second_time_everything_is_loaded_and_nothing_said():
    list(warm_up(lambda _: None))
    said = []
    again = list(warm_up(said.append))
    assert [warmed.kernels for warmed in again] == GROUPS
    assert not any(warmed.compiled for warmed in again)
    assert said == []


def test_a_line_says_what_was_done():
    assert Warmed("box trackers", 7.26, True).line() == "box trackers: compiled in 7.3 s"
    assert Warmed("box trackers", 0.31, False).line() == "box trackers: loaded in 0.3 s"


@pytest.mark.slow
def test_a_later_process_loads_what_this_one_compiled(tmp_path):
    code = """
from numa_runtime.pipeline.warming import warm_up
for warmed in warm_up(print, hooks=True):
    print(warmed.kernels, warmed.compiled)
from numa_runtime.jit import announced
from numa_runtime.tracking import Tracker
import numpy as np
announced(lambda: Tracker("bytetrack").update(np.zeros((3, 6))), lambda s: print("AGAIN"))
"""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    groups = [*GROUPS, "hooks of the class surface"]
    assert first.stdout.splitlines() == [COMPILING, *(f"{name} True" for name in groups)]
    assert second.stdout.splitlines() == [f"{name} False" for name in groups]
