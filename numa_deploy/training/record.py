"""results.csv: one row an epoch, appended as it goes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from numa_runtime.files import atomic_path

Follow = Callable[[Mapping[str, float | int]], None]
"""Is given every row when it is written."""


class Record:
    """The rows of a training, kept on disk; a resumed one drops those after where it goes on.

    Args:
        path: results.csv.
        epoch: the last one that counts.
        followers: are given every row.
    """

    def __init__(self, path: Path, epoch: int = 0, followers: Sequence[Follow] = ()) -> None:
        self.path, self._followers = path, followers
        self.rows: list[dict[str, str]] = []
        if path.is_file() and epoch:
            with path.open(newline="", encoding="utf-8") as file:
                self.rows = [row for row in csv.DictReader(file) if int(row["epoch"]) <= epoch]

    def add(self, row: Mapping[str, float | int]) -> None:
        """Write one more row; where it has `seconds`, those of all rows so far as `time` too."""
        if "seconds" in row:
            row = {**row, "time": self.seconds + row["seconds"]}
        said = {name: f"{value:.6g}" if isinstance(value, float) else str(value) for name, value in row.items()}
        self.rows.append(said)
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        with atomic_path(self.path) as part, part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(self.rows)
        for follow in self._followers:
            follow(row)

    @property
    def seconds(self) -> float:
        """Seconds of all rows together."""
        return float(self.rows[-1].get("time") or 0) if self.rows else 0.0
