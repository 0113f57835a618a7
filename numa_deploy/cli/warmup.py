"""`numa-deploy warmup`: compile the kernels ahead of the first video."""

from __future__ import annotations

from typing import Annotated

import typer

from numa_deploy.cli import options as o


def warmup(
    hooks: Annotated[
        bool, typer.Option("--hooks", help="Also the stages that subclasses of BYTETracker call.")
    ] = False,
    json_file: o.Json = None,
    quiet: o.Quiet = False,
    debug: o.Debug = False,
) -> None:
    """Compile the tracking kernels for this machine and keep them in numba's cache: later starts load them."""
    from numa_deploy.cli.console import Console, show_logs
    from numa_runtime.pipeline.warming import warm_up

    console = Console(quiet, json_file)
    show_logs(quiet, debug)
    rows = []
    for warmed in warm_up(console.note, hooks=hooks):
        console.say(warmed.line())
        rows.append({"kernels": warmed.kernels, "load_s": warmed.seconds, "compiled": warmed.compiled})
    console.finish({"rows": rows})
