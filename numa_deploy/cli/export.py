"""`numa-deploy export`: a network or one of our ONNX files becomes another artifact, proved equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from numa_deploy.cli.options import ModelOptions, PrintOptions
from numa_export.plan import NOT_OURS, OPTIONS
from numa_runtime.options import Option, Options, option, same
from numa_runtime.options.panels import MOST


def export_options() -> Iterable[Option]:
    """Return the options of every format, as the plan of an export declares them."""
    return OPTIONS.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions(Options):
    """What is exported, to what, and where to; `options` are those of the format."""

    mode: ClassVar[str] = "export"
    elsewhere: ClassVar[Mapping[str, str]] = NOT_OURS

    model: str | None = same(
        ModelOptions,
        "model",
        help="Checkpoint (.pt), configuration (multitask-n.yaml) or ONNX of ours. Default: the bundled multitask.",
    )
    format: str = option("onnx", "onnx, engine, openvino or torchscript.", metavar="NAME", panel=MOST)
    output: str | None = option(
        None, "Default: next to the model; of a bundled one, here.", short="-o", metavar="PATH", panel=MOST
    )
    images: str | None = option(None, "Images for the proof. Default: bundled photographs.", metavar="PATH", panel=MOST)
    options: Mapping[str, Any] | None = option(None, "", collects=export_options, python_only=True)


def export(options: ExportOptions, prints: PrintOptions) -> None:
    """Write an artifact and prove that it answers like its source."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.cli.progress import StepBar
    from numa_deploy.yolo.exporting import export as export_model

    console = open_console(prints)
    with StepBar(enabled=not console.quiet) as bar:
        report = export_model(
            options.model,
            options.format,
            output=options.output,
            images=options.images,
            progress=bar,
            **(options.options or {}),
        )
    for line in report.lines():
        console.say(line)
    console.finish(report.to_dict())
