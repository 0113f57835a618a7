"""What the command line says, and where: results on standard output, notes and progress on standard error."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from numa_deploy.cli.screen import width_of
from numa_deploy.cli.streams import no_output
from numa_runtime.errors import NumaError, SinkError
from numa_runtime.jsontext import json_text
from numa_runtime.shown import shown
from numa_runtime.text import fold

if TYPE_CHECKING:
    from numa_deploy.cli.options import PrintOptions


@dataclass(frozen=True, slots=True)
class Console:
    """Prints lines unless `quiet`; writes the JSON object a mode ends with."""

    quiet: bool = False
    json_file: str | None = None

    @property
    def width(self) -> int | None:
        """The most characters of a line of the result; None where there is no terminal."""
        return width_of(self._out)

    @property
    def _out(self) -> TextIO:
        return sys.stderr if self.json_file == "-" else sys.stdout

    def say(self, text: str = "") -> None:
        """Print one line of the result, folded where it is too wide; with `--json -` standard output is the JSON's."""
        if not self.quiet:
            for line in fold(shown(text), self.width):
                print(line, file=self._out, flush=True)

    def note(self, text: str) -> None:
        """Print one line about what is being done (standard error)."""
        if not self.quiet:
            _tell(shown(text))

    def finish(self, data: dict[str, Any]) -> None:
        """Write `data` where `--json` says; nothing without it."""
        if self.json_file is None:
            return
        if self.json_file == "-":
            if no_output():
                raise SinkError("--json - writes to standard output, which is closed", hint="--json FILE")
            print(json_text(data, indent=2, ascii=not _is_utf8(sys.stdout)))
            return
        from numa_runtime.files import atomic_path

        with atomic_path(Path(self.json_file)) as part:
            text = json_text(data, indent=2)
            # a surrogate (a byte of a file's name that is no text) becomes JSON's "\udce9"
            part.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def open_console(options: PrintOptions) -> Console:
    """Return what a mode prints with, and let the library's log lines reach the terminal, one plain line each."""
    logger = logging.getLogger("numa_runtime")
    logger.handlers[:] = [_Lines()]
    logger.propagate = False
    logger.setLevel(logging.DEBUG if options.debug else logging.ERROR if options.quiet else logging.INFO)
    if options.json not in (None, "-"):
        from numa_runtime.files import check_target

        check_target(Path(options.json))
    return Console(options.quiet, options.json)


class _Lines(logging.Handler):
    """Prints what the library logs, the same line again and again only once."""

    def __init__(self) -> None:
        super().__init__()
        self._last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == self._last:
            return
        self._last = record.getMessage()
        word = "warning: " if record.levelno >= logging.WARNING else ""
        _tell(f"{word}{shown(record.getMessage())}")


def _tell(line: str) -> None:
    """Print a line on standard error, folded where it is too wide."""
    for part in fold(line, width_of(sys.stderr)):
        print(part, file=sys.stderr, flush=True)


def _is_utf8(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("_", "-") in ("utf-8", "utf8")


def print_error(error: NumaError) -> None:
    """Print an error on one or two lines, the hint aligned under the sentence; a command in it is left whole."""
    for number, line in enumerate(fold(f"error: {error.what}", width_of(sys.stderr))):
        print(f"       {line.strip()}" if number else line, file=sys.stderr)
    for line in error.hint.splitlines():
        print(f"       {line}", file=sys.stderr)
