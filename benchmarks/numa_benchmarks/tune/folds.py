"""Which clips are tuned on and which are kept unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numa_runtime.errors import UsageError, nearest


@dataclass(frozen=True, slots=True)
class Fold:
    """Indices of clips to tune on, and of clips not to be seen meanwhile."""

    seen: tuple[int, ...]
    unseen: tuple[int, ...]


def make_folds(count: int, folds: int) -> tuple[Fold, ...]:
    """Split `count` clips into `folds` groups; each is unseen once. None where nothing can be split.

    Neighbours in the list stay together: clips are sorted by name, and clips of one match or camera, which are much
    alike, have names that begin alike.
    """
    folds = min(folds, count)
    if folds < 2:
        return ()
    groups = [tuple(group.tolist()) for group in np.array_split(np.arange(count), folds)]
    return tuple(Fold(tuple(clip for clip in range(count) if clip not in group), group) for group in groups)


def hold_out(names: Sequence[str], held: Sequence[str]) -> Fold:
    """Return the split that keeps the clips called `held` unseen.

    Raises:
        UsageError: no such clip, or none would be left to tune on.
    """
    for name in held:
        if name not in names:
            raise UsageError(
                f"--holdout {name}: there is no such sequence{nearest(name, list(names))}",
                hint=f"sequences: {', '.join(names[:8])}" + (", ..." if len(names) > 8 else ""),
            )
    seen = tuple(index for index, name in enumerate(names) if name not in held)
    if not seen:
        raise UsageError("--holdout keeps every sequence unseen: none is left to tune on", hint="hold out fewer")
    return Fold(seen, tuple(index for index, name in enumerate(names) if name in held))
