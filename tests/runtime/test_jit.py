"""Compiling is announced once; an unwritable cache is survived and said."""

import gc
import logging
import os
import subprocess
import sys

import pytest

from numa_runtime import jit as module
from numa_runtime.jit import COMPILING, UNCACHED, announced, jit


@pytest.fixture(autouse=True)
def nothing_said_yet(monkeypatch):
    monkeypatch.setattr(module, "_said", set())


def compile_two():
    from numba import njit

    njit(lambda x: x + 1)(1)
    njit(lambda x: x + 2)(1)


def test_says_once_that_it_compiles():
    said = []
    assert announced(compile_two, said.append) > 0
    assert said == [COMPILING]


def test_the_log_hears_it_once_in_a_process(caplog):
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        announced(compile_two)
        announced(compile_two)
    assert [record.message for record in caplog.records] == [COMPILING]


def test_an_unwritable_cache_is_survived_and_said_once(monkeypatch, caplog):
    from numba.core import caching

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert jit(lambda x: x + 1)(1) == 2
        assert jit(lambda x: x + 2)(1) == 3
    assert [record.message for record in caplog.records] == [UNCACHED]


def test_nested_work_is_announced_by_the_outer_one(caplog):
    said = []
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        announced(lambda: announced(compile_two), said.append)
    assert said == [COMPILING]
    assert not caplog.records


def test_the_garbage_collector_rests_meanwhile_and_goes_on_afterwards():
    meanwhile = []

    def fail():
        meanwhile.append(gc.isenabled())
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        announced(fail)
    assert meanwhile == [False]
    assert gc.isenabled()


def test_flags_are_compared_as_numba_does_only_sooner():
    from numba.core.compiler import Flags

    own = Flags.__eq__, Flags.__hash__
    plain, set_to_default, other = Flags(), Flags(), Flags()
    set_to_default.nrt, other.fastmath = Flags().nrt, True
    seen = []

    def compare():
        assert (Flags.__eq__, Flags.__hash__) != own
        seen.extend([plain == set_to_default, plain == other, plain == 1, hash(plain) == hash(other), hash(plain)])

    announced(compare)
    assert (Flags.__eq__, Flags.__hash__) == own
    assert seen == [plain == set_to_default, plain == other, plain == 1, hash(plain) == hash(other), hash(plain)]
    assert seen[:3] == [True, False, False]


def test_an_option_reaches_numba():
    kernel = jit(lambda x: x + 1, cache=False)
    assert kernel(1) == 2
    assert type(kernel._cache).__name__ == "NullCache"


def test_importing_it_loads_no_numba():
    code = "import sys, numa_runtime.jit; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_a_cold_start_compiles_and_says_so(tmp_path):
    code = "from numa_runtime.tracking import warm_up; warm_up(print)"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [r.stdout.strip() for r in runs] == [COMPILING, ""]
