"""Being asked to end, by any of the signals that ask: files of the run, exit codes, the second request."""

import os
import signal
import subprocess
import sys
import time

import pytest
from clips import write_clip

from numa_deploy.cli.signals import asked_to_end

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
ASKED = "import os, sys, time\nfrom numa_deploy.cli.signals import asked_to_end\n"
SLOW_FRAMES = """
import sys, time
from numa_runtime.pipeline.model import Model
run = Model.__call__
def slow(self, frame, info=None):
    if info.index == 2:
        print("running", flush=True)
        time.sleep(30)
    return run(self, frame, info)
Model.__call__ = slow
from numa_deploy.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def started(script, *words, cwd=None, **how):
    """Return a Python process that has said its first word."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        restore_signals=True,
        **how,
    )
    assert process.stdout.readline().strip()
    return process


@pytest.mark.parametrize(("name", "said"), [("SIGTERM", "ended by SIGTERM"), ("SIGHUP", "ended by SIGHUP")])
def test_a_finite_source_leaves_nothing(name, said, tmp_path):
    clip = write_clip(tmp_path / "clip.mp4", 6)
    process = started(SLOW_FRAMES, "track", "-s", clip, "--save-csv", cwd=tmp_path)
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + getattr(signal, name)
    assert errors.splitlines()[-1] == f"{said}: unfinished files were removed"
    assert [path.name for path in (tmp_path / "runs").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_of_them_is_one_interrupt_and_what_was_before_comes_back(number):
    before = signal.getsignal(number)

    def wait():
        with asked_to_end() as request:
            assert request.number is None
            try:
                signal.raise_signal(number)
            finally:
                wait.request = request

    with pytest.raises(KeyboardInterrupt):
        wait()
    assert (wait.request.name, wait.request.exit_code) == (signal.Signals(number).name, 128 + number)
    assert signal.getsignal(number) is before


def test_a_second_request_ends_at_once_even_while_native_code_runs():
    native = "pbkdf2_hmac('sha256', b'', b'', 10**9)"  # minutes, deaf to signals
    block = f"with asked_to_end():\n    print('here', flush=True)\n    {native}"
    process = started(f"{ASKED}from hashlib import pbkdf2_hmac\n{block}")
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    asked = time.monotonic()
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGINT
    assert time.monotonic() - asked < 5


def test_two_signals_at_the_same_time_are_one_request():
    script = f"""{ASKED}
with asked_to_end():
    try:
        print("here", flush=True)
        time.sleep(30)
    except KeyboardInterrupt:
        time.sleep(1)
        print("finished", flush=True)
"""
    process = started(script)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGHUP)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "finished\n")


def test_what_was_ignored_stays_ignored():
    script = f"{ASKED}with asked_to_end():\n    print('here', flush=True)\n    time.sleep(1)\nprint('all')\n"
    process = started(script, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "all\n")


def test_a_child_ends_when_who_started_it_is_killed(tmp_path):
    child = f"{ASKED}from numa_deploy.cli.signals import end_with_parent\nend_with_parent(0.05)\n" + (
        "with asked_to_end():\n    try:\n        print(os.getpid(), flush=True)\n        time.sleep(30)\n"
        "    finally:\n        open('cleaned', 'w').close()\n"
    )
    parent = (
        "import subprocess, sys, time\n"
        "how = {'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL}\n"
        "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], **how)\n"
        "print(child.stdout.readline().decode().strip(), flush=True)\ntime.sleep(30)\n"
    )
    process = started(parent, child, cwd=tmp_path)
    process.kill()
    process.communicate()
    until = time.monotonic() + 10
    while not (tmp_path / "cleaned").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (tmp_path / "cleaned").exists()
