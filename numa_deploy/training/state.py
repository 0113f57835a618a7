"""A training on disk: checkpoints that are networks by themselves and hold all that is needed to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from numa_deploy.network.checkpoint import read, save
from numa_deploy.network.model import Network
from numa_deploy.network.state import load_state
from numa_deploy.training.average import Average
from numa_runtime.errors import ModelError, UsageError

KEY = "training"


@dataclass(slots=True)
class Position:
    """Where a training is.

    Attributes:
        epoch: from 0.
        batch: batches of the epoch that were seen.
        step: optimiser steps.
        best: the best fitness so far.
        best_epoch: when it was reached.
        figures: of that epoch.
        sums: losses of the epoch's batches so far, added up.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    best: float = -1.0
    best_epoch: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)


def save_training(
    path: Path,
    network: Network,
    average: Average,
    optimiser: torch.optim.Optimizer,
    position: Position,
    options: Mapping[str, Any],
    scaler: Mapping[str, Any] | None = None,
) -> None:
    """Write a checkpoint: the averaged network, and beside it all that the next step depends on.

    Gradients are among it: a training may be interrupted between the batches that make up a step.

    Args:
        path: the file; complete or not at all.
        network: that is trained.
        average: of it.
        optimiser: its state.
        position: where the training is.
        options: plain values that a resumed training must share.
        scaler: state of the fp16 loss scaler.
    """
    averaged = average.network
    assert isinstance(averaged, Network)
    gradients = {name: one.grad for name, one in network.named_parameters() if one.grad is not None}
    extra = {
        "weights": _on_cpu(network.state_dict()),
        "gradients": _on_cpu(gradients),
        "average_steps": average.steps,
        "optimiser": _on_cpu(optimiser.state_dict()),
        "position": asdict(position),
        "options": dict(options),
        "scaler": dict(scaler or {}),
    }
    save(averaged, path, {KEY: extra})


def load_training(
    path: Path,
    network: Network,
    average: Average,
    optimiser: torch.optim.Optimizer,
    options: Mapping[str, Any],
) -> tuple[Position, dict[str, Any]]:
    """Fill network, average and optimiser from a checkpoint; return the position and the scaler's state.

    Raises:
        ModelError: the file holds no training, or one of another network.
        UsageError: options that make the training another one differ; each is named.
    """
    plain = read(path)
    kept = plain.get("extra", {}).get(KEY)
    if kept is None:
        raise ModelError(
            f"{path} is a network without a training", hint="--model takes it as a start, without --resume"
        )
    changed = [word for word, value in kept["options"].items() if options.get(word) != value]
    if changed:
        was = ", ".join(f"{word}={kept['options'][word]!r} (now {options.get(word)!r})" for word in changed)
        raise UsageError(f"the training to resume had {was}", hint="say the same words, or begin a new one: --name")
    load_state(network, kept["weights"], path.name)
    for name, parameter in network.named_parameters():
        gradient = kept["gradients"].get(name)
        parameter.grad = None if gradient is None else gradient.to(parameter.device)
    average.load({"steps": kept["average_steps"], "weights": plain["state"]})
    optimiser.load_state_dict(kept["optimiser"])
    return Position(**kept["position"]), kept["scaler"]


def _on_cpu(value: Any) -> Any:
    """Return plain containers with their tensors on the CPU, copied."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, Mapping):
        return {key: _on_cpu(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_on_cpu(inner) for inner in value]
    return value
