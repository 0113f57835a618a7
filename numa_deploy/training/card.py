"""train.md: what was trained on what, with what, and what came of it."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from numa_runtime.files import atomic_path

_PACKAGES = ("numa-deploy", "torch", "lightning-fabric", "numpy", "opencv-python")


def save_card(
    path: Path,
    *,
    title: str,
    words: Mapping[str, Any],
    data: Sequence[str],
    recipe: str,
    figures: Mapping[str, Any],
    seconds: float,
) -> None:
    """Write the card of a training.

    Args:
        path: a .md.
        title: the network.
        words: what was asked for, flat.
        data: a sentence a split.
        recipe: optimiser and steps.
        figures: of the best epoch.
        seconds: of all epochs, validations included.

    Raises:
        SinkError: it cannot be written.
    """
    command = " ".join(f"{name}={shlex.quote(_said(value))}" for name, value in words.items())
    rows = [f"| {name} | {value:.4g} |" for name, value in figures.items()]
    versions = [f"- {name} {_version(name)}" for name in _PACKAGES]
    lines = [
        f"# {title}", "", "## Data", "", *(f"- {line}" for line in data), "", "## Command", "",
        "```bash", f"numa-deploy train {command}", "```", "", recipe, "",
        f"{seconds:,.0f} seconds.", "", "## Best epoch", "",
        "| figure | value |", "| --- | --- |", *rows, "", "## Versions", "",
        f"- Python {platform.python_version()}, {platform.platform()}", *versions,
    ]  # fmt: skip
    with atomic_path(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _said(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed as a package)"
