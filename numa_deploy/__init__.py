"""numa-deploy: take a YOLO network out of the notebook, run it without torch, follow every object.

What people type is re-exported here lazily: importing this package takes milliseconds and pulls in neither
torch, cv2, onnxruntime nor numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_deploy.yolo import YOLO as YOLO
    from numa_deploy.yolo.benchmarking import benchmark as benchmark
    from numa_runtime.explain import Recorder as Recorder
    from numa_runtime.results import Results as Results
    from numa_runtime.sessions import load as load
    from numa_runtime.tracking import Tracker as Tracker

__version__ = "0.1.0"

_WHERE = {
    "YOLO": "numa_deploy.yolo",
    "Tracker": "numa_runtime.tracking",
    "Recorder": "numa_runtime.explain",
    "Results": "numa_runtime.results",
    "benchmark": "numa_deploy.yolo.benchmarking",
    "load": "numa_runtime.sessions",
}
__all__ = ["YOLO", "Recorder", "Results", "Tracker", "__version__", "benchmark", "load"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
