"""Everything that `predict` and `track` take, in groups; each consumer receives its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from numa_runtime.options import Options, group, same
from numa_runtime.pipeline.options.court import CourtOptions
from numa_runtime.pipeline.options.device import DeviceOptions
from numa_runtime.pipeline.options.known import KnownOptions
from numa_runtime.pipeline.options.outputs import OutputOptions
from numa_runtime.pipeline.options.prediction import PredictionOptions
from numa_runtime.pipeline.options.source import SourceOptions
from numa_runtime.pipeline.options.tracker import TrackerOptions
from numa_runtime.vision.style import Style

_ELSEWHERE = {
    "half": "precision lives in the artifact: export or adopt one in fp16",
    "int8": "precision lives in the artifact: use an int8 file",
    "quantize": "precision lives in the artifact: use a file of that precision",
    "augment": "test-time augmentation is not offered",
    "visualize": "feature maps cannot be seen from an exported file",
    "embed": "an exported file gives detections only",
    "retina_masks": "there is no segment task yet",
    "batch": "frames run one at a time: a video's latency is what counts here",
    "save_crop": "result.save_crop(folder) writes what lies in its boxes",
    "save_frames": "use save=True for the annotated video",
    "dnn": "the artifact's own runtime is used: an ONNX file runs in ONNX Runtime",
    "nms": "the artifact says whether suppression is inside; iou=0.5 sets its overlap",
    "rect": "imgsz=(640, 640) gives a square",
    "compile": "an exported file is compiled already",
}
_NEUTRAL = {"batch": (1,), "quantize": (32, "fp32"), "nms": (True,), "rect": (True,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(Options):
    """The options of one `predict` run; `RunOptions.of(words)` makes them from flat keywords.

    Attributes:
        source: where frames come from.
        prediction: what counts as a detection; the model receives it.
        outputs: what is written; the sinks' side receives it.
        style: what is drawn.
        device: where the model runs already, or None; a run cannot move it.
    """

    mode: ClassVar[str] = "predict"
    elsewhere: ClassVar[Mapping[str, str]] = _ELSEWHERE
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = _NEUTRAL

    source: SourceOptions = group(SourceOptions)
    prediction: PredictionOptions = group(PredictionOptions)
    outputs: OutputOptions = group(OutputOptions)
    style: Style = group(Style)
    device: str | None = same(DeviceOptions, "device", default=None, python_only=True)

    @property
    def needs_folder(self) -> bool:
        """Whether the run has anything to write, draw or show."""
        return self.outputs.writes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRunOptions(RunOptions):
    """The options of one `track` run.

    Attributes:
        tracker: who follows, with which parameters.
        known: detections that are known already.
        court: where the court lies that is seen.
    """

    mode: ClassVar[str] = "track"

    tracker: TrackerOptions = group(TrackerOptions)
    known: KnownOptions = group(KnownOptions)
    court: CourtOptions = group(CourtOptions)

    @property
    def needs_folder(self) -> bool:
        """Whether the run has anything to write, draw, show or explain."""
        return self.outputs.writes or bool(self.tracker.explain)
