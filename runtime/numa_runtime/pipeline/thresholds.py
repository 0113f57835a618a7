"""A run's thresholds, chosen from the scores of what it is going to track."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.options.thresholds import Thresholds
from numa_runtime.pipeline.recording import FAINTEST
from numa_runtime.sources.source import Source
from numa_runtime.tracking.params import known_names
from numa_runtime.tracking.score_thresholds import FRAMES, choose_thresholds, spread
from numa_runtime.vision.opencv import one_thread

log = logging.getLogger("numa_runtime")

Scores = NDArray[np.floating[Any]]


def looked_at(options: TrackRunOptions, model: Model, open_it: Callable[[], Source]) -> Iterator[Scores]:
    """Yield the scores that a model gives in some frames of files, which are decoded for it once more.

    Raises:
        UsageError: frames that can be had once only, or a model that sees clips: it would have to see every frame.
    """
    if not isinstance(options.source.source, str | Path) or model.spec.input.frames > 1:
        raise UsageError(
            "thresholds=auto looks at frames before they are tracked, and these come once only", hint=_HINT
        )
    model.options = replace(options.prediction, conf=FAINTEST)
    with open_it() as source, one_thread():
        most = max(FRAMES // len(source), 1)
        for media in source:
            if media.info.live:
                raise UsageError("thresholds=auto looks at footage before it is tracked; this is live", hint=_HINT)
            frames, stride = media.info.frame_count or most, media.info.vid_stride
            wanted = set((spread(-(-frames // stride), most) * stride).tolist())
            model.start()
            for frame in media:
                if frame.index in wanted:
                    yield model(frame.image).detections.conf
                if frame.index >= max(wanted):
                    break


_HINT = "record it first: --record match.numa, then --replay match.numa --thresholds auto"


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
