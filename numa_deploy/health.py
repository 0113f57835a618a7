"""What this machine has: versions, providers, threads, caches, extras. Nothing is installed or changed."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from numa_runtime.installing import DISTRIBUTION, absent, extras_for, packages_line, pip_line

BASE = ("numpy", "numba", "opencv-python", "onnxruntime", "av", "typer", "rich", "pyyaml")


BRINGS = {
    "eval": "val: mAP and MOT metrics",
    "parquet": "recordings as Parquet",
    "tune": "tune: tracker parameters searched on clips of yours",
    "supervision": "results handed to supervision, and its detections taken",
    "export": "export and adopt: artifacts of ours, from networks, other artifacts and foreign ONNX files",
    "openvino": "OpenVINO models: the fastest CPU inference on Intel and AMD",
    "train": "networks in torch: trained, run, exported, counted",
    "tensorboard": "curves of a training, live in TensorBoard",
    "tensorrt": "TensorRT engines on NVIDIA GPUs and Jetsons",
    "rtx": "TensorRT RTX engines on NVIDIA RTX GPUs",
    "docs": "the pages of the project: make docs serves them",
}
"""What each extra is good for; which there are, and what they need, the package's own metadata say."""

_NEED = re.compile(r"(?P<name>[\w.-]+)(?P<bundle>\[)?[^;]*;.*\bextra\s*==\s*[\"'](?P<extra>[^\"']+)[\"']")


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation.

    Attributes:
        name: the extra's word.
        versions: the distributions it needs; None for one that is not installed.
    """

    name: str
    versions: Mapping[str, str | None]

    @property
    def present(self) -> bool:
        """Whether everything it needs is installed."""
        return None not in self.versions.values()

    def line(self) -> str:
        """Return what is there or missing, and what it is for."""
        missing = [name for name, found in self.versions.items() if found is None]
        if missing:
            state = "missing: " + ", ".join(missing)
        else:
            state = "ok: " + ", ".join(f"{name} {found}" for name, found in self.versions.items())
        return f"{state}  ({BRINGS[self.name]})" if self.name in BRINGS else state


def read_extras(needs: Iterable[str]) -> tuple[Extra, ...]:
    """Return the extras of a distribution, in its own order; those that bundle other extras (all, dev) are omitted.

    Args:
        needs: its `Requires-Dist` lines: `onnx>=1.18; extra == "export"`.
    """
    extras: dict[str, dict[str, str | None]] = {}
    bundles: set[str] = set()
    for need in needs:
        if found := _NEED.match(need):
            name, extra = found["name"], found["extra"]
            if name == DISTRIBUTION:
                bundles.add(extra)
            extras.setdefault(extra, {})[name] = _installed(name)
    return tuple(Extra(name, versions) for name, versions in extras.items() if name not in bundles)


_RUNS = ("numpy", "numba", "cv2", "onnxruntime", "av")
WORK: dict[str, tuple[str, ...]] = {
    "predict": _RUNS,
    "track": _RUNS,
    "inspect": _RUNS,
    "check": _RUNS,
    "benchmark": _RUNS,
    "val": (*_RUNS, "faster_coco_eval", "trackeval"),
    "tune": (*_RUNS, "optuna", "trackeval"),
    "export": (*_RUNS, "onnx"),
    "adopt": (*_RUNS, "onnx"),
    "networks (.pt, .yaml)": (*_RUNS, "torch", "onnxscript"),
    "OpenVINO": (*_RUNS, "openvino"),
}
"""By what people do here, the modules that it needs. Engines are a matter of the machine: "extras" lists them."""


def readiness() -> list[str]:
    """Return "ready: predict, track, ...", then what is not, a line for each way to get it."""
    ready: list[str] = []
    ways: dict[str, list[str]] = {}
    for work, modules in WORK.items():
        missing = absent(modules)
        if not missing:
            ready.append(work)
            continue
        base = [module for module in missing if module in _RUNS]
        ways.setdefault(pip_line() if base else pip_line(*extras_for(missing)), []).append(work)
    lines = [f"ready: {', '.join(ready) or 'nothing'}"]
    return lines + [f"missing: {', '.join(works)} ({line})" for line, works in ways.items()]


@dataclass(frozen=True, slots=True)
class Health:
    """The findings; `lines()` for people, `to_dict()` for `--json`."""

    system: dict[str, str]
    packages: dict[str, str]
    inference: dict[str, str]
    caches: dict[str, str]
    extras: tuple[Extra, ...]
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the report, one finding a line; the last ones say what this machine is ready for."""
        text: list[str] = []
        for title, rows in (
            ("system", self.system),
            ("packages", self.packages),
            ("inference", self.inference),
            ("caches", self.caches),
        ):
            text.append(title)
            text += [f"  {name:<14} {value}" for name, value in rows.items()]
        text.append("extras")
        text += [f"  {extra.name:<14} {extra.line()}" for extra in self.extras]
        return [*text, *(f"warning: {warning}" for warning in self.warnings), "", *readiness()]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "system": self.system,
            "packages": self.packages,
            "inference": self.inference,
            "caches": self.caches,
            "extras": {extra.name: extra.present for extra in self.extras},
            "warnings": list(self.warnings),
        }


def examine() -> Health:
    """Look at this machine."""
    from numa_benchmarks.timing.machine import cpu_name
    from numa_deploy import __version__

    warnings: list[str] = []
    system = {
        "numa-deploy": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "cpu": f"{cpu_name()}, {os.cpu_count()} logical",
        "gpu": _gpu(),
    }
    packages = {name: _version(name, warnings) for name in BASE}
    return Health(
        system,
        packages,
        _inference(warnings),
        {"numba kernels": _kernel_cache(warnings)},
        _extras(warnings),
        tuple(warnings),
    )


def _extras(warnings: list[str]) -> tuple[Extra, ...]:
    try:
        return read_extras(requires(DISTRIBUTION) or ())
    except PackageNotFoundError:
        warnings.append(f"{DISTRIBUTION} is not installed, only imported: its extras are unknown")
        return ()


def _version(name: str, warnings: list[str]) -> str:
    if found := _installed(name):
        return found
    if name == "opencv-python":
        for other in ("opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"):
            if importlib.util.find_spec("cv2") is not None and (found := _installed(other)):
                return f"{found} ({other})"
    warnings.append(f"{name} is not installed: {packages_line(name)}")
    return "missing"


def _installed(name: str) -> str | None:
    """Return a distribution's version, None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _gpu() -> str:
    from numa_runtime.sessions.tensorrt.cuda import gpu_summary

    return gpu_summary()


def _inference(warnings: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        import onnxruntime

        found["onnxruntime"] = ", ".join(onnxruntime.get_available_providers())
    except ImportError as error:
        warnings.append(f"onnxruntime cannot be imported: {error}")
    if importlib.util.find_spec("openvino") is not None:
        import openvino

        found["openvino"] = ", ".join(openvino.Core().available_devices)
    from numa_runtime.sessions.threads import usable_cores

    found["threads"] = f"{usable_cores()} (usable physical cores; --threads N changes it)"
    return found


def _kernel_cache(warnings: list[str]) -> str:
    import numa_runtime

    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(numa_runtime.__file__).parent)
    files = list(folder.rglob("*.nbi"))
    if not os.access(folder, os.W_OK):
        warnings.append(f"{folder} is not writable: numba caches its kernels in the user's cache folder instead")
    return f"{len(files)} compiled in {folder}" if files else f"none yet in {folder}: the first run compiles"
