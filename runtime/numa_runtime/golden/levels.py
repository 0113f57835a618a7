"""Class levels: the best score of every class over all rows, as logarithms.

Stored rows pin the few classes a picture shows. The other classes have scores too, of 1e-3 or 1e-6, and each its own:
on the bundled network and photographs the levels of any two classes lie 0.39 apart, and two backends differ by 0.005.
So classes that were exchanged, or one that was switched off, show without a picture of them.
"""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from numa_runtime.golden.rows import Rows

Levels = NDArray[np.float64]

_LEAST = 1e-7  # scores far below it are rounding
_LEAST_OF_FINISHED = 0.02  # finished rows end somewhere: a class below this is as good as absent
_STEPS = 1000


def class_levels(rows: Rows, classes: int) -> Levels:
    """Return log(best score + least) of every class.

    Args:
        rows: candidates with a score per class, or finished rows with one score and a class.
        classes: how many there are.

    Returns:
        float64 (classes,); the logarithm of the least where a class has no row.
    """
    if rows.scores.shape[1] == classes > 1:
        best = rows.scores.max(axis=0, initial=0.0).astype(np.float64)
        return np.asarray(np.log(best.clip(0) + _LEAST))
    best = np.zeros(classes)
    known = (rows.classes >= 0) & (rows.classes < classes)
    np.maximum.at(best, rows.classes[known], rows.best[known].astype(np.float64))
    return np.asarray(np.log(best + _LEAST_OF_FINISHED))


def is_absent(levels: Levels) -> NDArray[np.bool_]:
    """Return which classes of finished rows have none, so that nothing is known of them; (classes,)."""
    return np.asarray(levels <= np.log(_LEAST_OF_FINISHED) + 1 / _STEPS)


def pack(levels: Levels) -> str:
    """Return levels as ASCII, in steps of 0.001."""
    steps = np.rint(levels * _STEPS).clip(-32768, 32767)
    return base64.b64encode(steps.astype("<i2").tobytes()).decode("ascii")


def unpack(text: str) -> Levels:
    """Undo `pack`.

    Raises:
        ValueError: damaged.
    """
    return np.frombuffer(base64.b64decode(text, validate=True), "<i2") / _STEPS
