"""What the scripts say and where: the table on standard output, what is going on and the errors on standard error."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.progress import Watch
from numa_runtime.errors import NumaError
from numa_runtime.files import atomic_path


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints unless `quiet`.

    Attributes:
        quiet: whether only the JSON and errors are printed.
        json_file: where the figures are written ("-": standard output, which is the JSON's alone then).
        markdown: where the table is written for a README.
    """

    quiet: bool = False
    json_file: str | None = None
    markdown: Path | None = None

    def note(self, text: str) -> None:
        """Print one line about what is being done."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def watch(self) -> Watch:
        """Return what tells a contest's steps here, with a count where somebody looks."""
        return Watch(self.note, _count if sys.stderr.isatty() and not self.quiet else None)

    def finish(self, lines: list[str], markdown: str, figures: dict[str, Any]) -> None:
        """Print the table, and write it and its figures where they are wanted.

        Raises:
            SinkError: a file cannot be written.
        """
        if not self.quiet:
            print("\n".join(lines), file=sys.stderr if self.json_file == "-" else sys.stdout, flush=True)
        if self.markdown is not None:
            with atomic_path(self.markdown) as part:
                part.write_text(markdown, encoding="utf-8")
        text = json.dumps(figures, indent=2, ensure_ascii=False)
        if self.json_file == "-":
            print(text)
        elif self.json_file is not None:
            with atomic_path(Path(self.json_file)) as part:
                part.write_text(text + "\n", encoding="utf-8")


def print_error(error: NumaError) -> None:
    """Print an error, its hint below it."""
    print("\n       ".join([f"error: {error.what}", *error.hint.splitlines()]), file=sys.stderr)


def show_logs(quiet: bool) -> None:
    """Let the library's log lines reach the terminal."""
    logger = logging.getLogger("numa_runtime")
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.ERROR if quiet else logging.INFO)


def _count(done: int, total: int) -> None:
    print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
