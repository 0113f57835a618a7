"""`numa-deploy warmup`: compile the kernels ahead of the first video."""

from __future__ import annotations

from dataclasses import dataclass

from numa_deploy.cli.options import PrintOptions
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmupOptions(Options):
    """What is compiled."""

    hooks: bool = option(False, "Also the stages that subclasses of BYTETracker call.", panel=MOST)


def warmup(options: WarmupOptions, prints: PrintOptions) -> None:
    """Compile the tracking kernels for this machine and keep them in numba's cache: later starts load them."""
    from numa_deploy.cli.console import open_console
    from numa_runtime.pipeline.warming import warm_up

    console = open_console(prints)
    rows = []
    for warmed in warm_up(console.note, hooks=options.hooks):
        console.say(warmed.line())
        rows.append({"kernels": warmed.kernels, "load_s": warmed.seconds, "compiled": warmed.compiled})
    console.finish({"rows": rows})
