"""Results: what was found in one frame, in numpy, under the names Ultralytics users know."""

from numa_runtime.results.array import Array, as_array
from numa_runtime.results.ended import Ended
from numa_runtime.results.records import BallRecords, Detections
from numa_runtime.results.result import Frame, Painter, Results
from numa_runtime.results.views import Balls, Boxes, Keypoints

__all__ = [
    "Array",
    "BallRecords",
    "Balls",
    "Boxes",
    "Detections",
    "Ended",
    "Frame",
    "Keypoints",
    "Painter",
    "Results",
    "as_array",
]
