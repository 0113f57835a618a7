"""Whether this machine can run this engine, said in words before anything is loaded."""

from __future__ import annotations

import logging
from pathlib import Path

from numa_runtime.errors import DeviceError, EngineError
from numa_runtime.sessions.device import Device
from numa_runtime.sessions.tensorrt.container import EngineFile
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine
from numa_runtime.sessions.tensorrt.header import EngineHeader

_LOGGER = logging.getLogger("numa_runtime")


def check_device(engine: EngineFile, device: Device, machine: Machine) -> Gpu:
    """Return the GPU the engine runs on.

    Raises:
        DeviceError: an explicit device that is not an NVIDIA GPU, or one this machine does not have.
        EngineError: no GPU at all, or one the engine was not built for; names both and the way out.
    """
    where = engine.path.name
    if device.kind not in ("auto", "cuda"):
        raise DeviceError(
            f"{where} is an engine and runs on NVIDIA GPUs only; --device {device} is not one",
            hint=_instead(engine.path),
        )
    if not machine.gpus:
        raise _refused(engine, machine.problem or "no NVIDIA GPU")
    if device.index >= len(machine.gpus):
        raise DeviceError(
            f"device {device} was asked for; this machine has {len(machine.gpus)}",
            hint="devices are counted from 0: --device 0",
        )
    gpu = machine.gpus[device.index]
    if not _fits(engine.header, gpu.capability):
        raise _refused(engine, f"{gpu.name} (SM{gpu.capability})")
    return gpu


def check_version(engine: EngineFile, installed: str) -> None:
    """Compare the builder's version with the installed runtime's.

    A newer runtime may read an older engine (version compatible builds do), an older one never reads a newer.

    Args:
        engine: the engine, not loaded.
        installed: the installed runtime's version ("1.7.1.116").

    Raises:
        EngineError: the runtime is older than the builder.
    """
    have, want = version_tuple(installed)[:3], engine.header.version[:3]
    if have < want:
        raise _refused(engine, f"{engine.header.flavour} {'.'.join(map(str, have))}")
    if have != want:
        _LOGGER.warning(
            "%s was built by %s and is opened by %s", engine.path.name, engine.header.builder, ".".join(map(str, have))
        )


def refused_by_runtime(engine: EngineFile, installed: str, gpu: Gpu, reason: str) -> EngineError:
    """Return the error for an engine that passed every check and that TensorRT refuses all the same."""
    error = _refused(engine, f"{engine.header.flavour} {installed} on {gpu.name} (SM{gpu.capability})")
    return EngineError(f"{error.what}, which refuses it{': ' + reason if reason else ''}", hint=error.hint)


def version_tuple(text: str) -> tuple[int, ...]:
    """`1.7.1.116` -> (1, 7, 1, 116); parts that are not numbers count as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))


def _fits(header: EngineHeader, capability: int) -> bool:
    if not header.targets or f"sm{capability}" in header.targets:
        return True
    # Portable plans name the capabilities of their day; unlisted ones in between are the runtime's to judge.
    return header.later and capability > min(int(name[2:]) for name in header.targets)


def _refused(engine: EngineFile, machine: str) -> EngineError:
    header = engine.header
    targets = f" for {header.target_words}" if header.target_words else ""
    return EngineError(
        f"{engine.path.name} was built by {header.builder}{targets}; this machine has {machine}",
        hint=_instead(engine.path),
    )


def _instead(engine: Path) -> str:
    onnx = engine.with_suffix(".onnx")
    name = onnx.name if onnx.is_file() else "MODEL.onnx"
    run = f"run the ONNX next to it (--model {name})" if onnx.is_file() else "run the ONNX file it was made from"
    return f"{run}, or build for the GPU at hand: numa-deploy export --model {name} --format engine"
