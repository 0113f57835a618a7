"""`numa-deploy inspect`: what a file is, without running it."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.cli.options import PrintOptions
from numa_runtime.options import Options, option


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions(Options):
    """What is looked at."""

    file: str = option("", "Artifact: .onnx, *_openvino_model/, .engine.", argument=True, required=True)


def inspect(options: InspectOptions, prints: PrintOptions) -> None:
    """Print a model's contract, inputs, outputs, size and precision; engines are read without a GPU."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.bundled import model_path
    from numa_runtime.sessions.describe import describe

    console = open_console(prints)
    card = describe(model_path(options.file))
    rows = card.rows()
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        console.say(f"{name:<{width}}  {value}")
    console.finish(card.to_dict())
