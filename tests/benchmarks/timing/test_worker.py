"""The benchmark's side against little scripts that speak the protocol, or break it."""

import logging
import sys
import time

import pytest

from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.worker import ProcessWorker

SCRIPT = """
import json, os, sys, time
def say(**words): print(json.dumps(words), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "quit": break
    {body}
"""


@pytest.fixture
def worker():
    started = []

    def start(body, limit_s=20.0):
        command = [sys.executable, "-c", SCRIPT.format(body=body)]
        started.append(ProcessWorker("onnx", command, limit_s))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_answers_progress_and_warnings(worker, caplog):
    body = (
        'say(progress=[1, 2]); say(warning="careful"); '
        'say(ok=dict(rss_mb=12.5, box_map50_95=0.5, load_s=1.0, precision="fp16", runs_on="here", imgsz=[64, 64], '
        "preprocess=[1.0], inference=[2.0], postprocess=[3.0] * request.get('frames', 1)))"
    )
    one, seen = worker(body), []
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        loaded = one.load()
    assert (loaded.precision, loaded.runs_on) == ("fp16", "here")
    assert one.first_result_s > 0
    assert one.stats().rss_mb == 12.5
    assert one.validate(lambda *step: seen.append(step))["box_map50_95"] == 0.5
    assert seen == [(1, 2)]
    assert one.time(1).total == [6.0]
    assert caplog.messages[0] == "onnx: careful"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("os.kill(os.getpid(), 11)", Status.CRASHED, "SIGSEGV"),
        ("sys.exit('bad luck')", Status.FAILED, "exit code 1 while loading the model: bad luck"),
        ("os._exit(0)", Status.FAILED, "exit code 0"),
        ("print('hello', flush=True)", Status.FAILED, "the worker said 'hello' while loading the model"),
        ("print('[1]', flush=True)", Status.FAILED, "the worker said '[1]'"),
        (
            'say(error=dict(kind="MissingExtra", what="needs openvino", hint=""))',
            Status.UNAVAILABLE,
            "needs openvino",
        ),
    ],
)
def test_whatever_goes_wrong_is_a_sentence(worker, body, status, reason):
    with pytest.raises(Failure) as failed:
        worker(body).load()
    assert failed.value.status is status
    assert reason in failed.value.reason


def test_one_that_hangs_is_killed(worker):
    one = worker("time.sleep(600)", limit_s=0.3)
    with pytest.raises(Failure, match=r"no answer for 0\.3 s while validating") as failed:
        one.validate()
    assert failed.value.status is Status.TIMEOUT
    assert one._channel._child.process.poll() is not None


def test_a_sign_of_life_extends_the_limit(worker):
    one = worker("[(time.sleep(0.2), say(progress=[n, 9])) for n in range(9)]; say(ok={})", limit_s=1.5)
    assert one.validate() == {}


def test_asking_the_dead_fails_in_words(worker):
    one = worker("sys.exit(3)")
    for _ in range(2):
        with pytest.raises(Failure, match="exit code 3"):
            one.stats()


def test_closing_takes_the_children_along(worker, tmp_path):
    body = "import subprocess; child = subprocess.Popen(['sleep', '600']); say(ok=dict(rss_mb=child.pid))"
    one = worker(body)
    pid = int(one.stats().rss_mb)
    one.close()
    from pathlib import Path

    state = Path(f"/proc/{pid}/stat")
    end = time.monotonic() + 5  # a busy machine takes its time to end what was killed
    while state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert time.monotonic() < end
        time.sleep(0.01)
