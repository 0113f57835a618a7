"""Who builds an engine here: TensorRT RTX on any machine, TensorRT 10 or 11 on the GPU it is for."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from numa_export.plan import RTX_CAPABILITIES, Builder, ExportPlan, Target
from numa_runtime.errors import EngineError, MissingExtra
from numa_runtime.sessions.tensorrt.cuda import Machine
from numa_runtime.sessions.tensorrt.header import Flavour

_LOGGER = logging.getLogger("numa_runtime")
Importer = Callable[[Flavour], ModuleType | None]


@dataclass(frozen=True, slots=True)
class Toolkit:
    """The bindings that build.

    Attributes:
        flavour: whose they are.
        trt: the bindings.
        target: for which GPU; auto means portable (RTX only).
    """

    flavour: Flavour
    trt: ModuleType
    target: Target

    @property
    def version(self) -> str:
        """`1.7.1.116`."""
        return str(self.trt.__version__)

    @property
    def target_words(self) -> str:
        """`SM89`, or `SM80 and later`."""
        return "SM80 and later" if self.target.capability is None else str(self.target).upper()


def installed(flavour: Flavour) -> ModuleType | None:
    """Return the Python bindings of a flavour, None where they are not installed."""
    for name in flavour.modules:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    return None


def choose_toolkit(plan: ExportPlan, machine: Machine, find: Importer = installed) -> Toolkit:
    """Return what builds the planned engine on this machine.

    RTX is preferred, since it builds for other GPUs and without one; TensorRT is used when it was asked for, or
    when RTX is not available and the GPU for it is here.

    Raises:
        MissingExtra: no builder is installed.
        EngineError: TensorRT was asked for and the machine has no GPU, or another one than the target.
        UsageError: the target that was found does not have the precision.
    """
    here = machine.gpus[0].capability if machine.gpus else None
    if plan.builder is Builder.TENSORRT:
        return _tensorrt(plan, machine, find)
    if plan.target.capability is None and here is not None and here not in RTX_CAPABILITIES:
        if plan.builder is Builder.AUTO and find(Flavour.TENSORRT) is not None:
            return _tensorrt(plan, machine, find)
        _LOGGER.warning("this machine's GPU (SM%d) runs no TensorRT RTX engine; the engine is for other machines", here)
    trt = find(Flavour.RTX)
    if trt is not None:
        return Toolkit(Flavour.RTX, trt, _rtx_target(plan, here))
    if plan.builder is Builder.AUTO and here is not None and plan.target.capability in (None, here):
        return _tensorrt(plan, machine, find)
    raise MissingExtra("building an engine", Flavour.RTX.modules[0], Flavour.RTX.extra)


def _rtx_target(plan: ExportPlan, here: int | None) -> Target:
    if plan.target.capability is not None:
        return plan.target
    if here in RTX_CAPABILITIES:
        target = Target(here)
        target.check(plan.precision)
        return target
    _LOGGER.warning(
        "no --target and no GPU here that RTX builds for: the engine is for every GPU from SM80 (Ampere) on"
    )
    return Target()


def _tensorrt(plan: ExportPlan, machine: Machine, find: Importer) -> Toolkit:
    hint = "--builder rtx builds for another GPU: --target sm89"
    if not machine.gpus:
        raise EngineError(f"TensorRT builds on the GPU itself; this machine has {machine.problem}", hint=hint)
    gpu = machine.gpus[0]
    if plan.target.capability not in (None, gpu.capability):
        raise EngineError(
            f"TensorRT builds for the GPU of this machine, {gpu.name} (SM{gpu.capability}), not for {plan.target}",
            hint=hint,
        )
    target = Target(gpu.capability)
    target.check(plan.precision)
    trt = find(Flavour.TENSORRT)
    if trt is None:
        raise MissingExtra("building an engine with TensorRT", Flavour.TENSORRT.modules[0], Flavour.TENSORRT.extra)
    return Toolkit(Flavour.TENSORRT, trt, target)
