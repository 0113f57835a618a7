"""Results drawn onto frames: boxes, labels, skeletons, balls with their trails."""

from typing import Any

from numa_runtime.results import Frame, Results
from numa_runtime.vision.draw.style import Style
from numa_runtime.vision.draw.trails import Trails

__all__ = ["Style", "Trails", "paint"]


def paint(result: Results, frame: Frame, **style: Any) -> Frame:
    """Return a BGR copy of `frame` with `result` drawn on it.

    Args:
        result: what was found in the frame.
        frame: uint8 BGR (h, w, 3) or grey (h, w).
        style: the fields of `Style` by name.

    Raises:
        UsageError: a word that `Style` does not have; the nearest one is named.
    """
    from numa_runtime.vision.draw.canvas import draw

    return draw(result, frame, Style.of(style))
