"""Where frames come from."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any

from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, SOURCE
from numa_runtime.options.readers import at_least


def read_source(_: str, value: Any) -> Any:
    """Return a webcam's number as Python's own; every other source as it is."""
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions(Options):
    """What `numa_runtime.sources.open_source` takes."""

    source: Any = option(
        None,
        "Image, folder, glob, video, webcam number, stream URL; or a bundled clip: sample, rally.",
        read=read_source,
        short="-s",
        metavar="PATH",
        panel=MOST,
    )
    vid_stride: int = option(1, "Use every n-th frame.", read=at_least(1), panel=SOURCE)
    stream_buffer: bool = option(False, "Live streams: queue every frame instead of taking the newest.", panel=SOURCE)
