"""`numa-deploy tune`: a tracker's parameters, searched on your own labelled clips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from numa_benchmarks.trackers.track_options import TrackOptions
from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_runtime.errors import UsageError
from numa_runtime.files import check_target
from numa_runtime.options import option, same
from numa_runtime.options.panels import MOST
from numa_runtime.options.readers import Size, read_list, within
from numa_runtime.pipeline.options import KnownOptions, OutputOptions, PredictionOptions, SourceOptions

if TYPE_CHECKING:
    from numa_benchmarks.tune import TuneSequence
    from numa_deploy.cli.console import Console
    from numa_runtime.tracking.params import TrackerParams

_CLIPS, _SEARCH, _DETECT = "Labelled clips", "Search", "Detections made by a model (once, then kept)"
LOWEST_SCORE = 0.01
"""Detections are made down to here, since the search may want any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneOptions(ModelOptions):
    """Which clips, which search."""

    mode: ClassVar[str] = "tune"

    gt: str | None = option(None, "MOTChallenge folder: SEQUENCE/gt/gt.txt, seqinfo.ini.", metavar="FOLDER", panel=MOST)
    detections: str | None = option(
        None,
        "Folder of SEQUENCE.txt (MOT text). Default: SEQUENCE/det/det.txt next to the ground truth.",
        metavar="FOLDER",
        panel=MOST,
    )
    replay: str | Path | None = same(
        KnownOptions,
        "replay",
        help="Recordings of the clips (track --record), named as the sequences: a folder, pattern or file.",
        modes=(),
        panel=MOST,
    )
    second_half: bool = same(TrackOptions, "second_half", help="Use the second half of each sequence.", panel=_CLIPS)
    rules: str = same(TrackOptions, "rules", panel=_CLIPS)
    source: str | None = same(
        SourceOptions,
        "source",
        help="The clip, or a folder of clips named as the sequences. Default: SEQUENCE/img1.",
        panel=_DETECT,
    )
    imgsz: Size | None = same(PredictionOptions, "imgsz", panel=_DETECT)
    iou: float | None = same(PredictionOptions, "iou", panel=_DETECT)
    classes: tuple[str | int, ...] | None = same(PredictionOptions, "classes", panel=_DETECT)
    tracker: str = option(
        "bytetrack", "Tracker name or YAML file: where the search starts.", metavar="NAME", panel=MOST
    )
    metric: str = option("hota", "hota, idf1 or mota.", metavar="NAME", panel=MOST)
    trials: int = option(100, "Sets of parameters to try.", panel=MOST)
    timeout: float | None = option(None, "Seconds for all of it, checks included.", kind=float, panel=_SEARCH)
    seed: int = option(0, "The same seed gives the same result.", read=within(0, 2**32 - 1), panel=_SEARCH)
    params: tuple[str, ...] = option(
        (), "Search only these: match_thresh,track_buffer.", read=read_list, metavar="NAMES", panel=_SEARCH
    )
    folds: int = option(
        3,
        "Tune again this often without some of the sequences, to see whether it holds (0: do not).",
        panel=_SEARCH,
    )
    holdout: tuple[str, ...] = option(
        (),
        "Never tune on these sequences, check on them: A,B. Instead of folds.",
        read=read_list,
        metavar="NAMES",
        panel=_SEARCH,
    )
    output: str | None = option(None, "Default: TRACKER-tuned.yaml.", short="-o", metavar="FILE", panel=MOST)
    project: str = same(OutputOptions, "project", help="Folder that keeps detections.")


