"""TorchScript: the traced and frozen inference form, with the contract in the archive's extra files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from numa_export.formats.exportable import Deployed, module_of
from numa_export.plan import ExportPlan
from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, BuildRecord, ModelSpec, record_to_json, spec_to_json
from numa_runtime.errors import ModelError, SinkError


def to_torchscript(deployed: Deployed, plan: ExportPlan) -> Any:
    """Trace and freeze the inference form; returns a `torch.jit.ScriptModule` from uint8 to a tuple of outputs.

    Raises:
        ModelError: torch cannot trace the network.
    """
    import torch

    trace: Any = torch.jit.trace
    example = deployed.example_input(*plan.size, plan.batch)
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            # The tracer warns of every size it reads, and calls itself old; the proof judges what came out.
            warnings.simplefilter("ignore")
            traced = trace(module_of(deployed), (example,), check_trace=False)
            return torch.jit.freeze(traced.eval())
    except RuntimeError as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        raise ModelError(f"torch {torch.__version__} cannot trace the network: {reason}") from error


def output_shapes(script: Any, deployed: Deployed, plan: ExportPlan) -> dict[str, tuple[int | str, ...]]:
    """Run the script once at the planned size and return the shape of each output by name."""
    import torch

    with torch.inference_mode():
        outputs = script(deployed.example_input(*plan.size, plan.batch))
    return {name: tuple(output.shape) for name, output in zip(deployed.output_names, outputs, strict=True)}


def save_torchscript(script: Any, path: Path, spec: ModelSpec, record: BuildRecord, golden: str | None = None) -> None:
    """Write the module with its contract.

    Args:
        script: the traced module.
        path: written directly, as the temporary name of `atomic_path`.
        spec: the contract.
        record: how the file is made.
        golden: the golden sample as text.

    Raises:
        SinkError: the folder is not writable, or the disk is full.
    """
    import torch

    extra = {SPEC_KEY: spec_to_json(spec), RECORD_KEY: record_to_json(record)}
    if golden is not None:
        extra[GOLDEN_KEY] = golden
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.jit.save(script, str(path), _extra_files=extra)
    except RuntimeError as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise SinkError(
            f"{path} cannot be written: {reason}", hint="is there space, and may you write there?"
        ) from error
