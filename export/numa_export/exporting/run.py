"""`export`: plan, trace, convert, prove, sample, and only then give the artifact its name."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_export.exporting.drafts import DRAFTS
from numa_export.exporting.engine import export_engine
from numa_export.exporting.job import Job, Opener
from numa_export.exporting.origin import NetworkOrigin, Origin, open_origin
from numa_export.exporting.proving import Proved, write_proved
from numa_export.exporting.report import ExportReport, Written
from numa_export.exporting.room import require_room
from numa_export.formats.engine_progress import Progress
from numa_export.formats.engine_tools import choose_toolkit
from numa_export.formats.exportable import Exportable
from numa_export.plan import RULES, ExportPlan, plan
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format
from numa_runtime.sessions.base import Session
from numa_runtime.sessions.tensorrt.cuda import Machine, probe_machine


def export(
    model: Exportable | str | Path,
    format: Format | str = Format.ONNX,
    *,
    images: Iterable[NDArray[np.uint8]],
    output: str | Path | None = None,
    source: str | Path | None = None,
    created: str = "",
    progress: Progress | None = None,
    opener: Opener | None = None,
    machine: Machine | None = None,
    **options: Any,
) -> ExportReport:
    """Write an artifact from a network or one of our ONNX files, and prove that it answers like its source.

    The reference is the network's own inference form in float32 (or the ONNX file), on the same letterboxed images.
    An engine is built from such a proved ONNX; where this machine cannot run it, that ONNX is its proof.

    Args:
        model: a network (an `Exportable`), or the path of one of our `.onnx` files.
        format: onnx, engine, openvino, torchscript, or an alias (tensorrt, trt).
        images: BGR uint8 photographs for the proof and the golden sample, one at least.
        output: the artifact's path, or an existing folder; beside the source by default.
        source: the file a network was built from (`best.pt`): named and hashed in the record.
        created: ISO 8601 time to record instead of now, for reproducible files.
        progress: called with a step's words and a share 0-1 (of the engine's build); returning False cancels.
        opener: opens the written file as a session; `numa_runtime.sessions.load` by default.
        machine: the NVIDIA side of this machine; asked of the driver by default.
        options: imgsz, batch, dynamic, half, opset, features, max_batch, max_imgsz, target, builder, workspace
            (`numa_export.plan.OPTIONS`; None means not given).

    Raises:
        UsageError: an option that cannot be meant (`numa_export.plan.plan`), no images, an impossible output.
        ModelError: the source cannot be exported, or the proof failed (the file is then kept as `*.rejected`).
        EngineError: the engine cannot be built. MissingExtra: a package is missing. SinkError: it cannot be written.
    """
    start = time.perf_counter()
    chosen = Format.parse(format)
    origin = open_origin(model, source, features=options.get("features") is True)
    wanted = plan(chosen, options, origin.given)
    photographs = _photographs(images)
    RULES[chosen].require(from_network=isinstance(origin, NetworkOrigin))
    job = Job(origin, wanted, _target(origin, wanted, output), photographs, created, opener or _load, progress)
    require_room(job.target, chosen, origin.size)
    made = _engine(job, machine or probe_machine()) if chosen is Format.ENGINE else _plain(job)
    return made.report(start)


class _Made:
    """What was written, ready to be reported."""

    def __init__(
        self, job: Job, proved: Proved, spec: ModelSpec, record: BuildRecord, also: tuple[Written, ...] = ()
    ) -> None:
        self.job, self.proved, self.spec, self.record, self.also = job, proved, spec, record, also

    def report(self, start: float) -> ExportReport:
        sample = self.proved.sample
        return ExportReport(
            path=self.job.target,
            source=self.job.origin.name,
            plan=self.job.plan,
            spec=self.spec,
            record=self.record,
            written=(*self.also, self.proved.written),
            parity=self.proved.parity,
            seconds=time.perf_counter() - start,
            golden_rows=sum(len(part.rows) for part in sample.expected),
            golden_chars=len(sample.to_text()),
        )


def _plain(job: Job) -> _Made:
    start = time.perf_counter()
    draft = DRAFTS[job.plan.format](job)
    proved = write_proved(job, draft, job.target, job.plan.format, start)
    return _Made(job, proved, draft.spec, draft.record)


def _engine(job: Job, machine: Machine) -> _Made:
    made = export_engine(job, choose_toolkit(job.plan, machine), machine)
    return _Made(job, made.proved, made.spec, made.record, (made.onnx,) if made.onnx else ())


def _load(path: Path) -> AbstractContextManager[Session]:
    from numa_runtime.sessions import load

    return load(path, device="auto" if path.suffix == ".engine" else "cpu")


def _photographs(images: Iterable[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    found = list(images)
    if not found:
        raise UsageError("an export needs at least one photograph to prove itself on", hint="--images FOLDER")
    return found


def _target(origin: Origin, wanted: ExportPlan, output: str | Path | None) -> Path:
    kind = wanted.format
    stem = origin.path.with_suffix("") if origin.path else Path(origin.spec.name or "network")
    default = kind.path_for(stem)
    target = default if output is None else Path(output).expanduser()
    if output is not None and target.is_dir() and not target.name.endswith(kind.suffix):
        target = target / default.name
    if not target.name.endswith(kind.suffix) or target.name == kind.suffix:
        raise UsageError(
            f"{target} does not end in {kind.suffix}, and {kind} does", hint=f"--output {target}{kind.suffix}"
        )
    if origin.path is not None and target.resolve() == origin.path.resolve():
        raise UsageError(
            f"{target} is the source itself; it is not overwritten", hint="choose another name with --output"
        )
    return target
