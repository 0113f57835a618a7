"""MOTChallenge text: one line per tracked box, as TrackEval reads it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from numa_runtime.results import Results
from numa_runtime.sinks.lines import LineSink


def mot_lines(result: Results, *, classes: bool = False) -> Iterator[str]:
    """Yield "frame,id,left,top,width,height,conf,-1,-1,-1", frames from 1; boxes without an id are skipped.

    With `classes` the eighth column is the class, counted from 1 as ground truth does.
    Boxes may go beyond the frame, as those of the ground truth do; everywhere else they are cut at its edges.
    https://motchallenge.net/instructions/
    """
    records = result.detections
    frame = result.frame_index + 1
    boxes = records.xyxy if records.whole is None else records.whole
    kinds = records.cls + 1 if classes else np.full(len(records), -1)
    columns = (boxes.tolist(), records.conf.tolist(), records.id.tolist(), kinds.tolist())
    for (x1, y1, x2, y2), conf, track, kind in zip(*columns, strict=True):
        if track >= 0:
            yield f"{frame},{track},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},{conf:.6f},{kind},-1,-1"


def mot_sink(path: Path, *, classes: bool = False) -> LineSink:
    """Return a sink that writes MOTChallenge text to `path`, with or without `classes`."""
    return LineSink(path, partial(mot_lines, classes=classes))
