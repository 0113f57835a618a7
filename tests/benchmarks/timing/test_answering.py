"""The worker's own side, in a real process."""

import pytest
from benchmark_data import backend, drawn_data

from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.machine import rss_mb
from numa_benchmarks.timing.worker import ProcessWorker

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")


def test_a_worker_from_load_to_quit(tmp_path):
    worker = ProcessWorker("bright", backend("fine", drawn_data(tmp_path)), 120)
    try:
        with pytest.raises(Failure, match="time was asked for before load"):
            worker.time(1)
        loaded = worker.load()
        assert loaded.runs_on == "test cpu, 1 thread"
        assert 0 <= loaded.load_s < worker.first_result_s
        assert 20 < worker.stats().rss_mb < 2000
        steps = []
        metrics = worker.validate(lambda *step: steps.append(step))
        assert metrics["box_map50_95"] > 0.7
        assert metrics["images"] == 3
        assert "rows" not in metrics
        assert steps == [(1, 3), (2, 3), (3, 3)]
        timed = worker.time(4)
        assert len(timed.total) == 4
        assert min(timed.preprocess) > 0
    finally:
        worker.close()
    assert worker._channel._child.process.returncode == 0


def test_missing_data_is_said_in_words(tmp_path):
    worker = ProcessWorker("bright", backend("fine", tmp_path / "none.yaml"), 120)
    try:
        with pytest.raises(Failure, match=r"none\.yaml") as failed:
            worker.load()
        assert failed.value.status is Status.UNAVAILABLE
    finally:
        worker.close()


def test_this_process_has_a_size():
    assert 10 < rss_mb() < 100_000
