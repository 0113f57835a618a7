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
    from numa_deploy.yolo.exporting import photographs
    from numa_export.adopt import adopt as adopt_file

    size = image_size(imgsz)
    report = adopt_file(
        file,
        family,
        output,
        imgsz=(size, size) if isinstance(size, int) else size,
        images=photographs(images),
        names=class_words(names),
    )
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
