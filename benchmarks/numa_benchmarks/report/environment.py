"""What the figures were measured on: without it a table means nothing a month later."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from numa_runtime.sessions.threads import thread_count

PACKAGES = (
    "numa-deploy",
    "numpy",
    "numba",
    "opencv-python",
    "onnxruntime",
    "openvino",
    "torch",
    "tensorrt",
    "tensorrt-rtx",
)
_CPUINFO = Path("/proc/cpuinfo")


def environment(threads: int | None) -> dict[str, Any]:
    """Return CPU, cores, threads used, system, versions of what is installed, date, and how busy the machine was."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": cpu_name(),
        "logical_cpus": os.cpu_count(),
        "threads": thread_count(threads),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "load_average": _load_average(),
    }


def cpu_name() -> str:
    """Return the processor's name as the system tells it."""
    try:
        lines = _CPUINFO.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _load_average() -> float | None:
    """Return how many processes wanted a CPU in the last minute, on average; above the cores, figures suffer."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None
