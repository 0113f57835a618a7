"""Flags that several modes share, declared once."""

from __future__ import annotations

from typing import Annotated

import typer

MODEL, SEE, WRITE, TALK = "Model and source", "What counts", "What is written", "What is printed"

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="Artifact to run: .onnx, *_openvino_model/, .engine. Default: the bundled YOLOX-nano.",
        rich_help_panel=MODEL,
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        "-s",
        help="Image, folder, glob, video, webcam number or stream URL. Default: the bundled sample clip.",
        rich_help_panel=MODEL,
    ),
]
Device = Annotated[
    str, typer.Option(help="auto, cpu, cuda, cuda:0 or 0. What cannot be honoured is an error.", rich_help_panel=MODEL)
]
Threads = Annotated[
    int | None,
    typer.Option(min=1, help="CPU threads for inference. Default: the physical cores.", rich_help_panel=MODEL),
]
ImgSize = Annotated[
    str | None,
    typer.Option("--imgsz", help="Input size for artifacts of dynamic size: 640, or H W.", rich_help_panel=MODEL),
]
VidStride = Annotated[int, typer.Option(min=1, help="Use every n-th frame.", rich_help_panel=MODEL)]
StreamBuffer = Annotated[
    bool,
    typer.Option(
        "--stream-buffer/--no-stream-buffer",
        help="Live streams: queue every frame instead of taking the newest.",
        rich_help_panel=MODEL,
    ),
]
Iou = Annotated[
    float | None,
    typer.Option(help="Boxes overlapping more than this are one object. Default: the model's.", rich_help_panel=SEE),
]
Classes = Annotated[str | None, typer.Option(help="Only these classes: person,car or 0,2.", rich_help_panel=SEE)]
MaxDet = Annotated[int | None, typer.Option(help="At most this many detections per frame.", rich_help_panel=SEE)]
Agnostic = Annotated[
    bool, typer.Option("--agnostic-nms/--no-agnostic-nms", help="Suppress across classes.", rich_help_panel=SEE)
]
Save = Annotated[
    bool, typer.Option("--save/--no-save", help="Write annotated pictures or video.", rich_help_panel=WRITE)
]
SaveMot = Annotated[
    bool, typer.Option("--save-mot/--no-save-mot", help="Write tracks as MOTChallenge text.", rich_help_panel=WRITE)
]
SaveJsonl = Annotated[
    bool, typer.Option("--save-jsonl/--no-save-jsonl", help="Write one JSON object per frame.", rich_help_panel=WRITE)
]
SaveCsv = Annotated[
    bool, typer.Option("--save-csv/--no-save-csv", help="Write one CSV row per detection.", rich_help_panel=WRITE)
]
SaveTxt = Annotated[
    bool, typer.Option("--save-txt/--no-save-txt", help="Write YOLO label files.", rich_help_panel=WRITE)
]
SaveConf = Annotated[
    bool, typer.Option("--save-conf/--no-save-conf", help="Put scores into the YOLO labels.", rich_help_panel=WRITE)
]
SaveBall = Annotated[
    bool | None,
    typer.Option(
        "--save-ball/--no-save-ball",
        help="Write balls as CSV Frame,Visibility,X,Y. Default: when the model has balls.",
        rich_help_panel=WRITE,
    ),
]
Show = Annotated[
    bool, typer.Option("--show/--no-show", help="Show a window; q or Esc ends the run.", rich_help_panel=WRITE)
]
ShowLabels = Annotated[
    bool, typer.Option("--show-labels/--no-show-labels", help="Draw class names and ids.", rich_help_panel=WRITE)
]
ShowConf = Annotated[bool, typer.Option("--show-conf/--no-show-conf", help="Draw scores.", rich_help_panel=WRITE)]
ShowBoxes = Annotated[bool, typer.Option("--show-boxes/--no-show-boxes", help="Draw boxes.", rich_help_panel=WRITE)]
LineWidth = Annotated[
    int | None, typer.Option(min=1, help="Line width in pixels. Default: by frame size.", rich_help_panel=WRITE)
]
Project = Annotated[str, typer.Option(help="Folder that holds the results.", rich_help_panel=WRITE)]
Name = Annotated[
    str | None,
    typer.Option(help="Results lie under PROJECT/MODE/NAME. Default: the source's name.", rich_help_panel=WRITE),
]
ExistOk = Annotated[
    bool,
    typer.Option(
        "--exist-ok/--no-exist-ok", help="Write into an existing folder instead of NAME-2.", rich_help_panel=WRITE
    ),
]
Json = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE", help="Also write the summary as JSON (- = standard output).", rich_help_panel=TALK
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet/--no-quiet", "-q", help="Print errors and --json only.", rich_help_panel=TALK)
]
Debug = Annotated[
    bool, typer.Option("--debug/--no-debug", help="Show tracebacks and debug lines.", rich_help_panel=TALK)
]
