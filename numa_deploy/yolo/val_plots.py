"""Where the pictures of a validation go: a run folder of their own, made before the work and gone where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from numa_runtime.sinks.run_folder import RunFolder
from numa_runtime.words import count

if TYPE_CHECKING:
    from numa_benchmarks.validate import Validation
    from numa_benchmarks.validate_rallies import RallyValidation


class PlotWords(Protocol):
    """The options that say whether and where pictures are written."""

    @property
    def plots(self) -> bool: ...
    @property
    def project(self) -> str | Path: ...
    @property
    def name(self) -> str | None: ...
    @property
    def exist_ok(self) -> bool: ...


@contextmanager
def plots_folder(options: PlotWords, model: str | Path) -> Iterator[Path | None]:
    """Give PROJECT/val/NAME, or None where no pictures are wanted; it is removed again where nothing was written.

    Args:
        options: whether and where.
        model: whose name the folder gets where it has none.

    Raises:
        SinkError: it cannot be created.
    """
    if not options.plots:
        yield None
        return
    name = options.name or Path(model).stem
    place = RunFolder("val", name, project=options.project, exist_ok=options.exist_ok)
    try:
        yield place.path
    finally:
        place.remove_if_empty()


def draw_plots(found: Validation | RallyValidation, folder: Path) -> str:
    """Write all pictures of a validation, and return a sentence that says so.

    Raises:
        SinkError: they cannot be written.
    """
    from numa_benchmarks.plots.every import save_plots

    files = save_plots(found, folder)
    return f"{count(len(files), 'file')} in {folder}: {', '.join(file.name for file in files)}"