def tune(options: TuneOptions, prints: PrintOptions) -> None:
    """Search a tracker's parameters on labelled clips, check them on clips not seen, and write a tracker YAML."""
    from numa_deploy.cli.console import open_console

    console = open_console(prints)
    if options.gt is None:
        raise UsageError("tune needs labelled clips", hint="--gt MOT17/train, a folder with SEQUENCE/gt/gt.txt")
    detecting = options.model is not None or options.source is not None
    if options.detections is not None and detecting:
        raise UsageError("--detections and --model or --source exclude each other", hint="drop one of them")
    if options.replay is not None and (detecting or options.detections is not None):
        raise UsageError("--replay has the detections: --model, --source and --detections exclude it", hint=_DROP)

    from numa_benchmarks.metrics.mot_rules import MotRules
    from numa_benchmarks.tune import open_sequences
    from numa_benchmarks.tune import tune as search
    from numa_benchmarks.tune.metric import TuneMetric
    from numa_benchmarks.tune.yaml_file import write_yaml
    from numa_deploy.cli.progress import CountBar
    from numa_runtime.tracking import load_params

    if options.output is not None:
        check_target(Path(options.output))
    metric, start = TuneMetric.parse(options.metric), load_params(options.tracker)  # before a model runs for minutes
    if options.replay is not None:
        (sequences, start), made_by = _recorded(options, Path(options.gt), options.replay), "recorded"
    elif detecting:
        sequences, start, made_by = _detect(console, options, options.gt)
    else:
        given = None if options.detections is None else Path(options.detections)
        sequences, made_by = open_sequences(Path(options.gt), given), "given"
    if options.second_half:
        sequences = [sequence.second_half() for sequence in sequences]
    with CountBar("tuning", enabled=not console.quiet) as bar:
        report = search(
            start,
            sequences,
            metric=metric,
            trials=options.trials,
            folds=options.folds,
            holdout=list(options.holdout),
            only=list(options.params),
            timeout=options.timeout,
            seed=options.seed,
            rules=MotRules.parse(options.rules),
            progress=bar.named,
        )
    output = Path(options.output or f"{report.tracker}-tuned.yaml")
    write_yaml(report, output, data=f"detections {made_by}{', second halves' if options.second_half else ''}")
    for line in report.lines():
        console.say(line)
    console.say(f"wrote {output}: numa-deploy track --tracker {output}")
    console.finish({**report.to_dict(), "output": str(output)})


_DROP = "drop one of them"


def _recorded(options: TuneOptions, gt: Path, replay: str | Path) -> tuple[list[TuneSequence], TrackerParams]:
    """Return the recorded sequences, and where the search starts."""
    from numa_benchmarks.tune.recorded import recorded_sequences
    from numa_runtime.pipeline.start_known import check_classes, find_recordings, suits_of

    recordings = find_recordings(replay)
    check_classes(recordings)
    return recorded_sequences(gt, recordings), _start(options, suits_of(recordings))


def _start(options: TuneOptions, suits: Mapping[str, float]) -> TrackerParams:
    """Return the parameters that `track` would have with such a model: the search starts there."""
    from numa_runtime.pipeline.options.tracker import TrackerOptions

    return TrackerOptions(tracker=options.tracker).box_params(suits=suits)


def _detect(console: Console, options: TuneOptions, gt: str) -> tuple[list[TuneSequence], TrackerParams, str]:
    """Run the model over the clips, or read what it found before; return also the start and the model's file name."""
    from numa_benchmarks.tune.detecting import detect_sequences
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.bundled import model_path
    from numa_deploy.yolo.opening import open_session
    from numa_runtime.pipeline.model import Model

    with open_session(model_path(options.model), options.device, options.threads) as session:
        counted = PredictionOptions(conf=LOWEST_SCORE, iou=options.iou, imgsz=options.imgsz, classes=options.classes)
        console.note(f"{Path(session.path).name} · {session.backend} {session.device} · detecting once")
        with CountBar("detecting", enabled=not console.quiet) as bar:
            cache = Path(options.project) / "tune" / "detections"
            running, start = Model(session, counted), _start(options, session.spec.thresholds.tracking)
            found = detect_sequences(Path(gt), options.source, running, start, cache=cache, progress=bar)
        return found, start, Path(session.path).name
