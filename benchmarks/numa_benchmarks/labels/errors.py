"""What can be wrong with labelled data."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.errors import NumaError
from numa_runtime.sources.mot_text import file_text


class DataError(NumaError):
    """Labelled data is missing, malformed, or does not fit the model; file and line are named where there are any."""


def malformed(path: Path, line: int, why: str, *, hint: str = "") -> DataError:
    """Return the error for one bad row, named so that editors jump to it: `file:line: why`."""
    return DataError(f"{path}:{line}: {why}", hint=hint)


def read_text(path: Path, what: str, *, hint: str = "") -> str:
    """Return the text of a file.

    Args:
        path: the file.
        what: what it is ("the sequence's ground truth"), for messages.
        hint: the way out, for messages.

    Raises:
        DataError: it is missing, unreadable or not text.
    """
    return file_text(path, what, DataError, hint=hint)
