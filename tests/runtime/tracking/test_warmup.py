"""Compiling is announced once; loading from the cache is not."""

import logging
import os
import subprocess
import sys

import pytest

from numa_runtime.tracking.tracker import Tracker, warm_up
from numa_runtime.tracking.warmup import SENTENCE, announced


def test_says_once_that_it_compiles(caplog):
    from numba import njit

    def compile_two():
        njit(lambda x: x + 1)(1)
        njit(lambda x: x + 2)(1)

    said = []
    assert announced(compile_two, said.append) > 0
    assert said == [SENTENCE]
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        announced(compile_two)
    assert [record.message for record in caplog.records] == [SENTENCE]


def test_says_nothing_when_nothing_is_compiled():
    Tracker()
    said = []
    warm_up(said.append)
    assert said == []


def test_importing_the_package_loads_no_numba():
    code = "import sys, numa_runtime.tracking, numa_runtime.tracking.kernels; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_a_cold_start_compiles_and_says_so(tmp_path):
    code = "from numa_runtime.tracking import warm_up; warm_up(print)"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [r.stdout.strip() for r in runs] == [SENTENCE, ""]
