"""Scores per class, where ground truth and results say of each box what it is. Imports TrackEval: import it late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.metrics.trackeval_bridge import combine, evaluate


def class_results(sequences: Sequence[MotSequence]) -> dict[str, dict[str, Any]]:
    """Return TrackEval's results of each class, all sequences together, by the class's name.

    Classes are the numbers, from 1, in the eighth column of ground truth and results; a box is only matched with one of
    its class. Nothing where the truth has one class only, or the results have none.
    """
    labelled: set[int] = set()
    for sequence in sequences:
        scored = sequence.truth.kind[sequence.truth.conf.astype(np.int64) != 0]
        labelled |= {int(kind) for kind in np.unique(scored) if kind > 0}
    told = any((sequence.result.kind > 0).any() for sequence in sequences)
    if len(labelled) < 2 or not told:
        return {}
    names: dict[int, str] = {}
    for sequence in sequences:
        names.update(sequence.class_names)
    return {
        names.get(kind, f"class {kind}"): combine(
            {sequence.name: _evaluated(_of_class(sequence, kind)) for sequence in sequences}
        )
        for kind in sorted(labelled)
    }


def _of_class(sequence: MotSequence, kind: int) -> MotSequence:
    truth, result = sequence.truth, sequence.result
    return replace(
        sequence,
        truth=truth.select(truth.kind == kind),
        result=result.select(result.kind == kind),
        frames=sequence.length,
    )


def _evaluated(sequence: MotSequence) -> dict[str, Any]:
    return evaluate(sequence.name, sequence.truth, sequence.result, sequence.length, "MOT15")
