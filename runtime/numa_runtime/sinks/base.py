"""What every sink does: take results one by one, and leave complete files or none."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from numa_runtime.results import Frame, Results


class Sink(Protocol):
    """Takes the results of one medium.

    Call `close` or `abort` once, at the end.

    Attributes:
        needs_picture: whether `write` wants the painted frame; sinks without it are given None.
    """

    @property
    def needs_picture(self) -> bool: ...

    def write(self, result: Results, painted: Frame | None) -> None:
        """Take one result.

        Args:
            result: of the medium's next frame.
            painted: the painted frame. The sink may keep it until it is encoded: do not draw on it afterwards.

        Raises:
            SinkError: the disk is full or the folder not writable.
        """
        ...

    def close(self) -> tuple[Path, ...]:
        """Finish, give the files their final names, and return what was written.

        Raises:
            SinkError: the last bytes cannot be written, or what was written cannot be read back.
        """
        ...

    def abort(self) -> None:
        """Discard what is unfinished; never raises."""
        ...
