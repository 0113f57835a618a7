import os

import pytest

from numa_runtime.errors import UsageError
from numa_runtime.sessions.threads import thread_count, usable_cores


def topology(folder, siblings):
    for cpu, text in siblings.items():
        place = folder / f"cpu{cpu}" / "topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text(f"{text}\n")
    return folder


@pytest.fixture
def eight_cpus(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.usefixtures("eight_cpus")
def test_two_hardware_threads_are_one_core(tmp_path):
    cpus = topology(tmp_path, {cpu: f"{cpu % 4},{cpu % 4 + 4}" for cpu in range(8)})
    assert usable_cores(cpus, tmp_path / "none") == 4


@pytest.mark.usefixtures("eight_cpus")
@pytest.mark.parametrize(("text", "cores"), [("max 100000", 8), ("150000 100000", 2), ("50000 100000", 1), ("?", 8)])
def test_a_containers_quota_counts(tmp_path, text, cores):
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    assert usable_cores(tmp_path, quota) == cores


def test_affinity_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5}, raising=False)
    assert usable_cores(tmp_path, tmp_path) == 2


def test_what_is_asked_for_is_taken():
    assert thread_count(3) == 3
    assert thread_count(None) >= 1
    with pytest.raises(UsageError, match="--threads 0 is not a number of threads"):
        thread_count(0)


@pytest.mark.parametrize("asked", [257, 100_000, 10**20])
def test_more_threads_than_any_machine_gains_from_are_refused(asked, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    with pytest.raises(UsageError, match=rf"--threads {asked} is more than can be started: 256 is the most"):
        thread_count(asked)
    assert thread_count(256) == 256
    monkeypatch.setattr(os, "cpu_count", lambda: 384)
    assert thread_count(384) == 384
