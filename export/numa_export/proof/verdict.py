"""What happens to a file whose proof fails: it is kept next to the requested name, and the run fails."""

from __future__ import annotations

from pathlib import Path

from numa_export.proof.parity_report import ParityReport
from numa_runtime.errors import ModelError
from numa_runtime.files import discard


def rejected_path(output: Path) -> Path:
    """Return where a file goes that failed its proof: `name.onnx.rejected`."""
    return output.with_name(f"{output.name}.rejected")


def enforce(report: ParityReport, written: Path, output: Path) -> None:
    """Do nothing when the proof holds; else move `written` to `output`'s rejected name and raise.

    Raises:
        ModelError: the proof failed; says why, and where the file is.
    """
    if report.passed:
        return
    kept = rejected_path(output)
    discard(kept)
    written.replace(kept)
    reasons = "; ".join(report.failures())
    raise ModelError(
        f"{output.name} does not answer like its source: {reasons}",
        hint=f"the file is kept as {kept} for a closer look; do not ship it",
    )
