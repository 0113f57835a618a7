"""`import`: another tool's checkpoint becomes one of ours, and what became of every tensor is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_runtime.errors import ModelError, UsageError, require
from numa_runtime.paths import expand
from numa_runtime.sessions.checkpoint_file import Origin, foreign_checkpoint, is_importable, origin_of

if TYPE_CHECKING:
    from numa_deploy.network.foreign.report import ImportReport


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written, and the account of it."""

    path: Path
    report: ImportReport

    def lines(self) -> list[str]:
        """Return the account as text."""
        return [*self.report.lines(), f"written    {self.path}"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {"path": str(self.path), **self.report.to_dict()}


def import_weights(model: str | Path, output: str | Path | None = None) -> Imported:
    """Write a checkpoint of ours from an Ultralytics one: YOLOv8, YOLO11, YOLO26, detect and pose.

    Neither ultralytics nor anything inside the file is run.

    Args:
        model: the foreign `.pt`; also of the multitask predecessor, whose grouped head is rearranged.
        output: what to write; MODEL-numa.pt next to it by default.

    Raises:
        UsageError: the output is the foreign file itself.
        ModelError: damaged, of another tool, or with parts that have no counterpart here.
        MissingExtra: torch is not installed.
        SinkError: the output cannot be written.
    """
    path = expand(model)
    _check(path)
    require(f"reading the weights of {path.name}", "torch")
    final = path.with_name(f"{path.stem}-numa.pt") if output is None else expand(output)
    if final.exists() and final.samefile(path):
        raise UsageError(f"{final} is the file that is imported", hint=f"omit --output: {path.stem}-numa.pt is written")
    from numa_deploy.network.checkpoint import save
    from numa_deploy.network.foreign.reading import read_foreign
    from numa_deploy.network.foreign.report import ACCOUNT_KEY

    foreign = read_foreign(path)
    save(foreign.network, final, {ACCOUNT_KEY: foreign.report.to_plain()})
    return Imported(final, foreign.report)


def _check(path: Path) -> None:
    """Refuse what is not Ultralytics', without torch."""
    if not path.is_file():
        raise ModelError(f"there is no checkpoint {path}")
    if is_importable(path):
        return
    if origin_of(path) is Origin.NUMA:
        raise ModelError(
            f"{path.name} is a checkpoint of numa-deploy already", hint=f"--model {path} takes it as it is"
        )
    raise foreign_checkpoint(path) or ModelError(
        f"{path.name} is not an Ultralytics checkpoint, or a truncated one",
        hint="detect and pose networks of YOLOv8, YOLO11 and YOLO26 are imported; ONNX files: numa-deploy adopt",
    )
