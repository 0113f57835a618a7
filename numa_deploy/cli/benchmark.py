"""`numa-deploy benchmark`: which format to ship, and what a tracker costs, with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from numa_benchmarks.trackers.track_options import TrackOptions
from numa_deploy.cli.flags import Given, refuse_idle
from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_deploy.yolo.benchmark_options import BenchmarkOptions
from numa_runtime.errors import UsageError, nearest
from numa_runtime.files import check_target
from numa_runtime.options import Options, option, same
from numa_runtime.options.panels import MOST, PRINTED

if TYPE_CHECKING:
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_benchmarks.trackers.track_report import TrackReport
    from numa_deploy.cli.console import Console

TASKS = ("detect", "track")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOptions(Options):
    """What is compared: the formats of a model, on labelled data."""

    mode: ClassVar[str] = "benchmark"

    model: str | None = same(
        ModelOptions,
        "model",
        help="Checkpoint, ONNX, any artifact, or a bundled model: multitask, the default, or yolox-nano.",
    )
    data: str | None = option(
        None,
        "data.yaml (images or rallies), COCO .json or folder. Default: bundled rallies or 24 pictures.",
        metavar="PATH",
        panel=MOST,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions(Options):
    """Which of the two comparisons, and what becomes of its table."""

    task: str = option("detect", "detect (formats of a model) or track (trackers).", metavar="NAME", panel=MOST)
    strict: bool = option(False, "Exit with 1 unless every row is measured.", panel=PRINTED)
    markdown: str | None = option(None, "Also write the table as Markdown.", metavar="FILE", panel=PRINTED)


def benchmark(
    compared: Given[ComparedOptions],
    formats: Given[BenchmarkOptions],
    trackers: Given[TrackOptions],
    output: ReportOptions,
    prints: PrintOptions,
) -> int:
    """Make, prove, validate and time a model in every format, each in a process of its own; or trackers."""
    from numa_deploy.cli.console import open_console

    console = open_console(prints)
    check_task(output.task, (compared, formats), (trackers,))
    if output.markdown is not None:
        check_target(Path(output.markdown))
    report: FormatReport | TrackReport
    if output.task == "track":
        report = benchmark_trackers(console, trackers.make())
    else:
        report = benchmark_formats(console, compared.make(), formats.make())
    for line in report.lines(console.width):
        console.say(line)
    console.say(report.footnote())
    if output.markdown is not None:
        write_markdown(output.markdown, report.markdown())
    console.finish(report.to_dict())
    return 1 if not report.measured or (output.strict and not report.complete) else 0


def check_task(task: str, formats: tuple[Given[Any], ...], trackers: tuple[Given[Any], ...]) -> None:
    """Refuse an unknown task, and options of the other one: they would have no effect.

    Raises:
        UsageError: with the flag's name.
    """
    if task not in TASKS:
        raise UsageError(f"benchmark has no task {task!r}{nearest(task, TASKS)}", hint="--task detect or --task track")
    own, other = (trackers, formats) if task == "track" else (formats, trackers)
    where = "--task detect" if task == "track" else "--task track"
    refuse_idle(own, other, f"benchmark --task {task}", where)


def benchmark_formats(console: Console, compared: ComparedOptions, options: BenchmarkOptions) -> FormatReport:
    """Compare the formats of a model."""
    from numa_benchmarks.progress import Watch
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.benchmarking import benchmark_with

    with CountBar("benchmarking", enabled=not console.quiet) as bar:
        return benchmark_with(options, compared.model, compared.data, watch=Watch(console.note, bar))


def benchmark_trackers(console: Console, options: TrackOptions) -> TrackReport:
    """Compare trackers."""
    from numa_benchmarks.progress import Watch
    from numa_benchmarks.trackers.track_benchmark import run_track_benchmark
    from numa_deploy.cli.progress import CountBar

    with CountBar("tracking", enabled=not console.quiet) as bar:
        return run_track_benchmark(options, Watch(console.note, bar))


def write_markdown(file: str, text: str) -> None:
    """Write a table where `--markdown` says."""
    from numa_runtime.files import atomic_path

    with atomic_path(Path(file)) as part:
        part.write_text(text, encoding="utf-8")
