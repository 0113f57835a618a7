import signal

import pytest

from numa_benchmarks.timing.failure import Status, failure_from_error, failure_from_exit, failure_from_limit


@pytest.mark.parametrize(
    ("code", "last", "status", "reason"),
    [
        (-signal.SIGSEGV, "", Status.CRASHED, "SIGSEGV (a segmentation fault in native code) while loading"),
        (-signal.SIGTERM, "x", Status.CRASHED, "SIGTERM while loading"),
        (-199, "", Status.CRASHED, "signal 199 while loading"),
        (3, "no such driver", Status.FAILED, "the process ended with exit code 3 while loading: no such driver"),
        (0, "", Status.FAILED, "the process ended with exit code 0 while loading"),
    ],
)
def test_the_end_of_a_process_in_words(code, last, status, reason):
    failure = failure_from_exit(code, "loading", last)
    assert (failure.status, failure.reason) == (status, reason)
    assert str(failure) == f"{status}: {reason}"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("MissingExtra", Status.UNAVAILABLE), ("EngineError", Status.UNAVAILABLE), ("ModelError", Status.FAILED)],
)
def test_what_cannot_be_had_here_is_no_failure(kind, status):
    assert failure_from_error(kind, "why").status is status


def test_the_time_limit_is_named():
    assert failure_from_limit(1.5, "validating").reason == (
        "no answer for 1.5 s while validating, so it was killed (--time-limit)"
    )


def test_only_surprises_are_named_before_the_reason():
    assert [status.words for status in Status] == ["", "", "failed", "crashed", "timeout"]
