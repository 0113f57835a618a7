"""What benchmark and worker say to each other: one JSON object a line.

The benchmark writes `{"do": "time", "frames": 5}`. The worker answers with any number of `{"progress": [3, 24]}`
and `{"warning": "..."}` and then one of `{"ok": {...}}` and `{"error": {"kind": ..., "what": ..., "hint": ...}}`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self


class Step(StrEnum):
    """What a worker can be asked to do, in the order it makes sense."""

    LOAD = "load"
    STATS = "stats"
    VALIDATE = "validate"
    TIME = "time"
    QUIT = "quit"

    @property
    def doing(self) -> str:
        """The step as a sentence's end: "while loading"."""
        return {"stats": "measuring memory", "time": "being timed", "load": "loading the model"}.get(
            self.value, f"{self.value.rstrip('e')}ing"
        )


class _Message:
    """Reads itself from an answer's object; keys it does not have are passed over."""

    __slots__ = ()

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        return cls(**{field.name: data[field.name] for field in fields(cls)})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Loaded(_Message):
    """A model that gave its first result.

    Attributes:
        load_s: seconds to open it, imports of its backend included.
        precision: as its build record says ("fp16"), "" where it has none.
        runs_on: backend and device in words.
        imgsz: height and width the network saw the first image at.
    """

    load_s: float
    precision: str
    runs_on: str
    imgsz: list[int]


@dataclass(frozen=True, slots=True)
class Stats(_Message):
    """Resident memory of the worker's process, megabytes (1e6 bytes)."""

    rss_mb: float


@dataclass(frozen=True, slots=True)
class Timed(_Message):
    """Milliseconds of each frame of a turn, by stage; the lists are of equal length."""

    preprocess: list[float]
    inference: list[float]
    postprocess: list[float]

    @property
    def total(self) -> list[float]:
        """Milliseconds of the whole frame."""
        return [sum(stages) for stages in zip(self.preprocess, self.inference, self.postprocess, strict=True)]

    def __add__(self, other: Timed) -> Timed:
        return Timed(
            self.preprocess + other.preprocess, self.inference + other.inference, self.postprocess + other.postprocess
        )
