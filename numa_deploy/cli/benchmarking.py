"""What `benchmark` does behind its flags: formats of a model, or trackers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.cli.progress import CountBar
from numa_runtime.errors import UsageError, nearest

if TYPE_CHECKING:
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_benchmarks.trackers.track_report import TrackReport
    from numa_deploy.cli.console import Console

TASKS = ("detect", "track")


def check_task(task: str, formats: Mapping[str, Any], trackers: Mapping[str, Any]) -> None:
    """Refuse an unknown task, and settings of the other one: they would have no effect.

    formats, trackers: the settings of either task by flag, None (or False) where not given.

    Raises:
        UsageError: with the flag's name.
    """
    if task not in TASKS:
        raise UsageError(f"benchmark has no task {task!r}{nearest(task, TASKS)}", hint="--task detect or --task track")
    other, where = (formats, "--task detect") if task == "track" else (trackers, "--task track")
    for flag, value in other.items():
        if value not in (None, False):
            raise UsageError(f"--{flag} has no meaning in benchmark --task {task}", hint=f"it belongs to {where}")


def benchmark_formats(console: Console, model: str | None, data: str | None, words: Mapping[str, Any]) -> FormatReport:
    """Compare the formats of a model; words: fields of `BenchmarkOptions`, None for their defaults."""
    from numa_benchmarks.progress import Watch
    from numa_deploy.yolo.benchmarking import benchmark

    given = {name: value for name, value in words.items() if value is not None}
    with CountBar("benchmarking", enabled=not console.quiet) as bar:
        return benchmark(model, data, watch=Watch(console.note, bar), **given)


def benchmark_trackers(console: Console, words: Mapping[str, Any], *, quick: bool) -> TrackReport:
    """Compare trackers; words: fields of `TrackOptions` as typed, None for their defaults."""
    from numa_benchmarks.progress import Watch
    from numa_benchmarks.trackers.track_benchmark import run_track_benchmark
    from numa_benchmarks.trackers.track_options import TrackOptions

    given = {("second_half" if name == "half" else name): value for name, value in words.items()}
    counts = {name: _numbers(name, words[name]) for name in ("objects", "crowd")}
    options = TrackOptions.from_words({**given, **counts, "trackers": _words(words["trackers"])}, quick=quick)
    with CountBar("tracking", enabled=not console.quiet) as bar:
        return run_track_benchmark(options, Watch(console.note, bar))


def write_markdown(file: str, text: str) -> None:
    """Write a table where `--markdown` says."""
    from numa_runtime.files import atomic_path

    with atomic_path(Path(file)) as part:
        part.write_text(text, encoding="utf-8")


def _words(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _numbers(flag: str, text: str | None) -> tuple[int, ...] | None:
    words = _words(text)
    if words is None or words == ("0",):  # --crowd 0: no such scenes
        return None if words is None else ()
    for word in words:
        if not word.isdigit():
            raise UsageError(f"--{flag}: {word!r} is no number of objects", hint=f"--{flag} 10,100")
    return tuple(map(int, words))
