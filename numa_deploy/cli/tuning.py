"""What `tune` does behind its flags."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from numa_runtime.errors import UsageError

if TYPE_CHECKING:
    from numa_benchmarks.tune import TuneSequence
    from numa_deploy.cli.console import Console
    from numa_runtime.tracking.params import TrackerParams

LOWEST_SCORE = 0.01
"""Detections are made down to here, since the search may want any of them."""


@dataclass(frozen=True, slots=True)
class TuneWords:
    """The flags of `numa-deploy tune`, as typed."""

    gt: str | None
    detections: str | None
    half: bool
    source: str | None
    model: str | None
    device: str
    threads: int | None
    imgsz: str | None
    iou: float | None
    classes: str | None
    tracker: str
    metric: str
    trials: int
    timeout: float | None
    seed: int
    params: str | None
    folds: int
    holdout: str | None
    output: str | None
    project: str


def run(console: Console, words: TuneWords) -> None:
    """Read or make the detections, search, print the report and write the YAML."""
    if words.gt is None:
        raise UsageError("tune needs labelled clips", hint="--gt MOT17/train, a folder with SEQUENCE/gt/gt.txt")
    detecting = words.model is not None or words.source is not None
    if words.detections is not None and detecting:
        raise UsageError("--detections and --model or --source exclude each other", hint="drop one of them")

    from numa_benchmarks.tune import open_sequences, tune
    from numa_benchmarks.tune.metric import TuneMetric
    from numa_benchmarks.tune.yaml_file import write_yaml
    from numa_deploy.cli.progress import CountBar
    from numa_runtime.tracking import load_params

    metric, start = TuneMetric.named(words.metric), load_params(words.tracker)  # before a model runs for minutes
    made_by = "given"
    if detecting:
        sequences, made_by = _detect(console, words, words.gt, start)
    else:
        sequences = open_sequences(Path(words.gt), None if words.detections is None else Path(words.detections))
    if words.half:
        sequences = [sequence.second_half() for sequence in sequences]
    with CountBar("tuning", enabled=not console.quiet) as bar:

        def progress(done: int, planned: int, what: str) -> None:
            bar.name(what)
            bar(done, planned)

        report = tune(
            start,
            sequences,
            metric=metric,
            trials=words.trials,
            folds=words.folds,
            holdout=_names(words.holdout),
            only=_names(words.params),
            timeout=words.timeout,
            seed=words.seed,
            progress=progress,
        )
    output = Path(words.output or f"{report.tracker}-tuned.yaml")
    write_yaml(report, output, data=f"detections {made_by}{', second halves' if words.half else ''}")
    for line in report.lines():
        console.say(line)
    console.say(f"wrote {output}: numa-deploy track --tracker {output}")
    console.finish({**report.to_dict(), "output": str(output)})


def _detect(console: Console, words: TuneWords, gt: str, start: TrackerParams) -> tuple[list[TuneSequence], str]:
    """Run the model over the clips, or read what it found before; return also the model's file name."""
    from numa_benchmarks.tune.detecting import detect_sequences
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.cli.values import class_words, image_size
    from numa_deploy.yolo.bundled import default_model
    from numa_deploy.yolo.opening import open_session
    from numa_runtime.pipeline.model import Model
    from numa_runtime.pipeline.options import PredictOptions, class_indices

    with open_session(words.model or default_model(), words.device, words.threads) as session:
        classes = class_indices(class_words(words.classes), session.spec)
        options = PredictOptions(conf=LOWEST_SCORE, iou=words.iou, imgsz=image_size(words.imgsz), classes=classes)
        console.note(f"{Path(session.path).name} · {session.backend} {session.device} · detecting once")
        with CountBar("detecting", enabled=not console.quiet) as bar:
            cache = Path(words.project) / "tune" / "detections"
            running = Model(session, options)
            found = detect_sequences(Path(gt), words.source, running, start, cache=cache, progress=bar)
        return found, Path(session.path).name


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").strip("[]").split(",") if name.strip()]
