"""What an explanation is made of: events, and advice that was tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numa_runtime.explain.course import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter at another value."""

    name: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.name}={_short(self.new)} instead of {_short(self.old)}"


@dataclass(frozen=True, slots=True)
class Advice:
    """A change that was tried on the recording and did what `outcome` says.

    Attributes:
        changes: the parameters that were changed.
        outcome: what they did, to go on a sentence with.
        ids_before: how many ids the user sees over the whole recording without it.
        ids_after: how many ids the user sees over the whole recording with it.
    """

    changes: tuple[Change, ...]
    outcome: str
    ids_before: int
    ids_after: int

    def __str__(self) -> str:
        what = " and ".join(str(change) for change in self.changes)
        same = self.ids_after == self.ids_before
        ids = f"{self.ids_after} id" + ("" if self.ids_after == 1 else "s")
        effect = f"still {ids}" if same else f"{ids} instead of {self.ids_before}"
        return f"{what} {self.outcome} (tried: {effect} in all)"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "changes": {change.name: change.new for change in self.changes},
            "outcome": self.outcome,
            "ids_before": self.ids_before,
            "ids_after": self.ids_after,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """One turn in the life of an id.

    Attributes:
        number: the frame as the user counts it.
        time: seconds.
        text: sentences.
        caption: the line under the picture, which names the threshold.
        figures: the numbers behind the sentences.
        shows: positions of the frames for the picture (none: no picture).
        others: ids the picture should make out.
        advice: only what was tried.
    """

    kind: Kind
    position: int
    number: int
    time: float
    text: str
    caption: str
    figures: dict[str, Any] = field(default_factory=dict)
    shows: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    advice: tuple[Advice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values; time in seconds."""
        return {
            "event": self.kind.value,
            "frame": self.number,
            "time_s": round(self.time, 3),
            "text": self.text,
            "figures": self.figures,
            "advice": [advice.to_dict() for advice in self.advice],
        }


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
