"""A tracker's parameters: names, defaults, meaning, limits and search range in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from math import isfinite
from typing import Any, cast

from numa_runtime.errors import TrackerError, nearest


class Compat(StrEnum):
    """Whose semantics: ours, or the published ByteTrack's with its known defects."""

    MODERN = "modern"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class ParamInfo:
    """What a parameter means, what it may be (`within`, inclusive), and where tuning looks for it (`search`)."""

    doc: str
    within: tuple[float, float] | None = None
    search: tuple[float, float] | tuple[bool, ...] | None = None


def _param(default: Any, doc: str, *, within: tuple[float, float] | None = None, search: Any = None) -> Any:
    return field(default=default, metadata={"info": ParamInfo(doc, within, search)})


@dataclass(frozen=True, slots=True)
class ByteTrackParams:
    """ByteTrack's parameters under the names of its YAML (Zhang et al. 2022), and ours.

    Raises:
        TrackerError: a value out of its range or of the wrong type, low threshold not below the high one, a
            wish that `compat="classic"` cannot grant.
    """

    track_high_thresh: float = _param(
        0.25, "score from which a detection takes part in the first association", within=(0, 1), search=(0.1, 0.7)
    )
    track_low_thresh: float = _param(
        0.1, "score above which a detection takes part in the second association", within=(0, 1), search=(0.01, 0.3)
    )
    new_track_thresh: float = _param(
        0.25, "score from which a detection that matched nothing starts a track", within=(0, 1), search=(0.1, 0.8)
    )
    track_buffer: float = _param(
        30, "how long a lost track is kept, in frames at `frame_rate`", within=(0, 1e6), search=(10, 120)
    )
    match_thresh: float = _param(
        0.8, "first association: limit of the cost 1 - IoU (times score)", within=(0, 1), search=(0.5, 0.95)
    )
    fuse_score: bool = _param(True, "multiply IoU by the detection's score before comparing", search=(False, True))
    track_buffer_s: float | None = _param(None, "the buffer in seconds, instead of track_buffer", within=(0, 1e6))
    second_match_thresh: float = _param(
        0.5, "second association: limit of the cost 1 - IoU", within=(0, 1), search=(0.3, 0.9)
    )
    unconfirmed_match_thresh: float = _param(
        0.7, "tracks seen once: limit of the cost 1 - IoU (times score)", within=(0, 1), search=(0.5, 0.95)
    )
    duplicate_thresh: float = _param(
        0.15, "a tracked and a lost track nearer than this cost 1 - IoU are one", within=(0, 1), search=(0.05, 0.4)
    )
    birth_conf: float = _param(0.0, "track mode's conf: gates births only, beside new_track_thresh", within=(0, 1))
    per_class: bool = _param(False, "associate only detections of the track's class", search=(False, True))
    frame_rate: float = _param(
        30.0, "frames per second that buffers and the filter's noise are counted in", within=(0.01, 10_000)
    )
    compat: Compat = _param("modern", '"modern", or "classic" for the published semantics with their defects')  # noqa: RUF009

    def __post_init__(self) -> None:
        for name, info in describe(type(self)):
            object.__setattr__(self, name, _checked(name, getattr(self, name), info))
        if self.track_low_thresh >= self.track_high_thresh:
            raise TrackerError(
                f"track_low_thresh {self.track_low_thresh:g} must be below track_high_thresh "
                f"{self.track_high_thresh:g}: no detection could be low",
                hint=f"lower track_low_thresh, e.g. track_low_thresh={self.track_high_thresh / 2:g}",
            )
        if self.classic and (self.per_class or self.birth_conf or self.track_buffer_s is not None):
            wished = "per_class" if self.per_class else "birth_conf" if self.birth_conf else "track_buffer_s"
            raise TrackerError(
                f'compat="classic" has no {wished}: it reproduces the published tracker',
                hint=f"drop {wished} or compat",
            )

    @property
    def classic(self) -> bool:
        """Whether the published semantics are asked for."""
        return self.compat is Compat.CLASSIC

    @property
    def buffer_frames(self) -> float:
        """How long a lost track is kept, in nominal frames."""
        return self.track_buffer if self.track_buffer_s is None else self.track_buffer_s * self.frame_rate

    @property
    def birth_thresh(self) -> float:
        """Score from which a track starts."""
        return max(self.new_track_thresh, self.birth_conf)


def describe(params: type[ByteTrackParams]) -> Iterator[tuple[str, ParamInfo]]:
    """Yield each parameter's name and `ParamInfo`."""
    for item in fields(params):
        yield item.name, cast("ParamInfo", item.metadata["info"])


def _checked(name: str, value: Any, info: ParamInfo) -> Any:
    """Return `value` in its proper type, or raise what is wrong with it."""
    if name == "compat":
        if value not in list(Compat):
            raise TrackerError(
                f"compat={value!r} is unknown{nearest(str(value), [c.value for c in Compat])}",
                hint="use modern or classic",
            )
        return Compat(value)
    if info.within is None:
        if not isinstance(value, bool) and value not in (0, 1):
            raise TrackerError(f"{name}={value!r} is neither true nor false", hint=f"{name}: {info.doc}")
        return bool(value)
    if value is None and name == "track_buffer_s":
        return None
    low, high = info.within
    number = not isinstance(value, bool) and isinstance(value, (int, float))
    if not number or not isfinite(value) or not low <= value <= high:
        raise TrackerError(f"{name}={value!r} is not a number from {low:g} to {high:g}", hint=f"{name}: {info.doc}")
    return value


def known_names() -> tuple[str, ...]:
    """Return all parameter names."""
    return tuple(name for name, _ in describe(ByteTrackParams))
