"""Is there room for what an export writes? Asked before minutes are spent."""

from __future__ import annotations

import shutil
from pathlib import Path

from numa_export.plan import RULES
from numa_runtime.errors import SinkError
from numa_runtime.formats import Format

_ANYWAY = 2_000_000


def require_room(output: Path, format: Format, weights: int) -> None:
    """Refuse to begin where the disk is too full for the artifact; `weights` in bytes.

    Raises:
        SinkError: names what is free and what is needed.
    """
    folder = next((parent for parent in output.absolute().parents if parent.is_dir()), None)
    if folder is None:
        return
    need = int(weights * RULES[format].copies) + _ANYWAY
    free = shutil.disk_usage(folder).free
    if free < need:
        raise SinkError(
            f"{folder} has {free / 1e6:.1f} MB free, and exporting to {format} needs about {need / 1e6:.1f} MB",
            hint="free some space or choose another --output",
        )
