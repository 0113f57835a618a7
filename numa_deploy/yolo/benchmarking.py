"""`benchmark`: which formats a model can be had in, and the command lines that make and measure each of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from numa_benchmarks.formats.row import Entry
from numa_benchmarks.timing.command import JSON_FILE, Command
from numa_deploy.yolo.bundled import default_model, is_bundled, tiny_data
from numa_export.plan import RULES
from numa_runtime.errors import UsageError, nearest
from numa_runtime.formats import Format
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, SOURCE, WRITTEN
from numa_runtime.options.readers import Size, at_least, read_list, read_size

if TYPE_CHECKING:
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_benchmarks.progress import Watch

TORCH = "torch"
FORMATS = (TORCH, "torchscript", "onnx", "openvino", "engine")
"""The rows' words: the network itself, then every format, the one next to it first."""

CHILD = (sys.executable, "-m", "numa_deploy.cli.worker")
"""The module behind every process of a benchmark; `numa_deploy.cli.worker` says what words it takes."""

DEFAULT_IMGSZ = 640
_TIMING = "Timing"


@dataclass(frozen=True, slots=True)
class Original:
    """The model that is compared with what is made from it; `format` is None for a network."""

    path: Path
    format: Format | None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkOptions(Options):
    """What to compare and how thoroughly.

    Attributes:
        formats: words of FORMATS, in the order of the rows.
        imgsz: input size, pixels: one side or (height, width).
        half: mixed fp16 next to the float32 source.
        rounds: how often everybody's turn to be timed comes.
        frames: frames of a turn.
        time_limit: the longest an export may take, and the longest a worker may be silent, seconds.
        device: as for `YOLO`.
        threads: CPU threads for inference.
        split: of the labelled data.
        project: artifacts and report go to PROJECT/benchmark/MODEL.
    """

    mode: ClassVar[str] = "benchmark"

    formats: tuple[str, ...] = option(
        FORMATS,
        "Rows of the table, comma separated.",
        read=read_list,
        flags=("--formats", "--format"),
        metavar="NAMES",
        panel=MOST,
    )
    imgsz: Size | None = option(
        None, "Input size: 640, or height and width.", read=read_size, metavar="SIZE", panel=MOST
    )
    half: bool = option(False, "Export in mixed fp16.", panel=MOST)
    rounds: int = option(20, "How often everybody's turn comes. Default: 20, track 6.", panel=_TIMING)
    frames: int = option(5, "Frames per turn. Default: 5, track 40 to 400.", panel=_TIMING)
    time_limit: float = option(600.0, "Seconds an export may take or a worker be silent.", panel=_TIMING)
    device: str = option(
        "auto", "auto, cpu, cuda, cuda:0 or 0. What cannot be honoured is an error.", metavar="NAME", panel=MOST
    )
    threads: int | None = option(
        None, "CPU threads for inference. Default: the physical cores.", kind=int, read=at_least(1), panel=SOURCE
    )
    split: str = option("val", "train, val or test.", metavar="NAME", panel=MOST)
    project: str | Path = option("runs", "Folder that holds the results.", metavar="FOLDER", panel=WRITTEN)

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        for word in self.formats:
            if word not in FORMATS:
                raise UsageError(
                    f"benchmark has no format {word!r}{nearest(word, FORMATS)}", hint=f"--formats {','.join(FORMATS)}"
                )
        if not self.formats:
            raise UsageError("benchmark needs a format at least", hint=f"--formats {','.join(FORMATS)}")
        for name, value in (("rounds", self.rounds), ("frames", self.frames), ("time-limit", self.time_limit)):
            if value <= 0:
                raise UsageError(f"--{name} is {value:g}; it must be more than 0")


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
        model: a checkpoint, an ONNX file or any artifact; the bundled YOLOX-nano by default.
        data: labelled images as in `val`; 24 bundled pictures by default.
        watch: is told what happens.
        words: the fields of `BenchmarkOptions`: `formats="onnx,openvino", half=True`.

    Raises:
        UsageError: an option that makes no sense. ModelError: there is no such model. DataError: no such data.
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
    from numa_benchmarks.timing.machine import environment
    from numa_benchmarks.timing.turns import Schedule
    from numa_runtime.sinks.run_folder import make_run_folder
    from numa_runtime.vision.nms import load_kernels

    source, labels = Path(model or default_model()).expanduser(), Path(data or tiny_data()).expanduser()
    original = original_of(source)
    dataset = open_dataset(labels, options.split)
    folder = make_run_folder("benchmark", source.stem, project=options.project)
    load_kernels()  # the first worker would compile and cache them, and pay for all others
    entries = plan_entries(original, labels, folder, same_size(options, original))
    schedule = Schedule(options.rounds, options.frames)
    rows = run_format_benchmark(entries, schedule, options.time_limit, watch=watch)
    report = FormatReport(
        model=f"{source.name}{' (bundled)' if is_bundled(source) else ''}",
        data=str(labels) if data else "the bundled tiny set",
        images=len(dataset),
        rows=rows,
        environment=environment(options.threads),
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
        return Original(source, None)

    from numa_runtime.sessions.sniff import sniff

    return Original(source, sniff(source))


def same_size(options: BenchmarkOptions, original: Original) -> BenchmarkOptions:
    """Return options with one (height, width) for every row made from a network.

    A network takes any size and would see a picture as a rectangle, its static exports as a square: another
    speed and another mAP (measured: 1.2 points), and no fault of the format.
    """
    if original.format is not None or isinstance(options.imgsz, tuple):
        return options
    side = options.imgsz or DEFAULT_IMGSZ
    return replace(options, imgsz=(side, side))


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
    """Return the device of a row: an engine runs on a GPU only: a CPU is meant for the others."""
    return "auto" if format is Format.ENGINE and device == "cpu" else device


def _why_not(format: Format | None, original: Original) -> str:
    if format is None or not RULES[format].needs_onnx:
        return f"needs a checkpoint: {original.path.name} is {original.called} (--model best.pt)"
    return f"is made from a checkpoint or an ONNX file: {original.path.name} is {original.called}"
