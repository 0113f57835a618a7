"""`numa-deploy inspect`: what a file is, without running it."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def inspect(
    file: Annotated[str, typer.Argument(help="Artifact: .onnx, *_openvino_model/, .engine.", show_default=False)],
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Print a model's contract, inputs, outputs, size and precision; engines are read without a GPU."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_runtime.sessions.describe import describe

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    card = describe(file)
    rows = card.rows()
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        console.say(f"{name:<{width}}  {value}")
    console.finish(card.to_dict())
