"""Where a model runs."""

from __future__ import annotations

from dataclasses import dataclass

from numa_runtime.options import Options, option
from numa_runtime.options.panels import SOURCE
from numa_runtime.options.readers import at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOptions(Options):
    """What `numa_runtime.sessions.load` takes next to a path."""

    device: str = option(
        "auto", "auto, cpu, cuda, cuda:0 or 0. What cannot be honoured is an error.", metavar="NAME", panel=SOURCE
    )
    threads: int | None = option(
        None,
        "CPU threads for inference. Default: the physical cores.",
        kind=int,
        read=at_least(1),
        panel=SOURCE,
    )
