"""The tuned parameters as a tracker YAML: usable at once, and saying where it comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from numa_benchmarks.tune.tune_report import TuneReport, plain
from numa_runtime.contract import TRACKING
from numa_runtime.files import atomic_path
from numa_runtime.tracking.params import describe

_MOST_NAMES = 12


def write_yaml(report: TuneReport, path: Path, *, data: str = "") -> None:
    """Write the tuned parameters.

    Args:
        report: the finished tuning.
        path: the YAML file.
        data: what they were tuned on, in addition to the sequences' names.

    Raises:
        SinkError: not writable, or the disk is full.
    """
    with atomic_path(path) as part:
        part.write_text("\n".join([*_head(report, data), *_body(report), ""]), encoding="utf-8")


def _head(report: TuneReport, data: str) -> list[str]:
    names = ", ".join(report.sequences[:_MOST_NAMES])
    more = f", ... ({len(report.sequences)} in all)" if len(report.sequences) > _MOST_NAMES else ""
    name, seen = report.metric.heading, report.seen
    before, after = report.metric.of(seen.default), report.metric.of(seen.tuned)
    lines = [
        f"{report.tracker}, tuned by numa-deploy tune on {date.today().isoformat()}: "
        f"{report.trials} trials, seed {report.seed}.",
        f"Tuned on {names}{more}: {report.frames:,} frames" + (f"; {data}." if data else "."),
        f"{name} on them {before:.2f} -> {after:.2f}.",
        *(f"{remark}." for remark in report.remarks()),
    ]
    return [f"# {line}" for line in lines]


def _body(report: TuneReport) -> list[str]:
    """Return every parameter that is searched or set; a comment says the default of those that changed.

    What a model's contract may say is always written, so that no contract changes what was tuned.
    """
    usual, known = type(report.tuned)(), {*TRACKING, *(change.name for change in report.changes)}
    lines = [f"tracker_type: {report.tracker}"]
    for name, _ in describe(type(report.tuned)):
        value, default = getattr(report.tuned, name), getattr(report.default, name)
        if name not in known and value == getattr(usual, name):
            continue
        lines.append(f"{name}: {_written(value)}" + (f" # was {_written(default)}" if value != default else ""))
    return lines


def _written(value: Any) -> str:
    return "null" if value is None else str(plain(value))
