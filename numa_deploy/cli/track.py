"""`numa-deploy track`: ids for every object, through the whole video."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o

TRACKER = "Tracker (default: the YAML values)"


def track(
    model: o.Model = None,
    source: o.Source = None,
    device: o.Device = "auto",
    threads: o.Threads = None,
    imgsz: o.ImgSize = None,
    vid_stride: o.VidStride = 1,
    stream_buffer: o.StreamBuffer = False,
    conf: Annotated[
        float | None,
        typer.Option(
            help="Smallest score that starts a track; weaker detections still extend tracks.",
            rich_help_panel="What counts",
        ),
    ] = None,
    iou: o.Iou = None,
    classes: o.Classes = None,
    max_det: o.MaxDet = None,
    agnostic_nms: o.Agnostic = False,
    tracker: Annotated[
        str, typer.Option(help="bytetrack, sort, ocsort, botsort, or a YAML file.", rich_help_panel=TRACKER)
    ] = "bytetrack",
    ball_tracker: Annotated[
        str, typer.Option(help="Tracker of a multitask network's balls, name or YAML file.", rich_help_panel=TRACKER)
    ] = "balltrack",
    track_high_thresh: Annotated[
        float | None, typer.Option(help="Scores from here on associate first.", rich_help_panel=TRACKER)
    ] = None,
    track_low_thresh: Annotated[
        float | None, typer.Option(help="Scores from here on rescue tracks.", rich_help_panel=TRACKER)
    ] = None,
    new_track_thresh: Annotated[
        float | None, typer.Option(help="Smallest score that starts a track.", rich_help_panel=TRACKER)
    ] = None,
    track_buffer: Annotated[
        int | None, typer.Option(help="How long a lost track is kept, in frames at 30 fps.", rich_help_panel=TRACKER)
    ] = None,
    match_thresh: Annotated[
        float | None, typer.Option(help="Largest cost (1 - IoU x score) of a first match.", rich_help_panel=TRACKER)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Any other parameter of the tracker (repeatable): --set min_hits=2; or as a word: with_reid=True.",
            rich_help_panel=TRACKER,
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="ID[,ID]|all",
            help="Tell the life of these ids, with pictures: which stage and which threshold began, lost, kept or "
            "ended them. all: count the reasons of all ids, and say which to look at.",
            rich_help_panel="What is written",
        ),
    ] = None,
    save: o.Save = True,
    save_mot: o.SaveMot = True,
    save_jsonl: o.SaveJsonl = True,
    save_csv: o.SaveCsv = False,
    save_txt: o.SaveTxt = False,
    save_conf: o.SaveConf = False,
    save_ball: o.SaveBall = None,
    show: o.Show = False,
    show_labels: o.ShowLabels = True,
    show_conf: o.ShowConf = True,
    show_boxes: o.ShowBoxes = True,
    line_width: o.LineWidth = None,
    project: o.Project = "runs",
    name: o.Name = None,
    exist_ok: o.ExistOk = False,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Follow every object through video; write annotated video, MOTChallenge text and JSON lines."""
    words = dict(locals())

    from numa_deploy.cli.running import run

    run("track", words)
