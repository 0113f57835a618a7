"""What the command line says, and where: results on standard output, notes and progress on standard error."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_runtime.errors import NumaError

if TYPE_CHECKING:
    from numa_deploy.cli.options import PrintOptions


@dataclass(frozen=True, slots=True)
class Console:
    """Prints lines unless `quiet`; writes the JSON object a mode ends with."""

    quiet: bool = False
    json_file: str | None = None

    def say(self, text: str = "") -> None:
        """Print one line of the result; with `--json -` standard output belongs to the JSON."""
        if not self.quiet:
            print(text, file=sys.stderr if self.json_file == "-" else sys.stdout, flush=True)

    def note(self, text: str) -> None:
        """Print one line about what is being done (standard error)."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def finish(self, data: dict[str, Any]) -> None:
        """Write `data` where `--json` says; nothing without it."""
        if self.json_file is None:
            return
        text = json.dumps(data, indent=2, ensure_ascii=False)
        if self.json_file == "-":
            print(text)
            return
        from numa_runtime.files import atomic_path

        with atomic_path(Path(self.json_file)) as part:
            part.write_text(text + "\n", encoding="utf-8")


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
    def emit(self, record: logging.LogRecord) -> None:
        word = "warning: " if record.levelno >= logging.WARNING else ""
        print(f"{word}{record.getMessage()}", file=sys.stderr, flush=True)


def print_error(error: NumaError) -> None:
    """Print an error on one or two lines, the hint aligned under the sentence."""
    print(f"error: {error.what}", file=sys.stderr)
    for line in error.hint.splitlines():
        print(f"       {line}", file=sys.stderr)
