"""A tracker's YAML as names and values, not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numa_runtime.errors import TrackerError
from numa_runtime.yaml_text import BadYaml, read_yaml


def read_values(path: Path) -> dict[str, Any]:
    """Return what the YAML at `path` holds.

    Raises:
        TrackerError: it cannot be read, or is no mapping.
    """
    try:
        values = read_yaml(path)
    except (OSError, BadYaml) as error:
        raise TrackerError(
            f"{path}: cannot be read as a tracker YAML: {getattr(error, 'strerror', None) or error}",
            hint="lines look like name: value",
        ) from error
    if not isinstance(values, Mapping):
        raise TrackerError(f"{path}: holds no parameters", hint="lines look like track_buffer: 30")
    return {str(key): value for key, value in values.items()}
