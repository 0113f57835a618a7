"""The benchmark itself: make, open and validate each format, one after the other, then time all of them in turns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from numa_benchmarks.formats.row import MAPS, Entry, FormatRow, Latency
from numa_benchmarks.progress import Progress, Watch
from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.turns import Schedule, in_turns
from numa_benchmarks.timing.worker import ProcessWorker, Worker
from numa_runtime.files import size_mb

log = logging.getLogger("numa_runtime")
Starter = Callable[[Entry, float], Worker]


@dataclass(slots=True)
class _Run:
    limit_s: float
    watch: Watch
    start: Starter
    rows: dict[str, FormatRow] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)


def start_process(entry: Entry, limit_s: float) -> Worker:
    """Start the worker that an entry describes."""
    return ProcessWorker(entry.name, entry.worker, limit_s)


def run_format_benchmark(
    entries: Sequence[Entry],
    schedule: Schedule,
    limit_s: float,
    *,
    watch: Watch | None = None,
    start: Starter = start_process,
) -> tuple[FormatRow, ...]:
    """Fill one row per entry, in their order; a format that fails, crashes or hangs harms its own row only.

    Args:
        entries: the rows wanted, in their order.
        schedule: whose turn to be timed comes when.
        limit_s: the longest an export may take, and the longest a worker may be silent.
        watch: is told what happens.
        start: how a worker is started; a process by default.
    """
    run = _Run(limit_s, watch or Watch(), start)
    try:
        for entry in entries:
            run.rows[entry.name] = _prepare(run, entry)
        _time(run, schedule)
    finally:
        for worker in run.workers:
            worker.close()
    return through_onnx(with_deltas(tuple(run.rows.values())))


def _prepare(run: _Run, entry: Entry) -> FormatRow:
    """Return the row without times; its worker stays where everything went well."""
    row = FormatRow(entry.format, entry.precision, artifact=str(entry.artifact or ""))
    if entry.reason:
        return row.broken(Failure(Status.UNAVAILABLE, entry.reason))
    try:
        row = _made(run, entry, row)
    except Failure as failure:
        return row.broken(failure)
    run.watch.note(f"{entry.name}: loading")
    worker = run.start(entry, run.limit_s)
    try:
        loaded = worker.load()
        row = replace(
            row,
            precision=loaded.precision or row.precision,
            runs_on=loaded.runs_on,
            imgsz=tuple(loaded.imgsz),
            load_s=loaded.load_s,
            first_result_s=worker.first_result_s,
            rss_mb=worker.stats().rss_mb,
        )
        run.watch.note(f"{entry.name}: validating")
        row = _validated(worker, row, run.watch.progress)
    except Failure as failure:
        worker.close()
        return row.broken(failure)
    except BaseException:
        worker.close()
        raise
    run.workers.append(worker)
    return row


def _validated(worker: Worker, row: FormatRow, progress: Progress | None) -> FormatRow:
    """Return the row with its metrics; a model these labels do not fit is timed all the same, and the row says so."""
    try:
        return replace(row, metrics=worker.validate(progress))
    except Failure as failure:
        if failure.status is not Status.UNAVAILABLE:
            raise
        return replace(row, reason=f"not scored: {failure.reason}")


def _made(run: _Run, entry: Entry, row: FormatRow) -> FormatRow:
    if entry.make is not None:
        run.watch.note(f"{entry.name}: {entry.make.doing}")
        report = entry.make.run(run.limit_s)
        proof = report.get("proof") or {}
        for warning in report.get("warnings", ()):
            log.warning("%s: %s", entry.name, warning)
        row = replace(row, export_s=report.get("export_s"), max_box_error_px=proof.get("max_box_error_px"))
    exists = entry.artifact is not None and entry.artifact.exists()  # a bundled configuration is not a file
    return replace(row, size_mb=size_mb(entry.artifact)) if entry.artifact and exists else row


def _time(run: _Run, schedule: Schedule) -> None:
    if not run.workers:
        return
    names = ", ".join(worker.name for worker in run.workers)
    run.watch.note(f"timing {names} in turns: {schedule.rounds} rounds of {schedule.frames} frames")
    for name, timed in in_turns(run.workers, schedule, run.watch.progress).items():
        row = run.rows[name]
        run.rows[name] = row.broken(timed) if isinstance(timed, Failure) else replace(row, latency=Latency.of(timed))


def with_deltas(rows: tuple[FormatRow, ...]) -> tuple[FormatRow, ...]:
    """Return the rows with their change against the reference: the first that has metrics."""
    reference = next((row for row in rows if row.metrics is not None), None)
    return rows if reference is None else tuple(row.against(reference) for row in rows)


def through_onnx(rows: tuple[FormatRow, ...]) -> tuple[FormatRow, ...]:
    """Return the rows with the mAP of its ONNX in the reason of an engine that was built and cannot run here."""
    maps = {
        row.precision: row.metrics[MAPS[0]]
        for row in rows
        if row.format == "onnx" and row.metrics is not None and MAPS[0] in row.metrics
    }
    return tuple(
        replace(row, reason=f"{row.reason}; its ONNX: {100 * maps[row.precision]:.1f}")
        if row.format == "engine" and row.status is Status.UNAVAILABLE and row.size_mb and row.precision in maps
        else row
        for row in rows
    )
