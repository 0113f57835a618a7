"""Write, prove that very file, sample it, and only then give it its name."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

from numa_export.exporting.drafts import Draft
from numa_export.exporting.export_report import Written
from numa_export.exporting.job import ExportJob
from numa_export.plan import ExportPlan, Precision
from numa_export.proof import ParityReport, Tolerance, compare, enforce
from numa_export.proof.batches import letterboxed
from numa_runtime import golden
from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.files import atomic_path, size_mb
from numa_runtime.formats import Format
from numa_runtime.sessions.base import Session


def write_proved(job: ExportJob, draft: Draft, output: Path, format: Format, start: float) -> Written:
    """Write a draft to `output`, complete and proved, or not at all; `start` is when its making began.

    Raises:
        ModelError: out of tolerance; the file is kept as `*.rejected`.
        SinkError: it cannot be written.
    """
    _free(output, format)
    with atomic_path(output) as part:
        draft.write(part, output, None)
        job.tell("proving")
        with job.opener(part) as session:
            parity = prove(job, session)
            enforce(parity, part, output)
            sample = make_sample(job, session)
        draft.write(part, output, sample.to_text())
    words = job.plan.precision.words + (", any size" if job.plan.dynamic else "")
    seconds = time.perf_counter() - start
    return Written(format, output, size_mb(output), seconds, words, draft.spec, draft.record, parity, sample)


def prove(job: ExportJob, session: Session, *, tolerance: Tolerance | None = None, note: str = "") -> ParityReport:
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


def make_sample(job: ExportJob, session: Session) -> golden.GoldenSample:
    """Return the golden sample of the artifact that is open."""
    return golden.make_sample(
        session, job.images, precision=job.plan.precision.value, size=job.plan.size, backend=session.backend
    )


def gpu_tolerance(plan: ExportPlan) -> Tolerance:
    """Return the limits for an engine run on its GPU: float32 convolutions run in TF32 there, with half's mantissa."""
    precision = Precision.FP16 if plan.precision is Precision.FP32 else plan.precision
    return Tolerance.for_precision(precision.value)


def _free(output: Path, format: Format) -> None:
    """Refuse to put an artifact where something else lies."""
    if output.is_dir() and not format.is_folder:
        raise UsageError(f"{output} is a folder; {format} is a file", hint="choose another --output")
    if format.is_folder and output.exists() and not (output.is_dir() and any(output.glob("*.xml"))):
        raise UsageError(f"{output} exists and is not an OpenVINO model", hint="remove it or choose another --output")
