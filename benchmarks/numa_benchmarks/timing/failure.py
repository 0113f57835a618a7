"""How something in a process of its own went wrong, in one word and one sentence."""

from __future__ import annotations

import signal
from enum import StrEnum

_SIGNALS = {
    signal.SIGSEGV: "a segmentation fault in native code",
    signal.SIGABRT: "native code gave up",
    signal.SIGKILL: "killed from outside; out of memory is the usual reason",
    signal.SIGILL: "an instruction this CPU does not have",
    signal.SIGFPE: "an arithmetic fault in native code",
    signal.SIGBUS: "a memory fault in native code",
}


class Status(StrEnum):
    """What became of a row."""

    OK = "ok"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMEOUT = "timeout"

    @property
    def words(self) -> str:
        """What a reader is told before the reason; "" where the reason says it all."""
        return "" if self in (Status.OK, Status.UNAVAILABLE) else self.value


class Failure(Exception):
    """A process that gave no result: `status` and `reason`, one sentence that needs no context."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(status, reason)
        self.status, self.reason = status, reason

    def __str__(self) -> str:
        return f"{self.status}: {self.reason}"


# Errors that mean: not on this machine, or not from this model. Everything else is a failure.
_UNAVAILABLE = frozenset({"MissingExtra", "DeviceError", "EngineError", "UsageError", "DataError"})


def failure_from_error(kind: str, what: str) -> Failure:
    """Return the failure for an error that was reported in words; `kind` is the exception's class name."""
    return Failure(Status.UNAVAILABLE if kind in _UNAVAILABLE else Status.FAILED, what)


def failure_from_exit(code: int, doing: str, last_words: str) -> Failure:
    """Return the failure for a process that ended by itself while `doing` ("validating").

    Args:
        code: as `Popen.returncode`, negative for a signal.
        doing: the step as a sentence's end ("validating").
        last_words: the last line of its standard error, or "".
    """
    if code < 0:
        return Failure(Status.CRASHED, f"{_signal_words(-code)} while {doing}")
    said = f": {last_words}" if last_words else ""
    return Failure(Status.FAILED, f"the process ended with exit code {code} while {doing}{said}")


def failure_from_limit(seconds: float, doing: str) -> Failure:
    """Return the failure for a process that was killed because it did not answer."""
    return Failure(Status.TIMEOUT, f"no answer for {seconds:g} s while {doing}, so it was killed (--time-limit)")


def _signal_words(number: int) -> str:
    try:
        name = signal.Signals(number)
    except ValueError:
        return f"signal {number}"
    why = _SIGNALS.get(name)
    return f"{name.name} ({why})" if why else name.name
