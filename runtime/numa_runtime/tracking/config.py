"""From a tracker's name, a YAML or keywords to checked parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from numa_runtime.errors import TrackerError, nearest
from numa_runtime.tracking.params import ByteTrackParams, known_names

CONFIGS = Path(__file__).parent / "configs"


class TrackerName(StrEnum):
    """The trackers there are."""

    BYTETRACK = "bytetrack"

    @property
    def config(self) -> Path:
        """The YAML with this tracker's defaults."""
        return CONFIGS / f"{self.value}.yaml"

    @classmethod
    def of(cls, word: str) -> TrackerName:
        """Return the tracker called `word` ("bytetrack" or "bytetrack.yaml").

        Raises:
            TrackerError: there is no such tracker; the sentence names those there are.
        """
        stem = word.removesuffix(".yaml").removesuffix(".yml").lower()
        names = [str(name) for name in cls]
        if stem not in names:
            raise TrackerError(
                f"there is no tracker {word!r}{nearest(stem, names)}; there is: {', '.join(names)}",
                hint=f"use tracker={names[0]}, or a YAML file of your own with tracker_type: {names[0]}",
            )
        return cls(stem)


def load_params(tracker: str | Path | ByteTrackParams = "bytetrack", **overrides: Any) -> ByteTrackParams:
    """Return parameters from a tracker's name, a YAML path or parameters, with single values replaced.

    Raises:
        TrackerError: unknown tracker or parameter, a file that is no YAML mapping, a value out of range.
    """
    _known(overrides, "")
    if isinstance(tracker, ByteTrackParams):
        return replace(tracker, **overrides)
    path = Path(tracker)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        if path.name != str(tracker):
            raise TrackerError(f"{tracker}: no such tracker file", hint="give a YAML file, or the name bytetrack")
        path = TrackerName.of(str(tracker)).config
    values = _read(path)
    TrackerName.of(str(values.pop("tracker_type", TrackerName.BYTETRACK)))
    _known(values, f"{path}: ")
    return ByteTrackParams(**{**values, **overrides})


def _read(path: Path) -> dict[str, Any]:
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


def _known(values: Mapping[str, Any], where: str) -> None:
    names = known_names()
    for name in values:
        if name not in names:
            raise TrackerError(
                f"{where}bytetrack has no parameter {name!r}{nearest(name, names)}",
                hint=f"its parameters: {', '.join(names)}",
            )
