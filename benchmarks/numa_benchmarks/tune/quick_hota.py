"""HOTA alone, for the search: TrackEval's definition without its Python loop over 19 limits in every frame.

Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021. Reports take their
figures from TrackEval; a test holds this equal to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

_LIMITS = np.arange(0.05, 0.99, 0.05)
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class HotaParts:
    """What sequences are joined from, one value for each of the 19 limits.

    Attributes:
        matches: TP.
        association: the sum over matches of the Jaccard index of their two tracks.
        union: TP + FN + FP.
    """

    matches: NDArray[np.float64]
    association: NDArray[np.float64]
    union: NDArray[np.float64]


def hota_parts(data: dict[str, Any]) -> HotaParts:
    """Return one sequence's parts from what `PreparedTruth.compare` returns."""
    boxes = data["num_gt_dets"] + data["num_tracker_dets"]
    if data["num_gt_dets"] == 0 or data["num_tracker_dets"] == 0:
        nothing = np.zeros(len(_LIMITS))
        return HotaParts(nothing, nothing, nothing + boxes)
    lengths, alignment = _alignment(data)
    overlap, pair = _matches(data, alignment)
    shape, association, matches = alignment.shape, np.zeros(len(_LIMITS)), np.zeros(len(_LIMITS))
    for at, limit in enumerate(_LIMITS):
        together = np.bincount(pair[overlap >= limit - _EPS], minlength=shape[0] * shape[1]).reshape(shape)
        matches[at] = together.sum()
        association[at] = np.sum(together * (together / np.maximum(1, lengths - together)))
    return HotaParts(matches, association, boxes - matches)


def hota(parts: Sequence[HotaParts]) -> float:
    """Return HOTA of all sequences together in percent: the mean over the limits of sqrt(DetA * AssA)."""
    matches = np.sum([part.matches for part in parts], axis=0)
    association = np.sum([part.association for part in parts], axis=0)
    union = np.sum([part.union for part in parts], axis=0)
    detection = matches / np.maximum(1.0, union)
    return 100.0 * float(np.mean(np.sqrt(detection * association / np.maximum(1.0, matches))))


def _alignment(data: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, per pair of identities, the sum of their lengths and how well they align over the sequence."""
    potential = np.zeros((data["num_gt_ids"], data["num_tracker_ids"]))
    for truths, results, similarity in zip(data["gt_ids"], data["tracker_ids"], data["similarity_scores"], strict=True):
        if similarity.size:
            either = similarity.sum(0) + similarity.sum(1)[:, None] - similarity
            shares = np.divide(similarity, either, out=np.zeros_like(similarity), where=either > _EPS)
            potential[truths[:, None], results] += shares
    truth_length = np.bincount(np.concatenate(data["gt_ids"]), minlength=len(potential))
    result_length = np.bincount(np.concatenate(data["tracker_ids"]), minlength=potential.shape[1])
    lengths = truth_length[:, None].astype(np.float64) + result_length
    return lengths, potential / (lengths - potential)


def _matches(data: dict[str, Any], alignment: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the overlap of every match of every frame, and its pair of identities as one number."""
    overlaps, pairs = [np.zeros(0)], [np.zeros(0, np.int64)]
    columns = alignment.shape[1]
    for truths, results, similarity in zip(data["gt_ids"], data["tracker_ids"], data["similarity_scores"], strict=True):
        if similarity.size:
            rows, found = linear_sum_assignment(alignment[truths[:, None], results] * similarity, maximize=True)
            overlaps.append(similarity[rows, found])
            pairs.append(truths[rows] * columns + results[found])
    return np.concatenate(overlaps), np.concatenate(pairs)
