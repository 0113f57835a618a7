"""`benchmark`: which formats a model can be had in, and the command lines that make and measure each of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_benchmarks.formats.row import Entry
from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_deploy.yolo.benchmark_options import TORCH, BenchmarkOptions
from numa_deploy.yolo.bundled import data_of, is_bundled, network_path
from numa_export.plan import RULES
from numa_runtime.errors import MissingExtra
from numa_runtime.formats import Format
from numa_runtime.options.readers import Size, as_pair
from numa_runtime.paths import expand
from numa_runtime.vision.sizes import DEFAULT_IMGSZ

if TYPE_CHECKING:
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_benchmarks.progress import Watch

CHILD = (sys.executable, "-m", "numa_deploy.cli.worker")
"""The module behind every process of a benchmark; `numa_deploy.cli.worker` says what words it takes."""


@dataclass(frozen=True, slots=True)
class Original:
    """The model that is compared with what is made from it.

    Attributes:
        path: where it is.
        format: None for a network.
        usual: the size that a network was trained at, if it says.
    """

    path: Path
    format: Format | None
    usual: Size | None = None

    @property
    def word(self) -> str:
        """The word of its row."""
        return self.format.value if self.format else TORCH

    @property
    def called(self) -> str:
        """What a reader is told it is."""
        return self.format.called if self.format else "a network"

    @property
    def makes(self) -> tuple[Format, ...]:
        """Formats export makes from it."""
        if self.format is None:
            return tuple(Format)
        return tuple(format for format in Format if RULES[format].needs_onnx) if self.format is Format.ONNX else ()


def benchmark(
    model: str | Path | None = None,
    data: str | Path | None = None,
    *,
    watch: Watch | None = None,
    **words: Any,
) -> FormatReport:
    """Make, prove, validate and time a model in each format, each in a process of its own.

    Formats that cannot be had get a row that says why.

    Args:
        model: a checkpoint, an ONNX file or any artifact; the bundled multitask network by default.
        data: labelled images or rallies as in `val`; by default what is bundled: rallies for the multitask network, 24
            pictures for other models.
        watch: is told what happens.
        words: the fields of `BenchmarkOptions`: `formats="onnx,openvino", half=True`.

    Raises:
        UsageError: an option that makes no sense.
        ModelError: there is no such model.
        DataError: there is no such data.
    """
    return benchmark_with(BenchmarkOptions.of(words), model, data, watch=watch)


def benchmark_with(
    options: BenchmarkOptions,
    model: str | Path | None = None,
    data: str | Path | None = None,
    *,
    watch: Watch | None = None,
) -> FormatReport:
    """Do what `benchmark` says, with options that were checked."""
    from numa_benchmarks.formats.format_benchmark import run_format_benchmark
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.labels.rallies import holds_rallies, open_rallies
    from numa_benchmarks.timing.machine import environment
    from numa_benchmarks.timing.turns import Schedule
    from numa_runtime.partials import sweep
    from numa_runtime.sinks.run_folder import make_run_folder
    from numa_runtime.vision.nms import load_kernels

    source = network_path(model)
    labels = expand(data or data_of(source))
    original = original_of(source)
    rallies = holds_rallies(labels)
    counted = open_rallies(labels, options.split).frames if rallies else len(open_dataset(labels, options.split))
    folder = make_run_folder("benchmark", source.stem, project=options.project)
    load_kernels()  # the first worker would compile and cache them, and pay for all others
    entries = plan_entries(original, labels, folder, same_size(options, original))
    schedule = Schedule(options.rounds, options.frames)
    try:
        rows = run_format_benchmark(entries, schedule, options.time_limit, watch=watch)
    finally:
        sweep(folder)  # what exports that were killed left unfinished
    report = FormatReport(
        model=f"{source.name}{' (bundled)' if is_bundled(source) else ''}",
        data=str(labels) if data else f"the bundled {labels.parent.name} set",
        images=counted,
        rows=rows,
        environment=environment(options.threads),
        unit="frame" if rallies else "image",
    )
    report.save(folder)
    if watch is not None:
        watch.note(f"{folder}/  artifacts, benchmark.json, benchmark.md")
    return report


def original_of(source: Path) -> Original:
    """Return the model that `source` names; a bundled configuration need not be a file.

    Raises:
        ModelError: nothing is there, or no model.
    """
    from numa_deploy.yolo.opening import is_network

    if is_network(source):
        return Original(source, None, _usual_size(source))

    from numa_runtime.sessions.sniff import sniff

    return Original(source, sniff(source))


def _usual_size(network: Path) -> Size | None:
    """Return the size that a network was trained at; without torch every row that needs it says so by itself."""
    from numa_deploy.yolo.opening import open_network

    try:
        return open_network(network).spec.input.imgsz
    except MissingExtra:
        return None


def same_size(options: BenchmarkOptions, original: Original) -> BenchmarkOptions:
    """Return options with one (height, width) for every row made from a network.

    A network takes any size and would see a picture as a rectangle, its static exports as a square: another
    speed and another mAP (measured: 1.2 points), and no fault of the format.
    """
    if original.format is not None:
        return options
    return replace(options, imgsz=as_pair(options.imgsz or original.usual or DEFAULT_IMGSZ))


def plan_entries(original: Original, data: Path, folder: Path, options: BenchmarkOptions) -> tuple[Entry, ...]:
    """Return one entry per format; with `half`, the float32 original comes first, as the reference."""
    entries = [_entry(word, original, data, folder, options) for word in options.formats]
    if options.half and original.format in original.makes:
        entries.insert(0, _given(original, data, options))
    return tuple(entries)


def _entry(word: str, original: Original, data: Path, folder: Path, options: BenchmarkOptions) -> Entry:
    format = None if word == TORCH else Format(word)
    half = options.half and format is not None and "half" in RULES[format].options
    if format is original.format and not (half and format in original.makes):
        return _given(original, data, options)
    if format is None or format not in original.makes:
        return Entry(word, word, reason=_why_not(format, original))
    artifact = format.path_for(folder / f"{original.path.stem}{'-fp16' if half else ''}")
    return Entry(
        name=f"{word} fp16" if half else word,
        format=word,
        precision="fp16" if half else "fp32",
        artifact=artifact,
        make=Command(export_command(original.path, word, artifact, options.imgsz, half=half), "exporting"),
        worker=worker_command(artifact, data, options, device=_device(format, options.device)),
    )


def _given(original: Original, data: Path, options: BenchmarkOptions) -> Entry:
    word, source = original.word, original.path
    precision = "fp32" if word == TORCH else ""
    return Entry(word, word, precision, source, worker=worker_command(source, data, options, device=options.device))


def export_command(source: Path, word: str, artifact: Path, imgsz: Size | None, *, half: bool) -> tuple[str, ...]:
    """Return the command line that writes one artifact and leaves its export report as JSON."""
    words = ["export", "--model", str(source), "--format", word, "--output", str(artifact), "--json", JSON_FILE]
    return (*CHILD, *words, *_size(imgsz), *(["--half"] if half else []))


def worker_command(artifact: Path, data: Path, options: BenchmarkOptions, *, device: str) -> tuple[str, ...]:
    """Return the command line of a resident worker for one artifact."""
    words = ["serve", "--model", str(artifact), "--data", str(data), "--split", options.split, "--device", device]
    threads = [] if options.threads is None else ["--threads", str(options.threads)]
    return (*CHILD, *words, *threads, *_size(options.imgsz))


def _size(imgsz: Size | None) -> Sequence[str]:
    if imgsz is None:
        return ()
    return ("--imgsz", *map(str, imgsz if isinstance(imgsz, tuple) else (imgsz,)))


def _device(format: Format, device: str) -> str:
    """Return the device of a row: an engine runs on a GPU only, so `cpu` is for the others."""
    return "auto" if format is Format.ENGINE and device == "cpu" else device


def _why_not(format: Format | None, original: Original) -> str:
    if format is None or not RULES[format].needs_onnx:
        return f"needs a checkpoint: {original.path.name} is {original.called} (--model best.pt)"
    return f"is made from a checkpoint or an ONNX file: {original.path.name} is {original.called}"
