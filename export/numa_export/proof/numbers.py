"""Answers that are numbers: NaN against NaN proves nothing, and a decode may drop such rows on both sides unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import ModelError


def require_numbers(outputs: Mapping[str, NDArray[Any]], who: str) -> None:
    """Refuse answers with NaN or infinity.

    Args:
        outputs: the answers by name.
        who: what gave them, for the message.

    Raises:
        ModelError: names the first such output and how many of its values are bad.
    """
    for name, values in outputs.items():
        bad = int(np.size(values) - np.isfinite(values).sum())
        if bad:
            raise ModelError(
                f"{who} gives {bad} values of {np.size(values)} in {name} that are NaN or infinite",
                hint="the weights are damaged, or the training diverged: take an earlier checkpoint",
            )
