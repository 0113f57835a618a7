"""How far a training is, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """Told after every batch.

    Attributes:
        epoch: from 1.
        epochs: all.
        batch: from 1.
        batches: of an epoch.
        losses: means of the epoch so far, by part.
        waiting: share of the time that was spent waiting for samples.
        figures: of the last epoch that was validated; empty before.
        device: as torch names it.
    """

    epoch: int
    epochs: int
    batch: int
    batches: int
    losses: dict[str, float]
    waiting: float
    figures: dict[str, float] = field(default_factory=dict)
    device: str = "cpu"


Watch = Callable[[Told], None]
