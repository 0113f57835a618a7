"""One command line in a process of its own, with a time limit; whatever happens to it, it ends in a sentence."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.timing.child import Child
from numa_benchmarks.timing.failure import Failure, Status, failure_from_error, failure_from_exit, failure_from_limit

JSON_FILE = "{json}"
"""Stands in a command line for the file that the command writes its report to."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line that makes something, and what it is doing ("exporting").

    One of its words may be `{json}`: it becomes the path of a file where the command leaves one JSON object. It exits
    with 0 when it is done; otherwise the reason is the `{"error": {"kind": ..., "what": ...}}` it left there, or the
    first line of its standard error that begins with `error: `, or the last line.

    Attributes:
        env: its environment; None for this process's own.
    """

    words: tuple[str, ...]
    doing: str
    env: Mapping[str, str] | None = None

    def run(self, limit_s: float) -> dict[str, Any]:
        """Run it to its end and return the object it left, {} where it left none.

        Raises:
            Failure: it ended with an error or by a signal, or was killed at the time limit.
        """
        with tempfile.TemporaryDirectory(prefix="numa-benchmark-") as folder:
            report = Path(folder) / "report.json"
            child = Child([str(report) if word == JSON_FILE else word for word in self.words], env=self.env)
            try:
                code = child.process.wait(timeout=limit_s)
            except subprocess.TimeoutExpired:
                raise failure_from_limit(limit_s, self.doing) from None
            else:
                said = _read(report)
                if code != 0:
                    raise self._failure(child, code, said)
                return said
            finally:
                child.close()

    def _failure(self, child: Child, code: int, said: dict[str, Any]) -> Failure:
        if code > 0 and isinstance(error := said.get("error"), dict):
            return failure_from_error(str(error["kind"]), str(error["what"]))
        if code > 0 and (line := child.error_line()):
            return Failure(Status.FAILED, line)
        return failure_from_exit(code, self.doing, child.last_words())


def _read(report: Path) -> dict[str, Any]:
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
