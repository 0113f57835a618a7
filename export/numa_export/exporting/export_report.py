"""What an export did, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numa_export.plan import ExportPlan
from numa_export.proof import ParityReport
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.formats import Format
from numa_runtime.golden import GoldenSample


@dataclass(frozen=True, slots=True)
class Written:
    """One artifact that has its final name: how large it is, how long it took, its contract, and what proves it.

    `words` say what it is ("mixed fp16"). `parity` and `sample` are its own, or, for an engine that this machine
    cannot run, those of the ONNX it was built from.
    """

    format: Format
    path: Path
    size_mb: float
    seconds: float
    words: str
    spec: ModelSpec
    record: BuildRecord
    parity: ParityReport
    sample: GoldenSample


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote: the artifact comes last, after what was written on the way to it (an engine's ONNX)."""

    source: str
    plan: ExportPlan
    written: tuple[Written, ...]
    seconds: float

    @property
    def artifact(self) -> Written:
        """What was asked for."""
        return self.written[-1]

    @property
    def path(self) -> Path:
        """The artifact's file or folder."""
        return self.artifact.path

    @property
    def spec(self) -> ModelSpec:
        """The artifact's contract."""
        return self.artifact.spec

    @property
    def record(self) -> BuildRecord:
        """How the artifact was made."""
        return self.artifact.record

    @property
    def parity(self) -> ParityReport:
        """The artifact's proof."""
        return self.artifact.parity

    @property
    def golden_rows(self) -> int:
        """Rows of the golden sample that the artifact carries."""
        return self.artifact.sample.rows

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
        golden = f"{self.golden_rows} rows stored ({len(self.artifact.sample.to_text()) / 1000:.0f} kB)"
        return [*lines, f"{'golden':<{width}}{golden}"]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, units in the keys."""
        return {
            "path": str(self.path),
            "source": self.source,
            "format": self.plan.format.value,
            "task": self.spec.task.value,
            "precision": self.record.precision,
            "size_mb": self.artifact.size_mb,
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
        model_input = self.spec.input
        size = f"{model_input.planes}x{model_input.height or 'any'}x{model_input.width or 'any'}"
        batch = "" if model_input.batch == 1 else f"{model_input.batch or 'any'} x "
        name = f"{self.spec.name}  " if self.spec.name not in ("", self.source) else ""
        return f"{name}{batch}{size} {model_input.dtype} -> {', '.join(output.name for output in self.spec.outputs)}"
