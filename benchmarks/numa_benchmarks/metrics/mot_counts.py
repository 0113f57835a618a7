"""What the MOT figures are made from: counts of a sequence, which are added up over sequences and then divided.

HOTA: Luiten et al., IJCV 2021, equations 10 to 14. MOTA: Bernardin and Stiefelhagen, 2008. IDF1: Ristani et al., 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
"""Float64 (..., 83): TP, FN, FP and TP x AssA at the 19 limits of HOTA; TP, FN, FP, switches; IDTP, IDFN, IDFP."""

_LIMITS = 19
_CLEAR, _IDENTITY = 4 * _LIMITS, 4 * _LIMITS + 4


def counts_of(result: Mapping[str, Any]) -> Counts:
    """Return the counts of what `trackeval_bridge.evaluate` gives for a sequence."""
    hota, clear, identity = result["HOTA"], result["CLEAR"], result["Identity"]
    return np.concatenate(
        [
            hota["HOTA_TP"],
            hota["HOTA_FN"],
            hota["HOTA_FP"],
            hota["HOTA_TP"] * hota["AssA"],
            [clear["CLR_TP"], clear["CLR_FN"], clear["CLR_FP"], clear["IDSW"]],
            [identity["IDTP"], identity["IDFN"], identity["IDFP"]],
        ]
    ).astype(np.float64)


def figure(name: str, counts: Counts) -> NDArray[np.float64]:
    """Return hota, mota or idf1 in percent of counts that are added up already: (..., 83) gives (...)."""
    return 100.0 * _FIGURES[name](counts)


def _hota(counts: Counts) -> NDArray[np.float64]:
    found, missed, false, together = np.split(counts[..., :_CLEAR], 4, axis=-1)
    detection = found / np.maximum(1.0, found + missed + false)
    association = together / np.maximum(1.0, found)
    mean: NDArray[np.float64] = np.sqrt(detection * association).mean(axis=-1)
    return mean


def _mota(counts: Counts) -> NDArray[np.float64]:
    found, missed, false, switches = np.moveaxis(counts[..., _CLEAR:_IDENTITY], -1, 0)
    share: NDArray[np.float64] = (found - false - switches) / np.maximum(1.0, found + missed)
    return share


def _idf1(counts: Counts) -> NDArray[np.float64]:
    found, missed, false = np.moveaxis(counts[..., _IDENTITY:], -1, 0)
    share: NDArray[np.float64] = found / np.maximum(1.0, found + 0.5 * missed + 0.5 * false)
    return share


_FIGURES: dict[str, Callable[[Counts], NDArray[np.float64]]] = {"hota": _hota, "mota": _mota, "idf1": _idf1}
FIGURES = tuple(_FIGURES)
