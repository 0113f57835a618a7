"""`numa-deploy export`: a network or one of our ONNX files becomes another artifact, proved equal."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o

_HOW = "How it is written"
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="Checkpoint (.pt), configuration (multitask-n.yaml), or an ONNX of ours. Default: the bundled detector.",
        rich_help_panel=o.MODEL,
    ),
]


def export(
    model: Model = None,
    format: Annotated[str, typer.Option("--format", help="onnx, engine, openvino or torchscript.")] = "onnx",
    output: Annotated[str | None, typer.Option("--output", "-o", help="Default: beside the model.")] = None,
    imgsz: o.ImgSize = None,
    batch: Annotated[int | None, typer.Option(help="Images (clips) per call.", rich_help_panel=_HOW)] = None,
    dynamic: Annotated[
        bool, typer.Option("--dynamic/--no-dynamic", help="Any batch, height, width.", rich_help_panel=_HOW)
    ] = False,
    half: Annotated[
        bool,
        typer.Option("--half/--no-half", help="Mixed fp16: decode and outputs stay float32.", rich_help_panel=_HOW),
    ] = False,
    features: Annotated[
        bool,
        typer.Option(
            "--features/--no-features",
            help="Appearance features of every candidate, for trackers with with_reid.",
            rich_help_panel=_HOW,
        ),
    ] = False,
    opset: Annotated[int | None, typer.Option(help="ONNX operator set, 18 to 26.", rich_help_panel=_HOW)] = None,
    target: Annotated[
        str | None,
        typer.Option(help="GPU an engine is for: auto, sm75, sm80, sm86, sm89, sm120, sm121.", rich_help_panel=_HOW),
    ] = None,
    builder: Annotated[
        str | None, typer.Option(help="Who builds an engine: auto, rtx, tensorrt.", rich_help_panel=_HOW)
    ] = None,
    workspace: Annotated[
        float | None, typer.Option(help="Most scratch memory of an engine, GiB.", rich_help_panel=_HOW)
    ] = None,
    max_batch: Annotated[
        int | None, typer.Option(help="Largest batch of a dynamic engine.", rich_help_panel=_HOW)
    ] = None,
    max_imgsz: Annotated[
        str | None, typer.Option(help="Largest size of a dynamic engine.", rich_help_panel=_HOW)
    ] = None,
    images: Annotated[str | None, typer.Option(help="Images for the proof. Default: bundled photographs.")] = None,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Write an artifact and prove that it answers like its source."""
    words = dict(locals())
    for name in ("model", "format", "output", "images", "json_file", "quiet", "debug"):
        del words[name]
    for switch in ("dynamic", "half", "features"):
        words[switch] = words[switch] or None

    from numa_deploy.cli.console import Console, show_logs
    from numa_deploy.cli.progress import StepBar
    from numa_deploy.yolo.exporting import export as export_model

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    with StepBar(enabled=not quiet) as bar:
        report = export_model(model, format, output=output, images=images, progress=bar, **words)
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
