"""`numa-deploy info`: layers, parameters and GFLOPs of a network."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.cli.options import PrintOptions
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST
from numa_runtime.options.readers import Size, as_pair, read_size


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoOptions(Options):
    """Which network, at which size."""

    model: str = option("", "Checkpoint (.pt) or configuration (multitask-n.yaml).", argument=True, required=True)
    imgsz: Size = option(
        640, "Input size: one number, or height and width.", read=read_size, metavar="SIZE", kind=str, panel=MOST
    )


def info(options: InfoOptions, prints: PrintOptions) -> None:
    """Print a network's layers, parameters, GFLOPs and import; other files are what `inspect` is for."""
    from numa_deploy.cli.console import open_console
    from numa_deploy.yolo.bundled import network_path
    from numa_deploy.yolo.opening import is_network, open_with_account
    from numa_runtime.errors import UsageError

    console = open_console(prints)
    model = network_path(options.model)
    if not is_network(model):
        raise UsageError(
            f"{options.model} is not a checkpoint or configuration", hint=f"numa-deploy inspect {options.model}"
        )

    network, account = open_with_account(model)  # says what is missing, torch for one, before it is imported

    from numa_deploy.network.info import info as count

    report = count(network, *as_pair(options.imgsz))
    for line in (*report.table().splitlines(), *(account.lines() if account else ())):
        console.say(line)
    console.finish(report.to_dict() | ({"import": account.to_dict()} if account else {}))
