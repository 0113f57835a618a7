"""What `benchmark` compares when it compares formats, and how thoroughly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, option
from numa_runtime.options.panels import MOST, SOURCE, WRITTEN
from numa_runtime.options.readers import Size, at_least, read_list, read_size

TORCH = "torch"
FORMATS = (TORCH, "torchscript", "onnx", "openvino", "engine")
_TIMING = "Timing"


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

    formats: tuple[str, ...] = option(
        FORMATS,
        "Rows of the table, comma separated.",
        read=read_list,
        flags=("--formats", "--format"),
        metavar="NAMES",
        panel=MOST,
    )
    imgsz: Size | None = option(
        None, "Input size: 640, or height and width.", read=read_size, metavar="SIZE", panel=MOST
    )
    half: bool = option(False, "Export in mixed fp16.", panel=MOST)
    rounds: int = option(20, "How often each one is timed. Default: 20, track 6.", panel=_TIMING)
    frames: int = option(5, "Frames per turn. Default: 5, track 40 to 400.", panel=_TIMING)
    time_limit: float = option(600.0, "Seconds an export may take or a worker be silent.", panel=_TIMING)
    device: str = option(
        "auto", "auto, cpu, cuda, cuda:0 or 0. What cannot be honoured is an error.", metavar="NAME", panel=MOST
    )
    threads: int | None = option(
        None, "CPU threads for inference. Default: the physical cores.", kind=int, read=at_least(1), panel=SOURCE
    )
    split: str = option("val", "train, val or test.", metavar="NAME", panel=MOST)
    project: str | Path = option("runs", "Folder that holds the results.", metavar="FOLDER", panel=WRITTEN)

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
            if value <= 0:
                raise UsageError(f"--{name} is {value:g}; it must be more than 0")
