"""A run's thresholds, chosen from the scores of what it is going to track."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.tracking.params import known_names
from numa_runtime.tracking.score_thresholds import Thresholds, choose_thresholds, spread

log = logging.getLogger("numa_runtime")

Scores = NDArray[np.floating[Any]]


def with_thresholds(options: TrackRunOptions, frames: Iterable[Scores]) -> TrackRunOptions:
    """Return the options with the thresholds that suit the scores, where that is asked for; what was chosen is said.

    Args:
        options: of the run; parameters that they give by name stay.
        frames: the scores of each frame of the run, all media one after the other.
    """
    tracker = options.tracker
    if tracker.thresholds is not Thresholds.AUTO:
        return options
    params = tracker.box_params()
    scores = list(frames)
    seen = [scores[index] for index in spread(len(scores)).tolist()] if scores else []
    all_scores = np.concatenate(seen) if seen else np.zeros(0)
    chosen = choose_thresholds(all_scores, fused=getattr(params, "fuse_score", False))
    given = dict(tracker.parameters or {})
    values = {name: value for name, value in chosen.values.items() if name in known_names(type(params))}
    kept = [name for name in values if name in given]
    log.info("thresholds auto: %s%s", chosen.said, f" ({', '.join(kept)} as given)" if kept else "")
    return replace(options, tracker=replace(tracker, parameters={**values, **given}))
