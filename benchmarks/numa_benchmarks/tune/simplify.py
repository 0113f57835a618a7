"""Which changes are worth keeping: a parameter that changes nothing goes back to where it started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from numa_benchmarks.tune.evaluator import Evaluator
from numa_benchmarks.tune.space import Space
from numa_runtime.errors import NumaError
from numa_runtime.tracking.params import TrackerParams

GIVE_AWAY = 0.05
"""The share of the gain that may be given up for parameters that stay as users know them."""


def simplify(
    space: Space, evaluator: Evaluator, clips: Sequence[int], best: TrackerParams
) -> tuple[TrackerParams, dict[str, float]]:
    """Put parameters back, the least useful first, while 95 % of the gain remains.

    A search of a hundred trials moves every parameter; those that do not help the clips at hand would still move
    results elsewhere.

    Args:
        space: what was searched.
        evaluator: gives the value of parameters on a clip.
        clips: indices into the evaluator's.
        best: the best parameters found.

    Returns:
        The parameters, and for each one that stays changed what it is worth: the points of the metric that are lost
        when it alone goes back.
    """
    base, top = evaluator.value(space.start, clips), evaluator.value(best, clips)
    least = max(base, top - GIVE_AWAY * (top - base))
    without = {name: evaluator.value(params, clips) for name, params in _one_back(space, best).items()}
    for name in sorted(without, key=lambda each: -without[each]):
        back = _one_back(space, best).get(name)
        if back is not None and evaluator.value(back, clips) >= least:
            best = back
    value = evaluator.value(best, clips)
    worth = {name: value - evaluator.value(params, clips) for name, params in _one_back(space, best).items()}
    return best, dict(sorted(worth.items(), key=lambda item: -item[1]))


def _one_back(space: Space, best: TrackerParams) -> dict[str, TrackerParams]:
    """Return `best` with one changed parameter back at its start, for each where that is legal."""
    found = {}
    for axis in space.axes:
        value = getattr(space.start, axis.name)
        if getattr(best, axis.name) == value:
            continue
        try:
            found[axis.name] = replace(best, **{axis.name: value})
        except NumaError:  # the old high threshold below the new low one
            continue
    return found
