"""A child process in a group of its own: started, killed with all its children, and its last words kept."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

_TAIL = 8192
_GRACE_S = 2.0


class Child:
    """A running command line; its standard error goes to an unnamed file that `last_words` reads.

    Args:
        command: the command line.
        talks: connect standard input and output as text pipes; else both are /dev/null.
        env: its environment; None for this process's own.
    """

    def __init__(self, command: Sequence[str], *, talks: bool = False, env: Mapping[str, str] | None = None) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
        pipe = subprocess.PIPE if talks else subprocess.DEVNULL
        self.process: subprocess.Popen[str] = subprocess.Popen(
            list(command),
            stdin=pipe,
            stdout=pipe,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            bufsize=1,
            start_new_session=True,
            env=None if env is None else dict(env),
        )

    def kill(self) -> None:
        """End the process and everything it started, at once; nothing happens where it has ended."""
        self._signal("SIGKILL", self.process.kill)
        self.process.wait()

    def _signal(self, name: str, otherwise: Callable[[], None]) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, getattr(signal, name))
            else:
                otherwise()

    def last_words(self) -> str:
        """Return the last line it wrote to standard error, "" where there is none."""
        lines = self._tail().splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def error_line(self) -> str:
        """Return the first line of `error: ...` it wrote, without that word, "" where there is none."""
        return next((line[7:].strip() for line in self._tail().splitlines() if line.startswith("error: ")), "")

    def _tail(self) -> str:
        if self._errors.closed:
            return ""
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - _TAIL))
        return self._errors.read().decode("utf-8", "replace")

    def close(self) -> None:
        """End it if it still runs, with a moment to remove its unfinished files; let go of its pipes and file."""
        if self.process.poll() is None:
            self._signal("SIGTERM", self.process.terminate)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=_GRACE_S)
        self.kill()
        pipes: list[IO[Any] | None] = [self.process.stdin, self.process.stdout]
        for pipe in pipes:
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._errors.close()
