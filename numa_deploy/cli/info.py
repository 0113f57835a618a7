"""`numa-deploy info`: layers, parameters and GFLOPs of a network."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def info(
    model: Annotated[
        str, typer.Argument(help="Checkpoint (.pt) or configuration (multitask-n.yaml).", show_default=False)
    ],
    imgsz: o.ImgSize = None,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Print a network's layers, parameters and GFLOPs; other files are what `inspect` is for."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_deploy.cli.values import image_size
    from numa_deploy.yolo.opening import is_network, open_network
    from numa_runtime.errors import UsageError

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    if not is_network(model):
        raise UsageError(f"{model} is no checkpoint or configuration", hint=f"numa-deploy inspect {model}")

    from numa_deploy.network.info import info as count

    size = image_size(imgsz) or 640
    report = count(open_network(model), *((size, size) if isinstance(size, int) else size))
    console.say(report.table())
    console.finish(report.to_dict())
