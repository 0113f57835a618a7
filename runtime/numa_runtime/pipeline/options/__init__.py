"""The options of a run, each declared once: source, prediction, tracker, outputs, style, and what holds them."""

from numa_runtime.pipeline.options.court import CourtOptions
from numa_runtime.pipeline.options.device import DeviceOptions
from numa_runtime.pipeline.options.known import KnownOptions
from numa_runtime.pipeline.options.outputs import OutputOptions
from numa_runtime.pipeline.options.prediction import PredictionOptions
from numa_runtime.pipeline.options.run import RunOptions, TrackRunOptions
from numa_runtime.pipeline.options.source import SourceOptions
from numa_runtime.pipeline.options.tracker import TrackerOptions

__all__ = [
    "CourtOptions",
    "DeviceOptions",
    "KnownOptions",
    "OutputOptions",
    "PredictionOptions",
    "RunOptions",
    "SourceOptions",
    "TrackRunOptions",
    "TrackerOptions",
]
