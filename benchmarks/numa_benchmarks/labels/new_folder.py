"""A folder of labelled data that is written as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numa_runtime.errors import UsageError
from numa_runtime.files import atomic_path


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder to write to, which gets its final name when the block ends, and is removed when it fails.

    Raises:
        UsageError: the final one holds something already.
        SinkError: it cannot be made.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty: what two runs write would be mixed", hint=f"--output {folder}-2, or remove it"
        )
    with atomic_path(folder) as part:
        part.mkdir()
        yield part
