"""Steps that are taken whole: a signal that comes meanwhile is heard after them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


@contextmanager
def unbroken() -> Iterator[None]:
    """Let signals wait until the block is done; whoever handles them then does, KeyboardInterrupt included.

    Without it Ctrl-C may end a step between the statistics of its norms and its weights, and what is kept then is a
    state that no training has ever been in. A block that fails drops them: its error ends the training anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    heard: list[tuple[int, FrameType | None]] = []
    before = {number: handler for number in _SIGNALS if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, lambda number, frame: heard.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number, frame in heard[:1]:
        before[number](number, frame)
