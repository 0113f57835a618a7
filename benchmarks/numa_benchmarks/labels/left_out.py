"""What of labelled data was not taken over: counted, said, and no reason to throw the rest away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from numa_benchmarks.labels.errors import DataError

UNREADABLE = "image that cannot be read"
"""The reason of an image that is missing, damaged, or not the one its labels were made for."""


@dataclass(slots=True)
class Omission:
    """One kind of thing that was left out: how often, and where first."""

    reason: str
    count: int
    first: str

    def line(self) -> str:
        """Return it as a sentence."""
        where = f"first {self.first}" if self.count > 1 else self.first
        return f"{self.count} x {self.reason} ({where})"


@dataclass(slots=True)
class LeftOut:
    """Everything that was left out of a data set, by reason.

    Attributes:
        omissions: in the order in which each reason first occurred.
    """

    omissions: dict[str, Omission] = field(default_factory=dict)
    _errors: dict[str, DataError] = field(default_factory=dict)

    def add(self, reason: str, where: str) -> None:
        """Count one thing that was left out; `where` names it."""
        known = self.omissions.setdefault(reason, Omission(reason, 0, where))
        known.count += 1

    def refuse(self, reason: str, error: DataError) -> None:
        """Count something malformed; `error` says what is wrong with it."""
        self.add(reason, error.what)
        self._errors.setdefault(reason, error)

    def take(self, other: LeftOut) -> None:
        """Count what another one counted, too."""
        for omission in other:
            known = self.omissions.setdefault(omission.reason, Omission(omission.reason, 0, omission.first))
            known.count += omission.count
        for reason, error in other._errors.items():
            self._errors.setdefault(reason, error)

    @property
    def faulty(self) -> bool:
        """Whether something was left out that is wrong, not only something that changes no figure."""
        return bool(self._errors)

    def settle(self, whole: Mapping[str, int]) -> None:
        """Raise where more than half of all things of a kind were malformed: then the data is not what it seems.

        Args:
            whole: by reason, how many things there were, good ones included.

        Raises:
            DataError: the first error of that kind.
        """
        for reason, error in self._errors.items():
            if reason in whole and 2 * self.omissions[reason].count > whole[reason]:
                raise error

    def count(self, reason: str) -> int:
        """Return how many things were left out for a reason."""
        known = self.omissions.get(reason)
        return 0 if known is None else known.count

    def __len__(self) -> int:
        return sum(omission.count for omission in self)

    def __iter__(self) -> Iterator[Omission]:
        return iter(self.omissions.values())

    def lines(self) -> list[str]:
        """Return one sentence a reason."""
        return [f"left out: {omission.line()}" for omission in self]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the key of `--json`."""
        return {"left_out": [{"reason": o.reason, "count": o.count, "first": o.first} for o in self]}
