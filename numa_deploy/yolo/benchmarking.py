"""`benchmark`: which formats a model can be had in, and the command lines that make and measure each of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from numa_benchmarks.report.entry import Entry
from numa_benchmarks.report.job import JSON_FILE, Job
from numa_deploy.yolo.bundled import default_model, is_bundled, tiny_data
from numa_export.plan import RULES
from numa_runtime.errors import UsageError, nearest
from numa_runtime.formats import Format

if TYPE_CHECKING:
    from numa_benchmarks.report.bench import Watch
    from numa_benchmarks.report.report import Report

TORCH = "torch"
FORMATS = (TORCH, "torchscript", "onnx", "openvino", "engine")
"""The rows' words: the network itself, then every format, the one next to it first."""

CHILD = (sys.executable, "-m", "numa_deploy.cli.worker")
"""The module behind every process of a benchmark; `numa_deploy.cli.worker` says what words it takes."""

DEFAULT_IMGSZ = 640
Size = int | tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """What to compare and how thoroughly.

    formats: words of FORMATS, in the order of the rows. half: mixed fp16 beside the float32 source.
    rounds: how often everybody's turn to be timed comes, `frames` frames each. limit_s: the longest an export may
    take, and the longest a worker may be silent. project: artifacts and report go to PROJECT/benchmark/MODEL.
    """

    formats: tuple[str, ...] = FORMATS
    imgsz: Size | None = None
    half: bool = False
    rounds: int = 20
    frames: int = 5
    limit_s: float = 600.0
    device: str = "auto"
    threads: int | None = None
    split: str = "val"
    project: str | Path = "runs"

    @classmethod
    def from_words(cls, words: Mapping[str, Any]) -> Self:
        """Check keyword arguments as a user typed them; `format="onnx,openvino"` means `formats` too.

        Raises:
            UsageError: an unknown word (the nearest is named) or a value that cannot be meant.
        """
        known = [field.name for field in fields(cls)]
        plain = {("formats" if word == "format" else word): value for word, value in words.items()}
        for word in plain:
            if word not in known:
                raise UsageError(f"benchmark has no setting {word!r}{nearest(word, known)}")
        chosen = plain.get("formats") or FORMATS
        parts = chosen.split(",") if isinstance(chosen, str) else chosen
        plain["formats"] = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        return cls(**plain)

    def __post_init__(self) -> None:
        for word in self.formats:
            if word not in FORMATS:
                raise UsageError(
                    f"benchmark has no format {word!r}{nearest(word, FORMATS)}", hint=f"--formats {','.join(FORMATS)}"
                )
        if not self.formats:
            raise UsageError("benchmark needs a format at least", hint=f"--formats {','.join(FORMATS)}")
        for name, value in (("rounds", self.rounds), ("frames", self.frames), ("time-limit", self.limit_s)):
            if value <= 0:
                raise UsageError(f"--{name} is {value:g}; it must be more than 0")


def benchmark(
    model: str | Path | None = None,
    data: str | Path | None = None,
    *,
    watch: Watch | None = None,
    **words: Any,
) -> Report:
    """Make, prove, validate and time a model in each format, each in a process of its own.

    model: a checkpoint, an ONNX file or any artifact; the bundled YOLOX-nano without one. data: labelled images
    as in `val`; the bundled 24 pictures without. watch: is told what happens. words: the fields of
    `BenchmarkOptions` (`formats="onnx,openvino", half=True`). Formats that cannot be had get a row that says why.

    Raises:
        UsageError: an option that cannot be meant. ModelError: there is no such model. DataError: no such data.
    """
    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.report.bench import run_benchmark
    from numa_benchmarks.report.environment import environment
    from numa_benchmarks.report.report import Report
    from numa_benchmarks.timing.turns import Schedule
    from numa_runtime.sinks.run_folder import make_run_folder
    from numa_runtime.vision.nms import load_kernels

    chosen = BenchmarkOptions.from_words(words)
    source, labels = Path(model or default_model()).expanduser(), Path(data or tiny_data()).expanduser()
    original = original_of(source)
    dataset = open_dataset(labels, chosen.split)
    folder = make_run_folder("benchmark", source.stem, project=chosen.project)
    load_kernels()  # the first worker would compile and cache them, and pay for all others
    entries = plan_entries(original, labels, folder, same_size(chosen, original))
    schedule = Schedule(chosen.rounds, chosen.frames)
    rows = run_benchmark(entries, schedule, chosen.limit_s, watch=watch)
    report = Report(
        model=f"{source.name}{' (bundled)' if is_bundled(source) else ''}",
        data=str(labels) if data else "the bundled tiny set",
        images=len(dataset),
        rows=rows,
        environment=environment(chosen.threads),
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
        make=Job(export_command(original.path, word, artifact, options.imgsz, half=half), "exporting"),
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
