"""When to give a trial up: it is behind most others on the clips it has been tried on."""

from __future__ import annotations

from typing import Any

import numpy as np

from numa_runtime.errors import MissingExtra

try:
    from optuna.pruners import BasePruner
except ImportError as error:
    raise MissingExtra("tuning a tracker", "optuna", "tune") from error


class BehindMost(BasePruner):  # type: ignore[misc]
    """Gives up a trial that is below the median of the trials that came as far.

    optuna's own median pruner compares a trial's best step so far, which suits a network's learning curve. Here a step
    is one more clip, and a trial that was good on the first clip would never be given up for what follows.

    Args:
        warmup: steps that no trial is given up in.
        least: how many trials must have come as far.
    """

    def __init__(self, warmup: int, least: int) -> None:
        self._warmup = warmup
        self._least = least

    def prune(self, study: Any, trial: Any) -> bool:
        """Whether to give `trial` up at its last step."""
        step = trial.last_step
        if step is None or step < self._warmup:
            return False
        others = [
            other.intermediate_values[step]
            for other in study.get_trials(deepcopy=False)
            if other.number != trial.number and step in other.intermediate_values
        ]
        return len(others) >= self._least and trial.intermediate_values[step] < float(np.median(others))
