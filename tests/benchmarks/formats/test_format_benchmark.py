"""The whole benchmark over a test backend that works, crashes, hangs and fails."""

import logging
import sys
from pathlib import Path

import pytest
from benchmark_data import backend, drawn_data

from numa_benchmarks.formats.format_benchmark import run_format_benchmark
from numa_benchmarks.formats.row import Entry
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.messages import Loaded, Stats, Timed
from numa_benchmarks.timing.turns import Schedule

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
MAKE = """
import json, pathlib, sys
pathlib.Path(sys.argv[1]).write_bytes(bytes(2_000_000))
left = {"export_s": 1.5, "proof": {"max_box_error_px": 0.25}, "warnings": ["weak sample"]}
pathlib.Path(sys.argv[2]).write_text(json.dumps(left))
"""


def test_one_crashes_one_hangs_one_fails_and_the_others_are_measured(tmp_path):
    data = drawn_data(tmp_path / "data")
    # inference 1 is loading, 2 to 4 are validating, from 5 on it is timed
    moods = {"first": "fine", "crash": "6:segv", "error": "3:error", "quit": "load:exit", "last": "fine"}
    entries = [Entry(name, name, worker=backend(how, data)) for name, how in moods.items()]
    entries.insert(1, Entry("missing", "missing", reason="needs a checkpoint"))
    notes = []
    rows = run_format_benchmark(entries, Schedule(rounds=2, frames=2), 120, watch=Watch(notes.append))
    found = {row.format: row for row in rows}
    assert [row.format for row in rows] == ["first", "missing", "crash", "error", "quit", "last"]
    for name in ("first", "last"):
        assert found[name].ok
        assert found[name].latency.frames == 4
        assert found[name].metrics["box_map50_95"] > 0.7
        assert found[name].rss_mb > 20
        assert found[name].imgsz == (64, 64)
    assert found["last"].map_delta_points == 0
    assert (found["missing"].status, found["missing"].reason) == (Status.UNAVAILABLE, "needs a checkpoint")
    assert found["crash"].status is Status.CRASHED
    assert found["crash"].reason == "SIGSEGV (a segmentation fault in native code) while being timed"
    assert found["crash"].metrics is not None
    assert (found["error"].status, found["error"].reason) == (Status.FAILED, "the weights are made of cheese")
    assert found["quit"].reason.endswith("exit code 7 while loading the model: the driver is not in the mood")
    assert notes[-1] == "timing first, crash, last in turns: 2 rounds of 2 frames"


class Scripted:
    """A worker in this process; `how` fails at the step it names."""

    first_result_s = 0.5

    def __init__(self, name, how, closed):
        self.name, self.how, self.closed = name, how, closed

    def _may(self, step):
        if self.how == step:
            raise Failure(Status.TIMEOUT, f"no answer for 1 s while {step}")

    def load(self):
        self._may("load")
        return Loaded(0.1, "fp16", "here", [64, 64])

    def stats(self):
        return Stats(100.0)

    def validate(self, progress=None):
        self._may("validate")
        if self.how == "other":
            raise Failure(Status.UNAVAILABLE, "other classes")
        return {"box_map50_95": 0.5}

    def time(self, frames):
        self._may("time")
        return Timed([1.0] * frames, [2.0] * frames, [3.0] * frames)

    def close(self):
        self.closed.append(self.name)


def run(*hows):
    closed = []
    entries = [Entry(how, how, worker=("x",)) for how in hows]
    rows = run_format_benchmark(
        entries, Schedule(1, 1), 1, start=lambda entry, limit: Scripted(entry.name, entry.name, closed)
    )
    assert sorted(closed) == sorted(hows)
    return {row.format: row for row in rows}


@pytest.mark.parametrize("step", ["load", "validate", "time"])
def test_a_failure_at_any_step_keeps_the_row_and_closes_the_worker(step):
    found = run("fine", step)
    assert found["fine"].ok
    assert found["fine"].latency.fps == pytest.approx(1000 / 6)
    assert found["fine"].first_result_s == 0.5
    assert found[step].status is Status.TIMEOUT
    assert found[step].latency is None


def test_labels_that_do_not_fit_leave_the_times():
    found = run("other", "fine")
    assert found["other"].ok
    assert found["other"].latency is not None
    assert found["other"].reason == "not scored: other classes"
    assert found["fine"].map_delta_points is None


def test_what_an_export_reports_comes_into_the_row(tmp_path, caplog):
    artifact = tmp_path / "best.onnx"
    make = Command((sys.executable, "-c", MAKE, str(artifact), JSON_FILE), "exporting")
    broken = Command((sys.executable, "-c", "import sys; sys.exit('error: no such opset')"), "exporting")
    closed, started = [], []

    def start(entry, limit):
        started.append(entry.name)
        return Scripted(entry.name, "fine", closed)

    entries = [
        Entry("a", "onnx", "fp32", artifact, make, ("x",)),
        Entry("b", "engine", "fp32", Path("b"), broken, ("x",)),
    ]
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        made, refused = run_format_benchmark(entries, Schedule(1, 1), 60, start=start)
    assert (made.size_mb, made.export_s, made.max_box_error_px, made.precision) == (2.0, 1.5, 0.25, "fp16")
    assert caplog.messages == ["a: weak sample"]
    assert (refused.status, refused.reason) == (Status.FAILED, "no such opset")
    assert started == ["a"]


TALKS = """
import json, sys, time
answers = {
    "load": {"load_s": 0.1, "precision": "", "runs_on": "here", "imgsz": [64, 64]}, "stats": {"rss_mb": 9.0},
    "validate": {"box_map50_95": 0.5}, "time": {"preprocess": [1.0], "inference": [2.0], "postprocess": [3.0]},
}
for line in sys.stdin:
    step = json.loads(line)["do"]
    if step == sys.argv[1]: time.sleep(600)
    if step == "quit": break
    print(json.dumps({"ok": answers[step]}), flush=True)
"""


def test_one_that_hangs_is_given_up_and_the_others_are_measured():
    moods = ("fine", "validate", "time", "last")
    entries = [Entry(how, how, worker=(sys.executable, "-c", TALKS, how)) for how in moods]
    found = {row.format: row for row in run_format_benchmark(entries, Schedule(2, 1), 2.5)}
    assert [row.status for row in found.values()] == [Status.OK, Status.TIMEOUT, Status.TIMEOUT, Status.OK]
    assert found["validate"].reason == "no answer for 2.5 s while validating, so it was killed (--time-limit)"
    assert found["time"].reason == "no answer for 2.5 s while being timed, so it was killed (--time-limit)"
    assert found["last"].latency.frames == 2
