"""The benchmark's side of a worker: a resident process that holds one model and is asked, never interrupted."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from subprocess import TimeoutExpired
from time import perf_counter
from typing import IO, Any, Protocol

from numa_benchmarks.timing.child import Child
from numa_benchmarks.timing.failure import Failure, Status, failure_from_error, failure_from_exit, failure_from_limit
from numa_benchmarks.timing.messages import Loaded, Stats, Step, Timed

Progress = Callable[[int, int], None]
log = logging.getLogger("numa_runtime")
_GRACE_S = 3.0
"""What a process may take to end once it has nothing more to say."""


class Worker(Protocol):
    """One model in a process of its own. Every call raises `Failure` where the process gives no answer."""

    name: str

    def load(self) -> Loaded: ...
    def stats(self) -> Stats: ...
    def validate(self, progress: Progress | None = None) -> dict[str, Any]:
        """Return the metrics under the keys of `val --json`."""
        ...

    def time(self, frames: int) -> Timed: ...
    def close(self) -> None: ...

    @property
    def first_result_s(self) -> float:
        """Seconds from the start of the process to the first result; known after `load`."""
        ...


class ProcessWorker:
    """A worker behind a command line that speaks `numa_benchmarks.timing.messages`.

    limit_s: the longest silence; a worker that says nothing for so long is killed.
    """

    def __init__(self, name: str, command: Sequence[str], limit_s: float) -> None:
        self.name = name
        self.first_result_s = 0.0
        self._limit = limit_s
        self._started = perf_counter()
        self._child = Child(command, talks=True)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self._child.process.stdout is not None
        threading.Thread(target=_pump, args=(self._child.process.stdout, self._lines), daemon=True).start()

    def load(self) -> Loaded:
        """Open the model and see one image."""
        loaded = Loaded.of(self._ask(Step.LOAD))
        self.first_result_s = perf_counter() - self._started
        return loaded

    def stats(self) -> Stats:
        """Measure its memory."""
        return Stats.of(self._ask(Step.STATS))

    def validate(self, progress: Progress | None = None) -> dict[str, Any]:
        """Score it on the labelled images."""
        return self._ask(Step.VALIDATE, progress=progress)

    def time(self, frames: int) -> Timed:
        """Run `frames` frames."""
        return Timed.of(self._ask(Step.TIME, frames=frames))

    def close(self) -> None:
        """Ask it to end, and end it."""
        with suppress(OSError, ValueError, TimeoutExpired):
            self._tell({"do": Step.QUIT.value})
            self._child.process.wait(timeout=_GRACE_S)
        self._child.close()

    def _ask(self, step: Step, *, progress: Progress | None = None, **words: Any) -> dict[str, Any]:
        try:
            self._tell({"do": step.value, **words})
        except (OSError, ValueError):
            raise self._ended(step) from None
        while True:
            answer = self._next(step)
            if "progress" in answer:
                if progress is not None:
                    progress(*answer["progress"])
            elif "warning" in answer:
                log.warning("%s: %s", self.name, answer["warning"])
            elif "error" in answer:
                raise failure_from_error(answer["error"]["kind"], answer["error"]["what"])
            else:
                return dict(answer["ok"])

    def _tell(self, message: dict[str, Any]) -> None:
        pipe = self._child.process.stdin
        assert pipe is not None
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    def _next(self, step: Step) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._limit)
        except queue.Empty:
            self._child.kill()
            raise failure_from_limit(self._limit, step.doing) from None
        if line is None:
            raise self._ended(step)
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self._child.kill()
            raise Failure(Status.FAILED, f"the worker said {line.strip()[:80]!r} while {step.doing}, which is no JSON")
        return answer

    def _ended(self, step: Step) -> Failure:
        try:
            code = self._child.process.wait(timeout=_GRACE_S)
        except TimeoutExpired:  # it closed its output and lives on
            self._child.kill()
            return Failure(Status.FAILED, f"the worker stopped answering while {step.doing}")
        return failure_from_exit(code, step.doing, self._child.last_words())


def _pump(pipe: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Move lines from the pipe to the queue, then None; the pipe itself cannot be read with a time limit."""
    with suppress(OSError, ValueError):
        for line in pipe:
            lines.put(line)
    lines.put(None)
