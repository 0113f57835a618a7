"""FormatReport: the rows with what they were measured on, as text, Markdown and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_benchmarks.formats.row import MAPS, FormatRow
from numa_benchmarks.formats.table import markdown_table, text_table
from numa_runtime.files import atomic_path
from numa_runtime.jsontext import json_text
from numa_runtime.results.tabular import as_csv, as_frame
from numa_runtime.words import count

_METRICS = dict(zip(MAPS, ("metrics/mAP50-95(B)", "metrics/mAP50-95(P)"), strict=True))


@dataclass(frozen=True, slots=True)
class FormatReport:
    """A finished benchmark.

    Attributes:
        model: its name, for people.
        data: its name, for people.
        images: how many were scored; of rallies their frames.
        unit: what they are, for people: "image" or "frame".
        rows: one per format.
        environment: as `numa_benchmarks.timing.machine` gives it.
    """

    model: str
    data: str
    images: int
    rows: tuple[FormatRow, ...]
    environment: dict[str, Any]
    unit: str = "image"

    def save(self, folder: Path) -> None:
        """Write `benchmark.json` and `benchmark.md` into a folder, each whole or not at all.

        Raises:
            SinkError: not writable, or the disk is full.
        """
        texts = {"benchmark.json": json_text(self.to_dict(), indent=2) + "\n", "benchmark.md": self.markdown()}
        for name, text in texts.items():
            with atomic_path(folder / name) as part:
                part.write_text(text, encoding="utf-8")

    @property
    def complete(self) -> bool:
        """Whether every row was measured and scored."""
        return all(row.ok and not row.reason for row in self.rows)

    @property
    def measured(self) -> bool:
        """Whether any row was measured."""
        return any(row.ok for row in self.rows)

    def lines(self, width: int | None = None) -> list[str]:
        """Return the table as people read it, in lines of at most `width`."""
        return text_table(self.rows, width)

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
            f"{self.model}{at} on {self.data} ({count(self.images, self.unit)}), {place['cpu']}, "
            f"{place['threads']} threads, {engines}, {place['date'][:10]}; milliseconds per frame, "
            "formats timed in turns."
        )

    def table_rows(self) -> list[dict[str, Any]]:
        """Return one flat dict per format under the column names that Ultralytics users know.

        mAP is from 0 to 1, of the keypoints where the model has any; what was not measured is None. A status of ✅ is
        measured, ❎ made but not measured, ❌ not made.
        """
        scored = {key for row in self.rows for key in MAPS if (row.metrics or {}).get(key) is not None}
        key = MAPS[-1] if MAPS[-1] in scored else MAPS[0]
        return [
            {
                " ": number,
                "Format": " ".join(filter(None, (row.format, "" if row.precision == "fp32" else row.precision))),
                "Status❔": "✅" if row.ok else "❌" if row.size_mb is None else "❎",
                "Size (MB)": None if row.size_mb is None else round(row.size_mb, 1),
                _METRICS[key]: (row.metrics or {}).get(key),
                "Inference time (ms/im)": None if row.latency is None else round(row.latency.inference.mean, 2),
                "FPS": None if row.latency is None else round(row.latency.fps, 2),
            }
            for number, row in enumerate(self.rows, start=1)
        ]

    def to_df(self) -> Any:
        """Return `table_rows()` as a DataFrame of pandas or polars.

        Raises:
            NumaError: neither is installed.
        """
        rows = self.table_rows()
        return as_frame(rows, list(rows[0]))

    def to_csv(self) -> str:
        """Return `table_rows()` as CSV text."""
        rows = self.table_rows()
        return as_csv(rows, list(rows[0]))

    def to_json(self) -> str:
        """Return `to_dict()` as JSON text."""
        return json_text(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: model, data, images, rows, environment."""
        return {
            "model": self.model,
            "data": self.data,
            "images": self.images,
            "rows": [row.to_dict() for row in self.rows],
            "environment": self.environment,
        }
