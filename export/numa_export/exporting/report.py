"""What an export did, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_export.plan import ExportPlan
from numa_export.proof import ParityReport
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.formats import Format


@dataclass(frozen=True, slots=True)
class Written:
    """One artifact that was written: how large, how long it took, and what it is in words ("mixed fp16")."""

    format: Format
    path: Path
    size_mb: float
    seconds: float
    words: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The artifact, its contract, the proof, and everything that was written on the way (an engine's ONNX)."""

    path: Path
    source: str
    plan: ExportPlan
    spec: ModelSpec
    record: BuildRecord
    written: tuple[Written, ...]
    parity: ParityReport
    seconds: float
    golden_rows: int
    golden_chars: int

    def lines(self) -> list[str]:
        """Return the report as the command line prints it."""
        width = max(len("proof"), *(len(item.format) for item in self.written)) + 2
        lines = [f"{self.source}  {self._title()}"]
        lines += [
            f"{item.format.value:<{width}}{item.size_mb:.1f} MB  {item.seconds:.1f} s  {item.words}  {item.path}"
            for item in self.written
        ]
        # The proof's own lines are indented by seven characters.
        lines += [f"{line[:7].strip():<{width}}{line[7:]}" for line in self.parity.lines()]
        golden = f"{self.golden_rows} rows stored ({self.golden_chars / 1000:.0f} kB)"
        return [*lines, f"{'golden':<{width}}{golden}"]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys."""
        last = self.written[-1]
        return {
            "path": str(self.path),
            "source": self.source,
            "format": self.plan.format.value,
            "task": self.spec.task.value,
            "precision": self.record.precision,
            "size_mb": last.size_mb,
            "export_s": self.seconds,
            "options": dict(self.record.options),
            "compute_capability": self.record.compute_capability,
            "written": [
                {"format": item.format.value, "path": str(item.path), "size_mb": item.size_mb, "s": item.seconds}
                for item in self.written
            ],
            "golden_rows": self.golden_rows,
            "proof": self.parity.to_dict(),
        }

    def _title(self) -> str:
        door = self.spec.input
        size = f"{door.planes}x{door.height or 'any'}x{door.width or 'any'}"
        batch = "" if door.batch == 1 else f"{door.batch or 'any'} x "
        name = f"{self.spec.name}  " if self.spec.name not in ("", self.source) else ""
        return f"{name}{batch}{size} {door.dtype} -> {', '.join(output.name for output in self.spec.outputs)}"
