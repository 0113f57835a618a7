"""Write, prove that very file, sample it, and only then give it its name."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from numa_export.exporting.drafts import Draft
from numa_export.exporting.job import Job
from numa_export.exporting.report import Written
from numa_export.plan import ExportPlan, Precision
from numa_export.proof import ParityReport, Tolerance, compare, enforce
from numa_export.proof.batches import letterboxed
from numa_runtime import golden
from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.files import atomic_path
from numa_runtime.formats import Format
from numa_runtime.sessions.base import Session


@dataclass(frozen=True, slots=True)
class Proved:
    """An artifact that has its final name, and what proves it."""

    written: Written
    parity: ParityReport
    sample: golden.GoldenSample


def write_proved(job: Job, draft: Draft, target: Path, kind: Format, start: float) -> Proved:
    """Write a draft to `target`, complete and proved, or not at all; `start` is when its making began.

    Raises:
        ModelError: out of tolerance; the file is kept as `*.rejected`.
        SinkError: it cannot be written.
    """
    _free(target, kind)
    with atomic_path(target) as part:
        draft.write(part, target, None)
        job.tell("proving")
        with job.opener(part) as session:
            parity = prove(job, session)
            enforce(parity, part, target)
            sample = make_sample(job, session)
        draft.write(part, target, sample.to_text())
    words = job.plan.precision.words + (", any size" if job.plan.dynamic else "")
    return Proved(Written(kind, target, size_mb(target), time.perf_counter() - start, words), parity, sample)


def prove(job: Job, session: Session, *, tolerance: Tolerance | None = None, note: str = "") -> ParityReport:
    """Run source and artifact on the same letterboxed images; a dynamic artifact at two sizes and two batches."""
    limits = tolerance or Tolerance.for_precision(job.plan.precision.value)
    runs = [letterboxed(session.spec, job.images, size, batch) for size, batch in proof_shapes(job.plan, session.spec)]
    with job.origin.reference() as reference:
        return compare(reference, session.run, chain.from_iterable(runs), tolerance=limits, note=note)


def proof_shapes(plan: ExportPlan, spec: ModelSpec) -> list[tuple[tuple[int, int], int]]:
    """Return ((height, width), batch) to prove at: the planned one, and a smaller rectangle in a pair if dynamic."""
    shapes = [(plan.size, plan.batch)]
    if plan.dynamic:
        height = max(2, plan.size[0] // spec.stride // 2) * spec.stride
        shapes.append(((height, plan.size[1]), 2 if plan.batch == 1 else 1))
    return shapes


def make_sample(job: Job, session: Session) -> golden.GoldenSample:
    """Return the golden sample of the artifact that is open."""
    return golden.make_sample(
        session, job.images, precision=job.plan.precision.value, size=job.plan.size, backend=session.backend
    )


def size_mb(path: Path) -> float:
    """Return a file's or folder's size in MB."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def gpu_tolerance(plan: ExportPlan) -> Tolerance:
    """Return the limits for an engine run on its GPU: float32 convolutions run in TF32 there, with half's mantissa."""
    precision = Precision.FP16 if plan.precision is Precision.FP32 else plan.precision
    return Tolerance.for_precision(precision.value)


def _free(target: Path, kind: Format) -> None:
    """Refuse to put an artifact where something else lies."""
    folder = kind.is_folder
    if target.is_dir() and not folder:
        raise UsageError(f"{target} is a folder; {kind} is a file", hint="choose another --output")
    if folder and target.exists() and not (target.is_dir() and any(target.glob("*.xml"))):
        raise UsageError(f"{target} exists and is not an OpenVINO model", hint="remove it or choose another --output")
