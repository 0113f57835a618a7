"""What `benchmark` compares when it compares formats, and how thoroughly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, option, same
from numa_runtime.options.panels import MOST
from numa_runtime.options.readers import MOST_WHOLE, Size, read_list
from numa_runtime.pipeline.options import DeviceOptions, OutputOptions, PredictionOptions

TORCH = "torch"
FORMATS = (TORCH, "torchscript", "onnx", "openvino", "engine")
"""The rows' words: the network itself, then every format, the one next to it first."""
_TIMING = "Timing"
_ELSEWHERE = {
    "verbose": "print(report) is the table; watch= is told what happens meanwhile",
    "int8": "int8 export is not offered yet",
    "quantize": "half=True is what export offers next to float32",
    "eps": "times are given as they were measured",
}
_NEUTRAL = {"quantize": (32, "fp32"), "eps": (...,)}


def read_formats(name: str, value: Any) -> tuple[str, ...]:
    """Return the formats' words; "" is all of them, as Ultralytics users know it."""
    return FORMATS if value == "" else read_list(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkOptions(Options):
    """What to compare and how thoroughly.

    Attributes:
        formats: words of FORMATS, in the order of the rows.
        imgsz: input size, pixels: one side or (height, width).
        half: mixed fp16 next to the float32 source.
        rounds: how many turns every format has to be timed.
        frames: frames of a turn.
        time_limit: the longest an export may take, and the longest a worker may be silent, seconds.
        device: as for `YOLO`.
        threads: CPU threads for inference.
        split: of the labelled data.
        project: artifacts and report go to PROJECT/benchmark/MODEL.
    """

    mode: ClassVar[str] = "benchmark"
    elsewhere: ClassVar[Mapping[str, str]] = _ELSEWHERE
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = _NEUTRAL

    formats: tuple[str, ...] = option(
        FORMATS,
        "Rows of the table, comma separated.",
        read=read_formats,
        flags=("--formats", "--format"),
        metavar="NAMES",
        panel=MOST,
    )
    imgsz: Size | None = same(PredictionOptions, "imgsz", help="Input size: 640, or height and width.")
    half: bool = option(False, "Export in mixed fp16.", panel=MOST)
    rounds: int = option(20, "How often each one is timed. Default: 20, track 6.", panel=_TIMING)
    frames: int = option(5, "Frames per turn. Default: 5, track 40 to 400.", panel=_TIMING)
    time_limit: float = option(600.0, "Seconds an export may take or a worker be silent.", panel=_TIMING)
    device: str = same(DeviceOptions, "device", panel=MOST)
    threads: int | None = same(DeviceOptions, "threads")
    split: str = option("val", "train, val or test.", metavar="NAME", panel=MOST)
    project: str | Path = same(OutputOptions, "project")

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        for word in self.formats:
            if word not in FORMATS:
                raise UsageError(
                    f"benchmark has no format {word!r}{nearest(word, FORMATS)}", hint=f"--formats {','.join(FORMATS)}"
                )
        if not self.formats:
            raise UsageError("benchmark needs a format at least", hint=f"--formats {','.join(FORMATS)}")
        for name, value in (("rounds", self.rounds), ("frames", self.frames), ("time-limit", self.time_limit)):
            if not value > 0:
                raise UsageError(f"--{name} is {value:g}; it must be more than 0")
            if value > MOST_WHOLE:
                raise UsageError(f"--{name} is {value:g}; it must be {MOST_WHOLE} or less")
