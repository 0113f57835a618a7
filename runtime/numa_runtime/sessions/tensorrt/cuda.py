"""What this machine can run, asked of the CUDA driver alone: touching TensorRT without a GPU can crash the process."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from typing import Any

_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, _MINOR


@dataclass(frozen=True, slots=True)
class Gpu:
    """One CUDA device.

    Attributes:
        name: the device's name.
        capability: compute capability as a number (89 is SM89).
    """

    name: str
    capability: int


@dataclass(frozen=True, slots=True)
class Machine:
    """The NVIDIA side of this machine.

    Attributes:
        gpus: the CUDA devices.
        problem: why there is no GPU, "" when there is one.
    """

    gpus: tuple[Gpu, ...] = ()
    problem: str = ""


def probe_machine() -> Machine:
    """Ask the CUDA driver for its devices; never raises, never loads TensorRT."""
    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        driver: Any = ctypes.CDLL(library)
    except OSError:
        return Machine(problem="no NVIDIA driver")
    if status := driver.cuInit(0):
        return Machine(problem="no usable NVIDIA GPU" if status == 100 else f"an NVIDIA driver that fails ({status})")
    count = ctypes.c_int(0)
    if driver.cuDeviceGetCount(ctypes.byref(count)) or count.value == 0:
        return Machine(problem="no NVIDIA GPU")
    return Machine(tuple(_gpu(driver, index) for index in range(count.value)))


def gpu_summary() -> str:
    """Return the GPUs in words, or why there is none: `NVIDIA L4 (SM89)`, `no NVIDIA driver`."""
    machine = probe_machine()
    return ", ".join(f"{gpu.name} (SM{gpu.capability})" for gpu in machine.gpus) or machine.problem


def _gpu(driver: Any, index: int) -> Gpu:
    device, name = ctypes.c_int(0), ctypes.create_string_buffer(256)
    driver.cuDeviceGet(ctypes.byref(device), index)
    driver.cuDeviceGetName(name, len(name), device)
    major, minor = ctypes.c_int(0), ctypes.c_int(0)
    driver.cuDeviceGetAttribute(ctypes.byref(major), _MAJOR, device)
    driver.cuDeviceGetAttribute(ctypes.byref(minor), _MINOR, device)
    return Gpu(name.value.decode("utf-8", "replace"), major.value * 10 + minor.value)
