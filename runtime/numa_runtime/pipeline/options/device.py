"""Where a model runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_runtime.options import Options, option
from numa_runtime.options.panels import SOURCE
from numa_runtime.options.readers import at_least, plain


def read_device(_: str, value: Any) -> str:
    """Return the word for "cuda:0", 0, [0], a torch.device or "" (auto); a session reads it."""
    given = plain(value)
    if isinstance(given, list | tuple) and len(given) == 1:
        given = given[0]
    return str(given).strip() or "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOptions(Options):
    """What `numa_runtime.sessions.load` takes next to a path."""

    device: str = option(
        "auto",
        "auto, cpu, cuda, cuda:0 or 0. What cannot be honoured is an error.",
        read=read_device,
        metavar="NAME",
        panel=SOURCE,
    )
    threads: int | None = option(
        None,
        "CPU threads for inference. Default: the physical cores.",
        kind=int,
        read=at_least(1),
        panel=SOURCE,
    )
