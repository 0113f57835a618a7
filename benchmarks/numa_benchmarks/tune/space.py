"""Where to search: the parameters' own ranges, and a way to values that always go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

from numa_runtime.errors import NumaError, UsageError, nearest
from numa_runtime.tracking.params import TrackerParams, describe

Value: TypeAlias = float | int | bool

BELOW = {"track_low_thresh": "track_high_thresh"}
"""Parameters that must lie below another: they are searched as a share of the room under it, so none can be illegal."""

PUBLISHED = ({"track_high_thresh": 0.6, "new_track_thresh": 0.7, "match_thresh": 0.9},)
"""Points worth a trial wherever the search starts: ByteTrack's own on MOT17 (Zhang et al. 2022), for sure detectors."""

APPEARANCE = ("proximity_thresh", "appearance_thresh", "pose_weight")
"""Parameters that say how appearance or poses count, which tuning does not see."""

_GAP = 0.01
_DIGITS = 3


class Trial(Protocol):
    """What is needed of an optuna trial."""

    def suggest_float(self, name: str, low: float, high: float) -> float: ...
    def suggest_int(self, name: str, low: int, high: int) -> int: ...
    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter's range: `choices` to choose from, or low to high, whole numbers only where `whole`."""

    name: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    choices: tuple[Any, ...] = ()

    def suggest(self, trial: Trial) -> Value:
        """Ask for a value."""
        if self.choices:
            chosen: Value = trial.suggest_categorical(self.name, self.choices)
            return chosen
        if self.whole:
            return trial.suggest_int(self.name, round(self.low), round(self.high))
        return trial.suggest_float(self.name, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Space:
    """The axes around a starting point; the starting point itself lies inside.

    Attributes:
        start: where the search starts.
        axes: what is searched.
        proposed: values by name that are worth a trial.
    """

    start: TrackerParams
    axes: tuple[Axis, ...]
    proposed: Mapping[str, Value] = field(default_factory=dict)

    def suggest(self, trial: Trial) -> TrackerParams:
        """Return legal parameters for a trial, numbers rounded so that a YAML can hold them."""
        asked = {axis.name: (Axis(axis.name) if axis.name in BELOW else axis).suggest(trial) for axis in self.axes}
        return self.decode(asked)

    def decode(self, asked: Mapping[str, Value]) -> TrackerParams:
        """Return the parameters that the values on the axes stand for."""
        axes = {axis.name: axis for axis in self.axes}
        values: dict[str, Any] = {name: _rounded(value) for name, value in asked.items() if name not in BELOW}
        for name, share in asked.items():
            if name in BELOW:
                low, high = _room(axes[name], values.get(BELOW[name], getattr(self.start, BELOW[name])))
                values[name] = _rounded(low + share * (high - low))
        return replace(self.start, **values)

    def known(self) -> tuple[TrackerParams, ...]:
        """Return the start, the published points and what is proposed, as far as these axes reach them."""
        names, found = {axis.name for axis in self.axes}, [self.start]
        for point in (*PUBLISHED, self.proposed):
            values: dict[str, Any] = {name: value for name, value in point.items() if name in names}
            with suppress(NumaError):  # a low threshold that is not searched may lie above
                found.append(replace(self.start, **values))
        return tuple(dict.fromkeys(found))

    def encode(self, params: TrackerParams) -> dict[str, Value]:
        """Return the values on the axes of parameters that lie inside the space."""
        found: dict[str, Value] = {}
        for axis in self.axes:
            value = getattr(params, axis.name)
            if axis.name in BELOW:
                low, high = _room(axis, getattr(params, BELOW[axis.name]))
                value = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0
            found[axis.name] = value
        return found


def search_space(start: TrackerParams, *, classes: int = 1, only: Sequence[str] = ()) -> Space:
    """Return the space around `start`: every parameter with a search range, or `only` those named.

    Parameters without an effect are omitted: appearance, poses, `per_class` for a single class, a buffer in frames
    where it is given in seconds, and what `start` forbids (`compat="classic"` has no `per_class`). A range is widened
    to hold its start.

    Args:
        start: the parameters searched around.
        classes: number of classes.
        only: names of parameters to search.

    Raises:
        UsageError: `only` names a parameter that has no search range, or nothing is left to search.
    """
    known = {name: info.search for name, info in describe(type(start)) if info.search is not None}
    for name in only:
        if name not in known:
            raise UsageError(
                f"{name!r} is not a parameter that can be tuned{nearest(name, list(known))}",
                hint=f"tunable: {', '.join(known)}",
            )
    useless = set(APPEARANCE) | ({"per_class"} if classes < 2 else set())
    if start.track_buffer_s is not None:
        useless.add("track_buffer")
    axes = [_axis(name, search, start) for name, search in known.items() if (not only or name in only)]
    chosen = tuple(axis for axis in axes if axis.name not in useless and _allowed(axis, start))
    if not chosen:
        raise UsageError("there is no parameter to search", hint=f"tunable: {', '.join(known)}")
    return Space(start, chosen)


def _axis(name: str, search: Sequence[Any], start: TrackerParams) -> Axis:
    value = getattr(start, name)
    if not _is_interval(search):
        return Axis(name, choices=tuple(search) if value in search else (*search, value))
    whole = all(isinstance(edge, int) for edge in (*search, value))
    low, high = min(search[0], value), max(search[1], value)
    if name in BELOW.values():  # something has to fit under it
        low = max(low, min(_GAP * 2, value))
    return Axis(name, low, high, whole)


def _is_interval(search: Sequence[Any]) -> bool:
    return len(search) == 2 and all(isinstance(edge, (int, float)) and not isinstance(edge, bool) for edge in search)


def _allowed(axis: Axis, start: TrackerParams) -> bool:
    """Whether `start` goes together with other values of this parameter alone."""
    if axis.name in BELOW or axis.name in BELOW.values():
        return True
    value = getattr(start, axis.name)
    for other in axis.choices or (axis.low, axis.high):
        if other == value:
            continue
        try:
            replace(start, **{axis.name: round(other) if axis.whole else other})
        except NumaError:
            return False
    return True


def _room(axis: Axis, above: float) -> tuple[float, float]:
    """Return where a value may lie that must stay below `above`."""
    high = min(axis.high, above - _GAP)
    return min(axis.low, high), max(high, 0.0)


def _rounded(value: Value) -> Value:
    return round(value, _DIGITS) if isinstance(value, float) else value
