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
from numa_export.exporting.export_report import ExportReport, Written
from numa_export.exporting.job import ExportJob, Opener
from numa_export.exporting.origin import NetworkOrigin, Origin, open_origin
from numa_export.exporting.proving import write_proved
from numa_export.exporting.room import require_room
from numa_export.formats.engine_progress import Progress
from numa_export.formats.engine_tools import choose_toolkit
from numa_export.formats.exportable import Exportable
from numa_export.plan import RULES, ExportPlan, asked_form, plan
from numa_runtime.errors import UsageError
from numa_runtime.formats import Format
from numa_runtime.paths import expand
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
        output: the artifact's path, or an existing folder; next to the source by default.
        source: the file a network was built from (`best.pt`): named and hashed in the record.
        created: ISO 8601 time to record instead of now, for reproducible files.
        progress: called with a step's words and a share 0-1 (of the engine's build); returning False cancels.
        opener: opens the written file as a session; `numa_runtime.sessions.load` by default.
        machine: the NVIDIA side of this machine; asked of the driver by default.
        options: imgsz, batch, dynamic, half, opset, features, ball_frames, max_batch, max_imgsz, target, builder,
            workspace (`numa_export.plan.OPTIONS`; None means not given).

    Raises:
        UsageError: an option that makes no sense (`numa_export.plan.plan`), no images, an impossible output.
        ModelError: the source cannot be exported, or the proof failed (the file is then kept as `*.rejected`).
        EngineError: the engine cannot be built. MissingExtra: a package is missing. SinkError: it cannot be written.
    """
    start = time.perf_counter()
    chosen = Format.parse(format)
    origin = open_origin(model, source, asked_form(options))
    wanted = plan(chosen, options, origin.given)
    photographs = _photographs(images)
    RULES[chosen].require(from_network=isinstance(origin, NetworkOrigin), builder=wanted.builder)
    job = ExportJob(origin, wanted, _output(origin, wanted, output), photographs, created, opener or _load, progress)
    require_room(job.output, chosen, origin.size)
    if chosen is Format.ENGINE:
        here = machine or probe_machine()
        written = export_engine(job, choose_toolkit(wanted, here), here)
    else:
        written = (_export_plain(job),)
    return ExportReport(origin.name, wanted, written, time.perf_counter() - start)


def _export_plain(job: ExportJob) -> Written:
    start = time.perf_counter()
    return write_proved(job, DRAFTS[job.plan.format](job), job.output, job.plan.format, start)


def _load(path: Path) -> AbstractContextManager[Session]:
    from numa_runtime.sessions import load

    return load(path, device="auto" if Format.of(path) is Format.ENGINE else "cpu")


def _photographs(images: Iterable[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    found = list(images)
    if not found:
        raise UsageError("an export needs at least one photograph to prove itself on", hint="--images FOLDER")
    return found


def _output(origin: Origin, wanted: ExportPlan, asked: str | Path | None) -> Path:
    format = wanted.format
    stem = origin.path.with_suffix("") if origin.path else Path(origin.spec.name or "network")
    default = format.path_for(stem)
    path = default if asked is None else expand(asked)
    if asked is not None and path.is_dir() and not path.name.endswith(format.suffix):
        path = path / default.name
    if not path.name.endswith(format.suffix) or path.name == format.suffix:
        raise UsageError(
            f"{path} does not end in {format.suffix}, and {format} does", hint=f"--output {path}{format.suffix}"
        )
    if origin.path is not None and path.resolve() == origin.path.resolve():
        raise UsageError(
            f"{path} is the source itself; it is not overwritten", hint="choose another name with --output"
        )
    return path
