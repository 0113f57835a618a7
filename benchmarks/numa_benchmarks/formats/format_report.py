"""FormatReport: the rows with what they were measured on, as text, Markdown and JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.formats.row import FormatRow
from numa_benchmarks.formats.table import markdown_table, text_table
from numa_runtime.files import atomic_path
from numa_runtime.words import count


@dataclass(frozen=True, slots=True)
class FormatReport:
    """A finished benchmark.

    Attributes:
        model: its name, for people.
        data: its name, for people.
        images: how many were scored.
        rows: one per format.
        environment: as `numa_benchmarks.timing.machine` gives it.
    """

    model: str
    data: str
    images: int
    rows: tuple[FormatRow, ...]
    environment: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write `benchmark.json` and `benchmark.md` into a folder, each whole or not at all.

        Raises:
            SinkError: not writable, or the disk is full.
        """
        texts = {"benchmark.json": json.dumps(self.to_dict(), indent=2) + "\n", "benchmark.md": self.markdown()}
        for name, text in texts.items():
            with atomic_path(folder / name) as part:
                part.write_text(text, encoding="utf-8")

    @property
    def complete(self) -> bool:
        """Whether every row was measured and scored."""
        return all(row.ok and not row.reason for row in self.rows)

    def lines(self) -> list[str]:
        """Return the table as people read it."""
        return text_table(self.rows)

    def __str__(self) -> str:
        return "\n".join([*self.lines(), self.footnote()])

    def markdown(self) -> str:
        """Return the table for a README, with what it was measured on."""
        return "\n".join([*markdown_table(self.rows), "", self.footnote(), ""])

    def footnote(self) -> str:
        """Return one sentence about model, data and machine."""
        place, packages = self.environment, self.environment["packages"]
        engines = ", ".join(
            f"{name} {packages[name]}" for name in ("onnxruntime", "openvino", "torch") if name in packages
        )
        sizes = dict.fromkeys("x".join(map(str, row.imgsz)) for row in self.rows if row.imgsz)
        at = f" at {' and '.join(sizes)}" if sizes else ""
        return (
            f"{self.model}{at} on {self.data} ({count(self.images, 'image')}), {place['cpu']}, "
            f"{place['threads']} threads, {engines}, {place['date'][:10]}; milliseconds per frame, "
            "formats timed in turns."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: model, data, images, rows, environment."""
        return {
            "model": self.model,
            "data": self.data,
            "images": self.images,
            "rows": [row.to_dict() for row in self.rows],
            "environment": self.environment,
        }
