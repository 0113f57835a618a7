"""`numa-deploy adopt`: a foreign ONNX file becomes an artifact of ours, proved equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numa_deploy.cli.options import PrintOptions
from numa_runtime.contract.family import Family
from numa_runtime.options import Options, option, same
from numa_runtime.options.panels import MOST
from numa_runtime.options.readers import Size, as_pair, at_least, read_list
from numa_runtime.pipeline.options import PredictionOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptOptions(Options):
    """What is adopted, and how it is to be read."""

    mode: ClassVar[str] = "adopt"

    file: str = option("", "Foreign ONNX file.", argument=True, required=True)
    family: str = option("", f"Who made it: {', '.join(Family)}.", required=True, metavar="NAME", panel=MOST)
    output: str | None = option(None, "Default: FILE-numa.onnx next to it.", short="-o", metavar="PATH", panel=MOST)
    imgsz: Size | None = same(
        PredictionOptions, "imgsz", help="Input size for files of dynamic size: 640, or height and width."
    )
    names: tuple[str, ...] | None = option(
        None, "Class names, comma separated, for files that carry none.", read=read_list, metavar="NAMES", panel=MOST
    )
    frames: int | None = option(
        None, "Frames of a clip, for heat-map networks whose file does not say.", kind=int, read=at_least(2), panel=MOST
    )
    images: str | None = option(
        None, "Images for the proof: folder or glob. Default: bundled photographs.", metavar="PATH", panel=MOST
    )


def adopt(options: AdoptOptions, prints: PrintOptions) -> None:
    """Take a foreign ONNX file and write an artifact of ours next to it, with contract, proof and golden sample."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.exporting import photographs
    from numa_export.adopt import adopt as adopt_file

    console = open_console(prints)
    report = adopt_file(
        options.file,
        options.family,
        options.output,
        imgsz=None if options.imgsz is None else as_pair(options.imgsz),
        images=photographs(options.images),
        names=options.names,
        frames=options.frames,
    )
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
