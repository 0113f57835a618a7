"""From a tracker's name, a YAML or keywords to checked parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numa_runtime.errors import TrackerError, nearest
from numa_runtime.paths import expand
from numa_runtime.tracking.params import (
    BoostTrackParams,
    BotSortParams,
    ByteTrackParams,
    CBIoUParams,
    FastTrackParams,
    HybridSortParams,
    OcSortParams,
    SortParams,
    TrackerParams,
    TrackTrackParams,
    known_names,
)
from numa_runtime.tracking.yaml_values import read_values
from numa_runtime.words import Word

CONFIGS = Path(__file__).parent / "configs"


class TrackerName(
    Word,
    refusal="there is no tracker {word}{close}; there is: {list}",
    hint="use tracker=bytetrack, or a YAML file of your own with tracker_type: bytetrack",
    error=TrackerError,
):
    """The trackers there are."""

    BYTETRACK = "bytetrack"
    SORT = "sort"
    OCSORT = "ocsort"
    BOTSORT = "botsort"
    CBIOU = "cbiou"
    HYBRIDSORT = "hybridsort"
    TRACKTRACK = "tracktrack"
    FASTTRACK = "fasttrack"
    BOOSTTRACK = "boosttrack"

    @property
    def config(self) -> Path:
        """The YAML with this tracker's defaults."""
        return CONFIGS / f"{self.value}.yaml"

    @property
    def params_type(self) -> type[TrackerParams]:
        """The dataclass of this tracker's parameters."""
        return _PARAMS[self]

    @staticmethod
    def plain(word: str) -> str:
        """Return a typed word as it is compared; a file's name ("bytetrack.yaml") is one too."""
        return Word.plain(word).removesuffix(".yaml").removesuffix(".yml")


_PARAMS: dict[TrackerName, type[TrackerParams]] = {
    TrackerName.BYTETRACK: ByteTrackParams,
    TrackerName.SORT: SortParams,
    TrackerName.OCSORT: OcSortParams,
    TrackerName.BOTSORT: BotSortParams,
    TrackerName.CBIOU: CBIoUParams,
    TrackerName.HYBRIDSORT: HybridSortParams,
    TrackerName.TRACKTRACK: TrackTrackParams,
    TrackerName.FASTTRACK: FastTrackParams,
    TrackerName.BOOSTTRACK: BoostTrackParams,
}


def load_params(tracker: str | Path | TrackerParams = "bytetrack", **overrides: Any) -> TrackerParams:
    """Return parameters from a tracker's name, a YAML path or parameters, with single values replaced.

    Raises:
        TrackerError: unknown tracker or parameter, a file that is no YAML mapping, a value out of range.
    """
    if isinstance(tracker, TrackerParams):
        _check_names(overrides, type(tracker), "")
        return replace(tracker, **overrides)
    config = read_config(tracker)
    _check_names(overrides, config.params_type, "")
    _check_names(config.values, config.params_type, f"{config.path}: ")
    return config.params_type(**{**config.values, **overrides})


@dataclass(frozen=True, slots=True)
class TrackerConfig:
    """What a tracker's YAML says, not judged yet.

    Attributes:
        path: the file.
        params_type: the dataclass of its tracker's parameters.
        values: parameters by name, as far as the file has them.
        own: whether it is the user's file; what a name stands for is ours.
    """

    path: Path
    params_type: type[TrackerParams]
    values: Mapping[str, Any]
    own: bool


def read_config(tracker: str | Path) -> TrackerConfig:
    """Read the YAML that a name stands for, or the user's.

    Raises:
        TrackerError: unknown tracker, a file that is no YAML mapping.
    """
    path = expand(tracker, TrackerError)
    own = path.suffix in (".yaml", ".yml") and path.is_file()
    if not own:
        if path.name != str(tracker):
            raise TrackerError(f"{tracker}: no such tracker file", hint="give a YAML file, or the name bytetrack")
        path = TrackerName.parse(str(tracker)).config
    values = read_values(path)
    params = TrackerName.parse(str(values.pop("tracker_type", TrackerName.BYTETRACK))).params_type
    return TrackerConfig(path, params, values, own)


def every_name() -> frozenset[str]:
    """Return the names of all trackers' parameters."""
    return frozenset(name for params in _PARAMS.values() for name in known_names(params))


def _check_names(values: Mapping[str, Any], params: type[TrackerParams], where: str) -> None:
    names = known_names(params)
    for name in values:
        if name in names:
            continue
        owners = [owner.value for owner, theirs in _PARAMS.items() if name in known_names(theirs)]
        said = f"; it is a parameter of {' and '.join(owners)}" if owners else nearest(name, names)
        raise TrackerError(
            f"{where}{params.tracker_type} has no parameter {name!r}{said}",
            hint=f"its parameters: {', '.join(names)}",
        )
