"""What this machine has: versions, providers, threads, caches, extras. Nothing is installed or changed."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

BASE = ("numpy", "numba", "opencv-python", "onnxruntime", "av", "typer", "rich", "pyyaml")


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation: the module that shows it is there, and what it brings."""

    name: str
    modules: tuple[str, ...]
    brings: str

    @property
    def present(self) -> bool:
        """Whether every module can be found (none is imported)."""
        return all(importlib.util.find_spec(module) is not None for module in self.modules)


EXTRAS = (
    Extra("openvino", ("openvino",), "OpenVINO models: the fastest CPU inference on Intel and AMD"),
    Extra("export", ("onnx",), "adopt: foreign ONNX files become artifacts of ours"),
    Extra("eval", ("faster_coco_eval", "trackeval"), "val: mAP and MOT metrics"),
    Extra("train", ("torch", "onnxscript"), "networks in torch: run, export and count checkpoints"),
    Extra("tensorrt", ("tensorrt",), "TensorRT engines on NVIDIA GPUs and Jetsons"),
    Extra("rtx", ("tensorrt_rtx_bindings",), "TensorRT RTX engines on NVIDIA RTX GPUs"),
)


@dataclass(frozen=True, slots=True)
class Health:
    """The findings; `lines()` for people, `to_dict()` for `--json`."""

    system: dict[str, str]
    packages: dict[str, str]
    inference: dict[str, str]
    caches: dict[str, str]
    extras: dict[str, bool]
    warnings: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the report, one finding a line."""
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
        for extra in EXTRAS:
            state = "ok" if self.extras[extra.name] else f'missing: pip install "numa-deploy[{extra.name}]"'
            text.append(f"  {extra.name:<14} {state}  ({extra.brings})")
        return text + [f"warning: {warning}" for warning in self.warnings]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "system": self.system,
            "packages": self.packages,
            "inference": self.inference,
            "caches": self.caches,
            "extras": self.extras,
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
        {extra.name: extra.present for extra in EXTRAS},
        tuple(warnings),
    )


def _version(name: str, warnings: list[str]) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        if name == "opencv-python":
            for other in ("opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"):
                if importlib.util.find_spec("cv2") is not None and _has(other):
                    return f"{version(other)} ({other})"
        warnings.append(f"{name} is not installed: pip install {name}")
        return "missing"


def _has(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


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
    if EXTRAS[0].present:
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
