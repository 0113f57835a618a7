"""One search: optuna proposes, clips are tracked one by one, what falls behind is given up early."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from numa_benchmarks.tune.evaluator import Evaluator
from numa_benchmarks.tune.pruning import BehindMost
from numa_benchmarks.tune.space import Space
from numa_runtime.errors import MissingExtra
from numa_runtime.tracking.params import TrackerParams

try:
    import optuna
except ImportError as error:
    raise MissingExtra("tuning a tracker", "optuna", "tune") from error

TrialProgress = Callable[[int, float, float], None]
"""Called after each trial with (trials done, the start's value, the best value so far)."""

INTERRUPTED, TIMEOUT = "interrupted", "timeout"

_RANDOM_TRIALS = 12
_NEVER_PRUNED = 3
"""With so few clips every one is tracked: the figures of one say too little about the others."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        params: the best parameters.
        value: their value in percent.
        start_value: the start's value in percent.
        trials: number of trials.
        pruned: trials given up before their last clip.
        stopped: why it ended early (INTERRUPTED, TIMEOUT), or "".
    """

    params: TrackerParams
    value: float
    start_value: float
    trials: int
    pruned: int
    stopped: str = ""


def search(
    space: Space,
    evaluator: Evaluator,
    clips: Sequence[int],
    *,
    trials: int,
    seed: int,
    deadline: float | None = None,
    watch: TrialProgress | None = None,
) -> SearchResult:
    """Search a space on some clips; the start is the first trial, so nothing gets worse.

    After it come points that are known to be good somewhere (`Space.known`), random ones, then what optuna makes of
    them. Ctrl-C ends the search and keeps what it found.

    Args:
        space: what is searched.
        evaluator: gives the value of parameters on a clip.
        clips: indices into the evaluator's.
        trials: number of trials.
        seed: the same seed gives the same search.
        deadline: of `time.monotonic`; the start is tried in any case.
        watch: told about every trial.
    """
    study = _study(seed, len(clips))
    start_values = list(evaluator.values(space.start, clips))
    best, value, pruned, done, stopped = space.start, start_values[-1], 0, 0, ""
    for params in space.known():
        study.enqueue_trial(space.encode(params))
    try:
        while done < trials:
            if done and deadline is not None and monotonic() > deadline:
                stopped = TIMEOUT
                break
            trial = study.ask()
            params = space.suggest(trial) if done else _first(space, trial)
            reached = _attempt(trial, evaluator, params, clips, start_values)
            done += 1
            if reached is None:
                pruned += 1
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            else:
                study.tell(trial, reached)
                if reached > value:
                    best, value = params, reached
            if watch is not None:
                watch(done, start_values[-1], value)
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    return SearchResult(best, value, start_values[-1], done, pruned, stopped)


def _study(seed: int, clips: int) -> Any:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # multivariate, before optuna 5
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=_RANDOM_TRIALS)
    pruner: Any = optuna.pruners.NopPruner()
    if clips > _NEVER_PRUNED:
        pruner = BehindMost(warmup=max(1, clips // 4), least=_RANDOM_TRIALS)
    return optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)


def _first(space: Space, trial: Any) -> TrackerParams:
    """Take the enqueued start: asked for like any other, so that the sampler learns of it, but not rounded."""
    space.suggest(trial)
    return space.start


def _attempt(
    trial: Any, evaluator: Evaluator, params: TrackerParams, clips: Sequence[int], start_values: Sequence[float]
) -> float | None:
    """Return the value over all clips, or None when the trial fell behind.

    Trials are compared by what they gain over the start on the same clips: clips differ in difficulty.
    """
    value = 0.0
    for step, (value, before) in enumerate(zip(evaluator.values(params, clips), start_values, strict=False)):
        trial.report(value - before, step)
        if step + 1 < len(clips) and trial.should_prune():
            return None
    return value
