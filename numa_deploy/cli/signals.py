"""Being asked to end: Ctrl-C, `kill`, `docker stop` and a closed terminal are one and the same request."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, sleep
from types import FrameType

_REQUESTS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
TOGETHER_S = 0.4
"""Signals that come within so many seconds are one request: `timeout` and a closed terminal send two."""

_GRACE_S = 3.0
_CURSOR = b"\x1b[?25h\n"


@dataclass(slots=True)
class Request:
    """Whether the command was asked to end.

    Attributes:
        number: the signal's; None as long as there was none.
    """

    number: int | None = None

    @property
    def name(self) -> str:
        """The signal's name, "" without one."""
        return "" if self.number is None else signal.Signals(self.number).name

    @property
    def exit_code(self) -> int:
        """What a command that was ended exits with: 128 + the signal's number, as shells have it."""
        return 128 + (signal.SIGINT if self.number is None else self.number)


@contextmanager
def asked_to_end() -> Iterator[Request]:
    """Turn the first signal within the block into KeyboardInterrupt; a second one ends the process at once.

    So files of a finite source are removed and live recordings finished, whoever asks. A signal that was ignored
    stays ignored (`nohup`, a background job). A thread watches for the second signal: the interpreter's own handlers
    wait while native code runs, loading a large model for example.
    """
    request = Request()
    numbers = [number for number in map(_number, _REQUESTS) if number is not None and _is_heard(number)]
    if threading.current_thread() is not threading.main_thread() or not numbers:
        yield request
        return

    def first(number: int, _frame: FrameType | None) -> None:
        if request.number is None:
            request.number = number
            raise KeyboardInterrupt

    before = {number: signal.signal(number, first) for number in numbers}
    reading, writing = os.pipe()
    if os.name == "posix":  # asked for there, and not to be had everywhere else
        os.set_blocking(writing, False)
    woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(reading, numbers), name="numa-signals", daemon=True)
    watcher.start()
    try:
        yield request
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(writing)
        watcher.join()
        os.close(reading)


def end_with_parent(every_s: float = 1.0) -> None:
    """End this process when the one that started it is gone, however it ended: first as asked, then at once."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(every_s)
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(_GRACE_S)
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=watch, name="numa-parent", daemon=True).start()


def _number(name: str) -> int | None:
    return getattr(signal, name, None)


def _is_heard(number: int) -> bool:
    return signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler)


def _watch(reading: int, numbers: list[int]) -> None:
    """Read the numbers of signals as they come, until the pipe closes; end the process with the second request."""
    first: float | None = None
    while data := os.read(reading, 1):
        number, now = data[0], monotonic()
        if number not in numbers:
            continue
        if first is not None and now - first > TOGETHER_S:
            with suppress(OSError, ValueError):
                if sys.stderr.isatty():
                    os.write(2, _CURSOR)  # a progress bar hides it
            os._exit(128 + number)
        first = now if first is None else first
