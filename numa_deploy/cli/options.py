"""Options of the command line itself: which model runs where, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, PRINTED
from numa_runtime.pipeline.options import DeviceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions(DeviceOptions):
    """What runs, and where."""

    model: str | None = option(
        None,
        "Artifact: .onnx, *_openvino_model/, .engine; or a bundled model: multitask, or yolox-nano, the default.",
        short="-m",
        metavar="PATH",
        panel=MOST,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOptions(Options):
    """What a command prints."""

    elsewhere: ClassVar[Mapping[str, str]] = {"verbose": "what is done is printed, unless --quiet is given"}
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {"verbose": (True,)}

    json: str | None = option(
        None, "Also write the summary as JSON (- = standard output).", metavar="FILE", panel=PRINTED
    )
    quiet: bool = option(False, "Print errors and --json only.", short="-q", panel=PRINTED)
    debug: bool = option(False, "Show tracebacks and debug lines.", panel=PRINTED)
