"""`numa-deploy val`: how good a model, or a tracking result, is on labelled data."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from numa_deploy.cli import options as o

_TRACKS = "Tracking results (--task track)"


def val(
    model: o.Model = None,
    data: Annotated[str | None, typer.Option(help="data.yaml, COCO .json or folder.", rich_help_panel=o.MODEL)] = None,
    split: Annotated[str, typer.Option(help="train, val or test.", rich_help_panel=o.MODEL)] = "val",
    device: o.Device = "auto",
    threads: o.Threads = None,
    imgsz: o.ImgSize = None,
    conf: Annotated[float, typer.Option(help="Smallest score that counts.", rich_help_panel=o.SEE)] = 0.001,
    iou: Annotated[float, typer.Option(help="Overlap of the suppression.", rich_help_panel=o.SEE)] = 0.7,
    task: Annotated[str, typer.Option(help="detect (boxes, keypoints) or track.", rich_help_panel=o.MODEL)] = "detect",
    gt: Annotated[
        str | None, typer.Option(help="MOTChallenge folder with ground truth.", rich_help_panel=_TRACKS)
    ] = None,
    results: Annotated[str | None, typer.Option(help="Folder of MOT text files.", rich_help_panel=_TRACKS)] = None,
    half: Annotated[
        bool, typer.Option("--half/--no-half", help="Score the second half of each sequence.", rich_help_panel=_TRACKS)
    ] = False,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Score a model on labelled images (mAP), or tracking results against ground truth (HOTA, MOTA, IDF1)."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_deploy.cli.scoring import score_model, score_tracks
    from numa_deploy.cli.values import image_size
    from numa_runtime.errors import UsageError, nearest

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    report: Any
    if task == "track":
        report = score_tracks(gt, results, half=half)
    elif task in ("detect", "pose"):
        report = score_model(console, model, data, split, device, threads, image_size(imgsz), conf, iou)
    else:
        raise UsageError(f"val has no task {task!r}{nearest(task, ['detect', 'pose', 'track'])}", hint="--task track")
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
