"""A training on disk: checkpoints that are networks by themselves and hold all that is needed to go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from numa_deploy.network.checkpoint import read, save
from numa_deploy.network.model import Network
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
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    best: float = -1.0
    best_epoch: int = 0


def save_training(
    path: Path,
    network: Network,
    average: Average,
    optimiser: torch.optim.Optimizer,
    position: Position,
    options: dict[str, Any],
) -> None:
    """Write a checkpoint: the averaged network, and beside it the weights, the optimiser and the position.

    Args:
        path: the file; complete or not at all.
        network: that is trained.
        average: of it.
        optimiser: its state.
        position: where the training is.
        options: plain values that a resumed training must share.
    """
    averaged = average.network
    assert isinstance(averaged, Network)
    weights = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
    extra = {
        "weights": weights,
        "average_steps": average.steps,
        "optimiser": _on_cpu(optimiser.state_dict()),
        "position": asdict(position),
        "options": options,
    }
    save(averaged, path, {KEY: extra})


def load_training(
    path: Path,
    network: Network,
    average: Average,
    optimiser: torch.optim.Optimizer,
    options: dict[str, Any],
) -> Position:
    """Fill network, average and optimiser from a checkpoint, and return where that training was.

    Raises:
        ModelError: the file holds no training.
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
    network.load_state_dict(kept["weights"])
    average.load({"steps": kept["average_steps"], "weights": plain["state"]})
    optimiser.load_state_dict(kept["optimiser"])
    return Position(**kept["position"])


def _on_cpu(value: Any) -> Any:
    """Return plain containers with their tensors on the CPU, copied."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, dict):
        return {key: _on_cpu(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_on_cpu(inner) for inner in value]
    return value
