"""A tracker's YAML as names and values, not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numa_runtime.errors import TrackerError


def read_values(path: Path) -> dict[str, Any]:
    """Return what the YAML at `path` holds.

    Raises:
        TrackerError: it cannot be read, or is no mapping.
    """
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise TrackerError(
            f"{path}: cannot be read as a tracker YAML: {reason}", hint="lines look like name: value"
        ) from error
    if not isinstance(values, Mapping):
        raise TrackerError(f"{path}: holds no parameters", hint="lines look like track_buffer: 30")
    return {str(key): value for key, value in values.items()}
