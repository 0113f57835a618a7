"""`numa-deploy adopt`: a foreign ONNX file becomes an artifact of ours, proved equal."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def adopt(
    file: Annotated[str, typer.Argument(help="Foreign ONNX file.", show_default=False)],
    family: Annotated[str, typer.Option(help="yolox or ultralytics.")],
    output: Annotated[str | None, typer.Option("--output", "-o", help="Default: FILE-numa.onnx beside it.")] = None,
    imgsz: o.ImgSize = None,
    names: Annotated[str | None, typer.Option(help="Class names, comma separated, for files that carry none.")] = None,
    images: Annotated[
        str | None, typer.Option(help="Images for the proof: folder or glob. Default: bundled photographs.")
    ] = None,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Take a foreign ONNX file and write an artifact of ours beside it, with contract, proof and golden sample."""
    from numa_deploy.cli.console import Console, show_logs

    console = Console(quiet, json_file)
    show_logs(quiet, debug)

    from numa_deploy.cli.values import class_words, image_size
    from numa_deploy.yolo.bundled import sample_photos
    from numa_export.adopt import adopt as adopt_file
    from numa_runtime.sources.source import open_source

    size = image_size(imgsz)
    photographs = open_source(images or list(sample_photos()))
    report = adopt_file(
        file,
        family,
        output,
        imgsz=(size, size) if isinstance(size, int) else size,
        images=[frame.image for media in photographs for frame in media],
        names=class_words(names),
    )
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
