"""A resident process that is asked one thing at a time, in JSON lines, and never waited for longer than a limit."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from subprocess import TimeoutExpired
from typing import IO, Any

from numa_benchmarks.progress import Progress
from numa_benchmarks.timing.child import Child
from numa_benchmarks.timing.failure import Failure, Status, failure_from_error, failure_from_exit, failure_from_limit

log = logging.getLogger("numa_runtime")
_GRACE_S = 3.0
"""What a process may take to end once it has nothing more to say."""


class Channel:
    """Speaks `numa_benchmarks.timing.messages` with a command line.

    Args:
        name: who it is, in warnings.
        command: the command line.
        limit_s: the longest silence, seconds; a process that says nothing for so long is killed.
        env: its environment; None for this process's own.
    """

    def __init__(self, name: str, command: Sequence[str], limit_s: float, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._limit = limit_s
        self._child = Child(command, talks=True, env=env)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self._child.process.stdout is not None
        threading.Thread(target=_pump, args=(self._child.process.stdout, self._lines), daemon=True).start()

    def ask(self, do: str, doing: str, *, progress: Progress | None = None, **words: Any) -> dict[str, Any]:
        """Send `{"do": do, **words}` and return the object of its answer.

        Args:
            do: the request's word.
            doing: the step as a sentence's end ("loading the model").
            progress: called with (done, all) meanwhile.
            words: what belongs to the request.

        Raises:
            Failure: it answered with an error, ended, said something else than JSON, or nothing for too long.
        """
        try:
            self._tell({"do": do, **words})
        except (OSError, ValueError):
            raise self._ended(doing) from None
        while True:
            answer = self._next(doing)
            if "progress" in answer:
                if progress is not None:
                    progress(*answer["progress"])
            elif "warning" in answer:
                log.warning("%s: %s", self.name, answer["warning"])
            elif "error" in answer:
                raise failure_from_error(answer["error"]["kind"], answer["error"]["what"])
            else:
                return dict(answer["ok"])

    def close(self) -> None:
        """Ask it to end, and end it."""
        with suppress(OSError, ValueError, TimeoutExpired):
            self._tell({"do": "quit"})
            self._child.process.wait(timeout=_GRACE_S)
        self._child.close()

    def _tell(self, message: dict[str, Any]) -> None:
        pipe = self._child.process.stdin
        assert pipe is not None
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    def _next(self, doing: str) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._limit)
        except queue.Empty:
            self._child.kill()
            raise failure_from_limit(self._limit, doing) from None
        if line is None:
            raise self._ended(doing)
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self._child.kill()
            raise Failure(
                Status.FAILED, f"the worker said {line.strip()[:80]!r} while {doing}, which is not a JSON object"
            )
        return answer

    def _ended(self, doing: str) -> Failure:
        try:
            code = self._child.process.wait(timeout=_GRACE_S)
        except TimeoutExpired:  # it closed its output and lives on
            self._child.kill()
            return Failure(Status.FAILED, f"the worker stopped answering while {doing}")
        return failure_from_exit(code, doing, self._child.last_words())


def _pump(pipe: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Move lines from the pipe to the queue, then None; the pipe itself cannot be read with a time limit."""
    with suppress(OSError, ValueError):
        for line in pipe:
            lines.put(line)
    lines.put(None)
