"""The sink of every text format: lines per result into one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from numa_runtime.files import PartialText
from numa_runtime.results import Frame, Results


class LineSink:
    """Writes `header` (once, made from the first result or None without any) and the lines of each result.

    The file appears under its name when closed, also when no line was written.
    """

    needs_picture = False

    def __init__(
        self,
        path: Path,
        lines: Callable[[Results], Iterable[str]],
        header: Callable[[Results | None], str] | None = None,
    ) -> None:
        self._file = PartialText(path)
        self._lines = lines
        self._header = header

    def write(self, result: Results, painted: Frame | None = None) -> None:  # noqa: ARG002 - every sink is given both
        """Append the lines of one result."""
        self._begin(result)
        for line in self._lines(result):
            self._file.write(line + "\n")

    def _begin(self, first: Results | None) -> None:
        if self._header is not None:
            self._file.write(self._header(first) + "\n")
            self._header = None

    def close(self) -> tuple[Path, ...]:
        """Finish the file."""
        self._begin(None)
        return (self._file.commit(),)

    def abort(self) -> None:
        """Remove what was written."""
        self._file.discard()
