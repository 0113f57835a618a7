"""`numa-deploy predict`: detections of images and video."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def predict(
    model: o.Model = None,
    source: o.Source = None,
    device: o.Device = "auto",
    threads: o.Threads = None,
    imgsz: o.ImgSize = None,
    vid_stride: o.VidStride = 1,
    stream_buffer: o.StreamBuffer = False,
    conf: Annotated[
        float | None, typer.Option(help="Smallest score. Default: the model's (0.25).", rich_help_panel="What counts")
    ] = None,
    iou: o.Iou = None,
    classes: o.Classes = None,
    max_det: o.MaxDet = None,
    agnostic_nms: o.Agnostic = False,
    save: o.Save = True,
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
    """Find objects in images and video; write annotated pictures and JSON lines."""
    words = dict(locals())

    from numa_deploy.cli.running import run

    run("predict", words)
