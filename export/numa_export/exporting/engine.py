"""The engine: built from an ONNX that was proved, and proved itself where this machine can run it."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from numa_export.exporting.drafts import OnnxDraft, onnx_draft
from numa_export.exporting.export_report import Written
from numa_export.exporting.job import ExportJob
from numa_export.exporting.proving import gpu_tolerance, make_sample, prove, write_proved
from numa_export.formats.engine import sidecar_text
from numa_export.formats.engine_builder import build_engine
from numa_export.formats.engine_ops import check_operators
from numa_export.formats.engine_tools import Toolkit
from numa_export.proof import ParityReport, enforce, rejected_path
from numa_runtime.contract import BuildRecord
from numa_runtime.errors import DeviceError, EngineError, MissingExtra, ModelError
from numa_runtime.files import atomic_path, discard, size_mb
from numa_runtime.formats import Format
from numa_runtime.golden import GoldenSample
from numa_runtime.sessions.tensorrt.container import sidecar_path
from numa_runtime.sessions.tensorrt.cuda import Machine

_Proof = tuple[ParityReport, GoldenSample]

_LOGGER = logging.getLogger("numa_runtime")


def export_engine(job: ExportJob, toolkit: Toolkit, machine: Machine) -> tuple[Written, ...]:
    """Write and prove the ONNX, build the engine from it, and prove the engine where it can run.

    Returns:
        The engine, and before it the ONNX next to it (not where the source is itself that ONNX).

    Raises:
        ModelError: out of tolerance, or a node that no engine has. EngineError: the builder refuses.
    """
    start = time.perf_counter()
    draft = onnx_draft(job)
    check_operators(draft.model, job.origin.name)
    with _onnx_output(job) as (path, is_kept):
        onnx = write_proved(job, draft, path, Format.ONNX, start)
    job.tell("building the engine")
    start = time.perf_counter()
    record = _record(job, toolkit, draft.record)
    serialized = build_engine(_bare(draft), toolkit, job.plan, draft.spec, record, progress=job.progress)
    parity, sample = _write(job, toolkit, machine, serialized, record, onnx)
    version = ".".join(toolkit.version.split(".")[:3])
    engine = replace(
        onnx,
        format=Format.ENGINE,
        path=job.output,
        size_mb=size_mb(job.output),
        seconds=time.perf_counter() - start,
        words=f"{toolkit.flavour} {version}, {toolkit.target_words}, {onnx.words}",
        record=record,
        parity=parity,
        sample=sample,
    )
    return (onnx, engine) if is_kept else (engine,)


def _record(job: ExportJob, toolkit: Toolkit, record: BuildRecord) -> BuildRecord:
    """Return the ONNX file's build record with who builds the engine, and for what."""
    return replace(
        record,
        builder=str(toolkit.flavour),
        builder_version=toolkit.version,
        compute_capability="" if toolkit.target.capability is None else str(toolkit.target),
        profiles=(str(job.plan.profile),) if job.plan.profile else (),
    )


def _bare(draft: OnnxDraft) -> bytes:
    """Return the graph without the contract: the parser drops it, and the engine carries its own."""
    del draft.model.metadata_props[:]
    data: bytes = draft.model.SerializeToString()
    return data


@contextmanager
def _onnx_output(job: ExportJob) -> Iterator[tuple[Path, bool]]:
    """Yield where the ONNX goes and whether it stays: next to the engine, for machines that cannot run that.

    A source that is an ONNX file is never written over, and is there already.
    """
    if job.origin.path is None or job.origin.path.suffix != ".onnx":
        yield job.output.with_suffix(".onnx"), True
        return
    name = job.output.with_suffix(".onnx").name
    with tempfile.TemporaryDirectory(prefix="numa-export-") as folder:
        try:
            yield Path(folder) / name, False
        except ModelError as error:
            rejected = rejected_path(Path(folder) / name)
            if not rejected.is_file():
                raise
            kept = rejected_path(job.output.with_suffix(".onnx"))
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(rejected, kept)
            raise ModelError(error.what, hint=error.hint.replace(str(rejected), str(kept))) from error


def _write(
    job: ExportJob, toolkit: Toolkit, machine: Machine, serialized: bytes, record: BuildRecord, onnx: Written
) -> _Proof:
    """Write the engine with its sidecar; return its own proof, or its ONNX file's where it does not run here."""
    proof = replace(onnx.parity, note=_through(toolkit)), onnx.sample
    # The engine gets its name first: it carries the contract itself, and a sidecar alone would describe nothing.
    with atomic_path(sidecar_path(job.output)) as side, atomic_path(job.output) as part:
        part.write_bytes(serialized)
        if _runs_here(toolkit, machine):
            proof = _prove_here(job, toolkit, part, sidecar_text(onnx.spec, record)) or proof
            enforce(proof[0], part, job.output)
        side.write_text(sidecar_text(onnx.spec, record, proof[1].to_text()), encoding="utf-8")
    return proof


def _runs_here(toolkit: Toolkit, machine: Machine) -> bool:
    wanted = toolkit.target.capability
    return any(wanted in (None, gpu.capability) and gpu.capability >= 80 for gpu in machine.gpus[:1])


def _prove_here(job: ExportJob, toolkit: Toolkit, part: Path, sidecar: str) -> _Proof | None:
    """Run the engine itself; None, with a warning, where this machine turns out not to be able to."""
    sidecar_file = sidecar_path(part)
    try:
        sidecar_file.write_text(sidecar, encoding="utf-8")
        with job.opener(part) as session:
            parity = prove(job, session, tolerance=gpu_tolerance(job.plan), note=f"run on {toolkit.target_words}")
            return parity, make_sample(job, session)
    except (EngineError, DeviceError, MissingExtra) as error:
        _LOGGER.warning("the engine was built and cannot be run here, so its ONNX proves it: %s", error.what)
        return None
    finally:
        discard(sidecar_file)


def _through(toolkit: Toolkit) -> str:
    gpu = "a GPU" if toolkit.target.capability is None else f"an {toolkit.target_words} GPU"
    return f"through the ONNX: {gpu} is needed to run the engine"
