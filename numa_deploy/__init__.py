"""numa-deploy: take a YOLO network out of the notebook, run it without torch, follow every object.

What people type is re-exported here lazily: importing this package takes milliseconds and pulls in neither
torch, cv2, onnxruntime nor numba.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_deploy.yolo import YOLO as YOLO
    from numa_deploy.yolo.adopting import adopt as adopt
    from numa_deploy.yolo.benchmarking import benchmark as benchmark
    from numa_deploy.yolo.exporting import export as export
    from numa_deploy.yolo.importing import import_weights as import_weights
    from numa_deploy.yolo.known import track as track
    from numa_runtime.errors import NumaError as NumaError
    from numa_runtime.explain import Recorder as Recorder
    from numa_runtime.recording import Recording as Recording
    from numa_runtime.results import Results as Results
    from numa_runtime.sessions import load as load
    from numa_runtime.tracking import BallTracker as BallTracker
    from numa_runtime.tracking import Tracker as Tracker

__version__ = "0.1.0"

_WHERE = {
    "YOLO": "numa_deploy.yolo",
    "adopt": "numa_deploy.yolo.adopting",
    "BallTracker": "numa_runtime.tracking",
    "NumaError": "numa_runtime.errors",
    "Tracker": "numa_runtime.tracking",
    "Recorder": "numa_runtime.explain",
    "Recording": "numa_runtime.recording",
    "Results": "numa_runtime.results",
    "benchmark": "numa_deploy.yolo.benchmarking",
    "export": "numa_deploy.yolo.exporting",
    "import_weights": "numa_deploy.yolo.importing",
    "load": "numa_runtime.sessions",
    "track": "numa_deploy.yolo.known",
}
__all__ = [
    "YOLO",
    "BallTracker",
    "NumaError",
    "Recorder",
    "Recording",
    "Results",
    "Tracker",
    "__version__",
    "adopt",
    "benchmark",
    "export",
    "import_weights",
    "load",
    "track",
]

__getattr__, __dir__ = lazy(__name__, _WHERE)
