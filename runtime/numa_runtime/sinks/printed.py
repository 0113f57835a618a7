"""One line per frame on standard output (`verbose=True`)."""

from __future__ import annotations

from pathlib import Path

from numa_runtime.results import Frame, Results
from numa_runtime.results.phrases import printable, source_name


class PrintSink:
    """Prints what was found in each frame, and the milliseconds it took.

    Args:
        name: of the medium, for frames that have no file.
        count: how many frames there are, None where that is not known.
    """

    needs_picture = False

    def __init__(self, name: str, count: int | None) -> None:
        self._name = name
        self._of = f"/{count}" if count else ""

    def write(self, result: Results, painted: Frame | None = None) -> None:  # noqa: ARG002 - every sink is given both
        """Print one frame's line."""
        name = printable(source_name(result.path) or self._name)
        height, width = result.orig_shape
        ms = sum(result.speed.values())
        print(f"{name} {result.frame_index + 1}{self._of}: {width}x{height} {result.verbose()}, {ms:.1f} ms")

    def close(self) -> tuple[Path, ...]:
        """Return nothing: no file was written."""
        return ()

    def abort(self) -> None:
        """Do nothing."""
