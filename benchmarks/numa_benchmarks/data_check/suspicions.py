"""What looks wrong in labelled data, by kind, each with where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_SHOWN, _KEPT = 3, 1000
"""How many of a kind are printed, and how many are kept for `--json`."""


@dataclass(slots=True)
class Suspicions:
    """Everything that looks wrong.

    Attributes:
        found: by kind, (file and frame, what is there).
        counts: by kind, how many there were; of a kind that is everywhere only the first are kept.
    """

    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, where: str, what: str) -> None:
        """Note one thing."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        kept = self.found.setdefault(kind, [])
        if len(kept) < _KEPT:
            kept.append((where, what))

    def __len__(self) -> int:
        return sum(self.counts.values())

    def lines(self) -> list[str]:
        """Return a line a kind, and the first places of each below it."""
        lines: list[str] = []
        for kind, places in self.found.items():
            lines.append(f"suspicious: {self.counts[kind]} x {kind}")
            lines += [f"  {where}: {what}" for where, what in places[:_SHOWN]]
            if self.counts[kind] > _SHOWN:
                lines.append(f"  and {self.counts[kind] - _SHOWN:,} more")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the key of `--json`."""
        return {
            "suspicious": [
                {
                    "kind": kind,
                    "count": self.counts[kind],
                    "places": [{"where": where, "what": what} for where, what in places],
                }
                for kind, places in self.found.items()
            ]
        }
