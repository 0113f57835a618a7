"""`numa-deploy benchmark`: which format to ship, and what a tracker costs, with numbers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from numa_deploy.cli import options as o

_COMPARE, _TIMING, _TRACK = "What is compared", "Timing", "Trackers (--task track)"


def benchmark(
    model: o.Model = None,
    data: Annotated[
        str | None,
        typer.Option(help="data.yaml, COCO .json or folder. Default: 24 bundled pictures.", rich_help_panel=o.MODEL),
    ] = None,
    split: Annotated[str, typer.Option(help="train, val or test.", rich_help_panel=o.MODEL)] = "val",
    device: o.Device = "auto",
    threads: o.Threads = None,
    task: Annotated[
        str, typer.Option(help="detect (formats of a model) or track (trackers).", rich_help_panel=_COMPARE)
    ] = "detect",
    formats: Annotated[
        str | None,
        typer.Option(
            "--formats",
            "--format",
            help="Rows of the table, comma separated. Default: torch,torchscript,onnx,openvino,engine.",
            rich_help_panel=_COMPARE,
        ),
    ] = None,
    imgsz: o.ImgSize = None,
    half: Annotated[
        bool,
        typer.Option(
            "--half/--no-half",
            help="Export in mixed fp16; with --task track, score the second half of each sequence.",
            rich_help_panel=_COMPARE,
        ),
    ] = False,
    tracker: Annotated[
        str | None, typer.Option(help="Names or YAML files, comma separated. Default: all.", rich_help_panel=_TRACK)
    ] = None,
    objects: Annotated[
        str | None,
        typer.Option(help="Objects at MOT17's density. Default: 10,100,1000,10000.", rich_help_panel=_TRACK),
    ] = None,
    crowd: Annotated[
        str | None,
        typer.Option(help="Objects in one Full HD frame (0 = none). Default: 100,300,1000.", rich_help_panel=_TRACK),
    ] = None,
    soak_frames: Annotated[
        int | None, typer.Option(help="Frames to watch memory over. Default: 20000.", rich_help_panel=_TRACK)
    ] = None,
    gt: Annotated[
        str | None, typer.Option(help="MOTChallenge folder with ground truth.", rich_help_panel=_TRACK)
    ] = None,
    detections: Annotated[
        str | None,
        typer.Option(help="Folder of SEQUENCE.txt. Default: SEQUENCE/det/det.txt in --gt.", rich_help_panel=_TRACK),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick/--no-quick", help="Seconds instead of minutes.", rich_help_panel=_TRACK)
    ] = False,
    rounds: Annotated[
        int | None,
        typer.Option(min=1, help="How often everybody's turn comes. Default: 20, track 6.", rich_help_panel=_TIMING),
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(min=1, help="Frames per turn. Default: 5, track 40 to 400.", rich_help_panel=_TIMING),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds an export may take or a worker be silent.", rich_help_panel=_TIMING)
    ] = 600.0,
    strict: Annotated[
        bool, typer.Option("--strict/--no-strict", help="Exit with 1 unless every row is measured.")
    ] = False,
    project: o.Project = "runs",
    markdown: Annotated[
        str | None,
        typer.Option("--markdown", metavar="FILE", help="Also write the table as Markdown.", rich_help_panel=o.TALK),
    ] = None,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Make, prove, validate and time a model in every format, each in a process of its own; or trackers."""
    from numa_deploy.cli.benchmarking import benchmark_formats, benchmark_trackers, check_task, write_markdown
    from numa_deploy.cli.console import Console, show_logs
    from numa_deploy.cli.values import image_size

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    folders = {"gt": gt, "detections": detections}
    check_task(
        task,
        {
            **{"model": model, "data": data, "formats": formats, "imgsz": imgsz, "threads": threads},
            **{"device": device != "auto", "split": split != "val", "project": project != "runs"},
        },
        {"tracker": tracker, "objects": objects, "crowd": crowd, "soak-frames": soak_frames, "quick": quick, **folders},
    )
    timing: dict[str, Any] = {"rounds": rounds, "frames": frames, "limit_s": time_limit, "half": half}
    report: Any
    if task == "track":
        scenes = {"trackers": tracker, "objects": objects, "crowd": crowd, "soak_frames": soak_frames}
        report = benchmark_trackers(console, {**timing, **scenes, **folders}, quick=quick)
    else:
        place = {"device": device, "threads": threads, "split": split, "project": project}
        made = {"formats": formats, "imgsz": image_size(imgsz)}
        report = benchmark_formats(console, model, data, {**timing, **place, **made})
    for line in report.lines():
        console.say(line)
    console.say(report.footnote())
    if markdown is not None:
        write_markdown(markdown, report.markdown())
    console.finish(report.to_dict())
    if strict and not report.complete:
        raise typer.Exit(1)
