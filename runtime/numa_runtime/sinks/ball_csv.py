"""Ball CSV: `Frame,Visibility,X,Y`, the layout ball-tracking labels are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from numa_runtime.results import Results
from numa_runtime.sinks.lines import LineSink


def ball_lines(result: Results) -> Iterator[str]:
    """Yield the frame's best ball: frame number from 0, 1, x and y in pixels; or 0, 0, 0 when there is none.

    A tracked ball is better than one that is not; then the score counts.
    """
    balls = result.ball_records
    if not len(balls):
        yield f"{result.frame_index},0,0,0"
        return
    x, y = balls.xy[int(np.lexsort((balls.conf, balls.id >= 0))[-1])].tolist()
    yield f"{result.frame_index},1,{x:.2f},{y:.2f}"


def ball_sink(path: Path) -> LineSink:
    """Return a sink that writes ball CSV to `path`."""
    return LineSink(path, ball_lines, lambda _: "Frame,Visibility,X,Y")
