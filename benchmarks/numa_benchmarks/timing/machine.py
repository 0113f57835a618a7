"""The machine figures were measured on, without which they mean nothing a month later, and this process's memory."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
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
_CPUINFO, _STATM = Path("/proc/cpuinfo"), Path("/proc/self/statm")


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


def busy_words(place: Mapping[str, Any]) -> str:
    """Return " The machine was busy ..." where more wanted the CPUs than the benchmark itself, "" otherwise."""
    load, cpus = place.get("load_average"), place.get("logical_cpus")
    if load is None or cpus is None or load <= cpus:
        return ""
    return f" The machine was busy (load {load:g} on {cpus} CPUs): measure again."


def _load_average() -> float | None:
    """Return how many processes wanted a CPU in the last minute, on average; above the cores, figures suffer."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


def rss_mb() -> float:
    """Return the resident set in megabytes (1e6 bytes); where the system does not tell, its peak so far."""
    try:
        pages = int(_STATM.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return _peak_mb()


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # Windows has no such module
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
