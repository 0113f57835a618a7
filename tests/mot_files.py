"""Ground truth in the MOT layout, as the tests write it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from numa_benchmarks.labels.mot import MotTable


def mot_lines(table: MotTable) -> Iterable[str]:
    """Yield one line per row, coordinates with two decimals as trackers write them."""
    columns = (table.frame, table.id, table.ltwh, table.conf, table.kind, table.visibility)
    for frame, track, box, conf, kind, seen in zip(*(column.tolist() for column in columns), strict=True):
        left, top, width, height = box
        yield f"{frame},{track},{left:.2f},{top:.2f},{width:.2f},{height:.2f},{conf:.6g},{kind:.6g},{seen:.6g}"


def write_mot(path: Path, table: MotTable) -> None:
    """Write a table; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in mot_lines(table)), encoding="utf-8")
