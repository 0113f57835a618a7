"""`numa-deploy benchmark`: which format to ship, with numbers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from numa_deploy.cli import options as o

_COMPARE, _TIMING = "What is compared", "Timing"


def benchmark(
    model: o.Model = None,
    data: Annotated[
        str | None,
        typer.Option(help="data.yaml, COCO .json or folder. Default: 24 bundled pictures.", rich_help_panel=o.MODEL),
    ] = None,
    split: Annotated[str, typer.Option(help="train, val or test.", rich_help_panel=o.MODEL)] = "val",
    device: o.Device = "auto",
    threads: o.Threads = None,
    formats: Annotated[
        str,
        typer.Option("--formats", "--format", help="Rows of the table, comma separated.", rich_help_panel=_COMPARE),
    ] = "torch,torchscript,onnx,openvino,engine",
    imgsz: o.ImgSize = None,
    half: Annotated[
        bool, typer.Option("--half/--no-half", help="Export in mixed fp16.", rich_help_panel=_COMPARE)
    ] = False,
    rounds: Annotated[
        int, typer.Option(min=1, help="How often each format's turn comes.", rich_help_panel=_TIMING)
    ] = 20,
    frames: Annotated[int, typer.Option(min=1, help="Frames per turn.", rich_help_panel=_TIMING)] = 5,
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
    """Make, prove, validate and time a model in every format, each in a process of its own."""
    from numa_deploy.cli.console import Console, show_logs

    console = Console(quiet, json_file)
    show_logs(quiet, debug)

    from numa_benchmarks.report.bench import Watch
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.cli.values import image_size
    from numa_deploy.yolo.benchmarking import benchmark as run

    words: dict[str, Any] = {
        "formats": formats,
        "imgsz": image_size(imgsz),
        "half": half,
        "rounds": rounds,
        "frames": frames,
        "limit_s": time_limit,
        "device": device,
        "threads": threads,
        "split": split,
        "project": project,
    }
    with CountBar("benchmarking", enabled=not quiet) as bar:
        report = run(model, data, watch=Watch(console.note, bar), **words)
    for line in report.lines():
        console.say(line)
    console.say(report.footnote())
    if markdown is not None:
        _write(markdown, report.markdown())
    console.finish(report.to_dict())
    if strict and not report.complete:
        raise typer.Exit(1)


def _write(file: str, text: str) -> None:
    from pathlib import Path

    from numa_runtime.files import atomic_path

    with atomic_path(Path(file)) as part:
        part.write_text(text, encoding="utf-8")
