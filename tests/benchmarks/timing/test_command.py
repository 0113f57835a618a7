import sys

import pytest

from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_benchmarks.timing.failure import Failure, Status


def command(code, *words):
    return Command((sys.executable, "-c", f"import json, os, sys, time, pathlib\n{code}", *words), "exporting")


def test_a_command_leaves_a_report():
    code = "pathlib.Path(sys.argv[1]).write_text(json.dumps({'export_s': 2.0}))"
    assert command(code, JSON_FILE).run(60) == {"export_s": 2.0}


@pytest.mark.parametrize("code", ["pass", "pathlib.Path(sys.argv[1]).write_text('{')", "print('noise')"])
def test_without_a_report_there_is_nothing_to_say(code):
    assert command(code, JSON_FILE).run(60) == {}


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("os.kill(os.getpid(), 11)", Status.CRASHED, "SIGSEGV (a segmentation fault in native code) while exporting"),
        ("sys.exit('Traceback\\nerror: no such opset\\n  hint')", Status.FAILED, "no such opset"),
        ("sys.exit('strange')", Status.FAILED, "the process ended with exit code 1 while exporting: strange"),
        (
            "pathlib.Path(sys.argv[1]).write_text(json.dumps({'error': {'kind': 'MissingExtra', 'what': 'no torch'}}));"
            "sys.exit(1)",
            Status.UNAVAILABLE,
            "no torch",
        ),
    ],
)
def test_a_command_that_fails_says_why(code, status, reason):
    with pytest.raises(Failure) as failed:
        command(code, JSON_FILE).run(60)
    assert (failed.value.status, failed.value.reason) == (status, reason)


def test_a_command_that_hangs_is_killed():
    with pytest.raises(Failure, match=r"no answer for 0\.3 s while exporting") as failed:
        command("time.sleep(600)").run(0.3)
    assert failed.value.status is Status.TIMEOUT
