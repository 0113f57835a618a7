"""`numa-deploy val`: how good a model, or a tracking result, is on labelled data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

from numa_benchmarks.trackers.track_options import TrackOptions
from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_deploy.yolo.benchmark_options import BenchmarkOptions
from numa_deploy.yolo.validating import ScoringOptions
from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import option, same
from numa_runtime.options.panels import MOST, WHAT
from numa_runtime.options.readers import Size, within
from numa_runtime.paths import expand
from numa_runtime.pipeline.options import KnownOptions, PredictionOptions
from numa_runtime.words import count

if TYPE_CHECKING:
    from numa_benchmarks.metrics.mot import MotReport
    from numa_benchmarks.metrics.mot_compare import MotComparison
    from numa_benchmarks.validate import Validation
    from numa_benchmarks.validate_rallies import RallyValidation
    from numa_deploy.cli.console import Console

_TRACKS = "Tracking results (--task track)"
TASKS = ("detect", "pose", "track")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValOptions(ModelOptions):
    """What is scored, on which labels."""

    mode: ClassVar[str] = "val"

    data: str | None = option(None, "data.yaml (images or rallies), COCO .json or folder.", metavar="PATH", panel=MOST)
    split: str = same(BenchmarkOptions, "split")
    task: str = option("detect", "detect (boxes, keypoints) or track.", metavar="NAME", panel=MOST)
    imgsz: Size | None = same(PredictionOptions, "imgsz")
    conf: float = option(0.001, "Smallest score that counts.", read=within(0, 1), panel=WHAT)
    iou: float = same(ScoringOptions, "iou", panel=WHAT)
    ball_conf: float | None = same(ScoringOptions, "ball_conf", panel=WHAT)
    offline: bool = same(ScoringOptions, "offline", panel=WHAT)
    plots: bool = same(ScoringOptions, "plots")
    project: str | Path = same(ScoringOptions, "project")
    name: str | None = same(ScoringOptions, "name")
    exist_ok: bool = same(ScoringOptions, "exist_ok")
    gt: str | None = same(TrackOptions, "gt", panel=_TRACKS)
    results: str | None = option(None, "Folder of MOT text files.", metavar="FOLDER", panel=_TRACKS)
    replay: str | Path | None = same(
        KnownOptions,
        "replay",
        help="Instead of --results: track these recordings (track --record), named as the sequences.",
        modes=(),
        panel=_TRACKS,
    )
    tracker: str = option("bytetrack", "The tracker of --replay, a name or a YAML file.", metavar="NAME", panel=_TRACKS)
    compare: str | None = option(
        None,
        "Folder of other results: how much better --results are, with a 95 % interval over sequences.",
        metavar="FOLDER",
        panel=_TRACKS,
    )
    second_half: bool = same(TrackOptions, "second_half", panel=_TRACKS)
    rules: str = same(TrackOptions, "rules", panel=_TRACKS)


def val(options: ValOptions, prints: PrintOptions) -> None:
    """Score a model on labelled images (mAP), or tracking results against ground truth (HOTA, MOTA, IDF1).

    Exit code 1: scored, but without images, rows or sequences that are faulty; "left out" says which.
    """
    from numa_deploy.cli.console import open_console

    console = open_console(prints)
    if options.task not in TASKS:
        raise UsageError(f"val has no task {options.task!r}{nearest(options.task, TASKS)}", hint="--task track")
    if options.compare is not None and options.task != "track":
        raise UsageError("--compare compares tracking results", hint="--task track --gt MOT17/train --results FOLDER")
    report = score_tracks(options) if options.task == "track" else score_model(console, options)
    for line in report.lines(console.width):
        console.say(line)
    console.finish(report.to_dict())
    if not report.complete:
        raise SystemExit(1)


def score_model(console: Console, options: ValOptions) -> Validation | RallyValidation:
    """Run a model over labelled images, or over rallies as `track` does, and score it."""
    if options.data is None:
        raise UsageError("val needs labelled images", hint="--data data.yaml, a COCO .json, or a folder")

    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.labels.rallies import holds_rallies, open_rallies
    from numa_benchmarks.validate import validate
    from numa_benchmarks.validate_rallies import validate_rallies
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.bundled import model_path
    from numa_deploy.yolo.opening import open_session
    from numa_deploy.yolo.val_plots import draw_plots, plots_folder

    data = expand(options.data)
    model = model_path(options.model)
    with plots_folder(options, model) as folder, open_session(model, options.device, options.threads) as session:
        said = f"{Path(session.path).name} · {session.backend} {session.device}"
        words: dict[str, Any] = {"conf": options.conf, "iou": options.iou, "imgsz": options.imgsz}
        found: Validation | RallyValidation
        if holds_rallies(data):
            rallies = open_rallies(data, options.split)
            console.note(
                f"{said} · {count(len(rallies.rallies), 'rally', 'rallies')}, {count(rallies.frames, 'frame')}"
            )
            with CountBar("validating", enabled=not console.quiet) as bar:
                words |= {"ball_conf": options.ball_conf, "offline": options.offline}
                found = validate_rallies(session, rallies, progress=bar, **words)
        else:
            dataset = open_dataset(options.data, options.split, keypoints=session.spec.keypoint_shape is not None)
            console.note(f"{said} · {count(len(dataset), 'image')}")
            with CountBar("validating", enabled=not console.quiet) as bar:
                found = validate(session, dataset, progress=bar, **words)
        if folder is not None:
            console.note(draw_plots(found, folder))
    return found


def score_tracks(options: ValOptions) -> MotReport | MotComparison:
    """Score a folder of MOT text files against a MOTChallenge folder (SEQUENCE/gt/gt.txt, SEQUENCE/seqinfo.ini)."""
    if options.gt is None or (options.results is None) == (options.replay is None):
        raise UsageError("val --task track compares two folders", hint="--gt MOT17/train --results runs/track/mot17")
    if options.plots:
        raise UsageError("val --task track draws nothing", hint="leave --plots out; --json has the figures")

    from numa_benchmarks.metrics.mot import score_mot
    from numa_benchmarks.metrics.mot_compare import MotComparison
    from numa_benchmarks.metrics.mot_rules import MotRules

    def scored(results: str) -> MotReport:
        from numa_benchmarks.labels.left_out import LeftOut
        from numa_benchmarks.metrics.mot_folders import pair_sequences

        left_out, truth = LeftOut(), Path(expand(options.gt or ""))
        pairs = pair_sequences(truth, Path(results), left_out)
        return score_mot(pairs, half=options.second_half, rules=MotRules.parse(options.rules), left_out=left_out)

    if options.replay is None:
        report = scored(options.results or "")
    else:
        with TemporaryDirectory(prefix="numa-val-") as folder:
            report = scored(_tracked(options.replay, options.tracker, folder))
    return report if options.compare is None else MotComparison(report, scored(options.compare), options.compare)


def _tracked(replay: str | Path, tracker: str, folder: str) -> str:
    """Track recordings; return the folder of results."""
    from numa_runtime.pipeline.options import TrackRunOptions
    from numa_runtime.pipeline.start_known import start_known

    words = {"replay": replay, "tracker": tracker, "save_mot": True, "project": folder, "name": "val"}
    for _ in start_known(TrackRunOptions.of(words)):
        pass
    return str(Path(folder, "track", "val"))
