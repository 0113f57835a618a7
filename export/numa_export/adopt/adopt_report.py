"""What an adoption did, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_export.proof import ParityReport
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.contract.family import Family
from numa_runtime.sessions.describe import spec_rows
from numa_runtime.words import count


@dataclass(frozen=True, slots=True)
class AdoptReport:
    """The artifact, its contract, the proof, and how large its golden sample is (rows, characters).

    `reading` describes the foreign file: what the family says of it lies in no file, so it is told.
    """

    path: Path
    source: Path
    family: Family
    reading: ModelSpec
    spec: ModelSpec
    record: BuildRecord
    parity: ParityReport
    size_mb: float
    seconds: float
    golden_rows: int
    golden_chars: int

    def lines(self) -> list[str]:
        """Return the report as the command line prints it."""
        model_input = self.spec.input
        size = f"{model_input.height or 'any'}x{model_input.width or 'any'}"
        outputs = ", ".join(output.name for output in self.spec.outputs)
        classes = self.spec.names or self.spec.ball_names
        head = f"{self.source.name}  {self.family} {self.spec.task}, {count(len(classes), 'class', 'classes')}"
        return [
            f"{head}  {model_input.planes}x{size} {model_input.dtype} -> {outputs}",
            f"onnx   {self.size_mb:.1f} MB  {self.record.precision}  {self.seconds:.1f} s  {self.path}",
            f"read   {self.reading.layout}: {self._told()['pixels']}; {self._told()['defaults']}",
            *self.parity.lines(),
            f"golden {self.golden_rows} rows stored ({self.golden_chars / 1000:.0f} kB)",
        ]

    def _told(self) -> dict[str, str]:
        return dict(spec_rows(self.reading))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys."""
        return {
            "path": str(self.path),
            "source": str(self.source),
            "family": self.family.value,
            "source_layout": self.reading.layout.value,
            "source_pixels": self._told()["pixels"],
            "format": "onnx",
            "task": self.spec.task.value,
            "precision": self.record.precision,
            "size_mb": self.size_mb,
            "adopt_s": self.seconds,
            "golden_rows": self.golden_rows,
            "proof": self.parity.to_dict(),
        }
