"""A format before it is measured (`Entry`) and after: its figures under the keys of `--json`, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numa_benchmarks.timing.command import Command
from numa_benchmarks.timing.distribution import Distribution
from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.messages import Timed

MAPS = ("box_map50_95", "keypoint_map50_95")
FIGURES = (*MAPS, "ball_f1")
"""The figures of `val --json` that formats are compared by, one a head."""


_BESIDE = ("box_map50", "keypoint_map50", "ball_precision", "ball_recall", "ball_conf")


@dataclass(frozen=True, slots=True)
class Entry:
    """One format that is to be in the table, and what it takes to get there.

    Attributes:
        name: unique among the entries ("onnx", "onnx fp16"); it names the worker in messages.
        format: the format's word.
        precision: "fp32", "fp16", or "" where only the worker knows.
        artifact: the file or folder the worker opens.
        make: the command that writes the artifact; None where it is there.
        worker: the command line of a worker for it (`numa_benchmarks.timing.worker`); empty where there is a reason.
        reason: why this format cannot be had at all, in words.
    """

    name: str
    format: str
    precision: str = ""
    artifact: Path | None = None
    make: Command | None = None
    worker: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds per frame by stage and in all; fps: frames per second of the mean."""

    preprocess: Distribution
    inference: Distribution
    postprocess: Distribution
    total: Distribution
    frames: int

    @classmethod
    def of(cls, timed: Timed) -> Latency:
        """Summarise all turns of one worker."""
        return cls(
            preprocess=Distribution.of(timed.preprocess),
            inference=Distribution.of(timed.inference),
            postprocess=Distribution.of(timed.postprocess),
            total=Distribution.of(timed.total),
            frames=len(timed.total),
        )

    @property
    def fps(self) -> float:
        """Frames per second."""
        return 1e3 / self.total.mean

    def to_dict(self) -> dict[str, float]:
        """Return `preprocess_ms`, `preprocess_ms_p50`, ..., `total_ms_p99`, `fps`."""
        found: dict[str, float] = {}
        for stage in ("preprocess", "inference", "postprocess", "total"):
            found |= getattr(self, stage).to_dict(f"{stage}_ms")
        return {**found, "fps": self.fps, "timed_frames": self.frames}


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format. What is not known is None; `reason` says why, in words, whenever `status` is not OK.

    Attributes:
        imgsz: height and width the network ran at.
        metrics: the figures of `val --json`, 0 to 1.
        map_delta_points: the change against the reference in points (hundredths) of mAP50-95 (balls: F1), of the head
            that lost most; None for the reference itself.
        max_box_error_px: the largest distance of a box from the source's, as the export proved it.
    """

    format: str
    precision: str = ""
    status: Status = Status.OK
    reason: str = ""
    artifact: str = ""
    runs_on: str = ""
    imgsz: tuple[int, ...] | None = None
    size_mb: float | None = None
    metrics: dict[str, Any] | None = None
    map_delta_points: float | None = None
    latency: Latency | None = None
    load_s: float | None = None
    first_result_s: float | None = None
    rss_mb: float | None = None
    export_s: float | None = None
    max_box_error_px: float | None = None

    @property
    def ok(self) -> bool:
        """Whether everything was measured."""
        return self.status is Status.OK

    def broken(self, failure: Failure) -> FormatRow:
        """Return the row with a failure in it; what was measured before stays."""
        return replace(self, status=failure.status, reason=failure.reason)

    def against(self, reference: FormatRow) -> FormatRow:
        """Return the row with its change against a reference row that has metrics."""
        if self.metrics is None or reference.metrics is None or self is reference:
            return self
        changes = [
            100 * (self.metrics[key] - reference.metrics[key])
            for key in FIGURES
            if self.metrics.get(key) is not None and reference.metrics.get(key) is not None
        ]
        return replace(self, map_delta_points=min(changes)) if changes else self

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; every row has every figure's key where any was measured, None for unknown ones."""
        figures = {key: (self.metrics or {}).get(key) for key in (*FIGURES, *_BESIDE)}
        return {
            "format": self.format,
            "precision": self.precision,
            "status": self.status.value,
            "reason": self.reason,
            "artifact": self.artifact,
            "runs_on": self.runs_on,
            "imgsz": None if self.imgsz is None else list(self.imgsz),
            "size_mb": self.size_mb,
            **figures,
            "map_delta_points": self.map_delta_points,
            **(self.latency.to_dict() if self.latency else dict.fromkeys(LATENCY_KEYS)),
            "load_s": self.load_s,
            "first_result_s": self.first_result_s,
            "rss_mb": self.rss_mb,
            "export_s": self.export_s,
            "max_box_error_px": self.max_box_error_px,
        }


LATENCY_KEYS = (
    *(
        f"{stage}_ms{tail}"
        for stage in ("preprocess", "inference", "postprocess", "total")
        for tail in ("", "_p50", "_p90", "_p99")
    ),
    "fps",
    "timed_frames",
)
