"""Results drawn onto frames: boxes, labels, skeletons, balls with their trails."""

from typing import Any

from numa_runtime.results import Frame, Results
from numa_runtime.vision.draw.trails import Trails
from numa_runtime.vision.style import Style

__all__ = ["Style", "Trails", "draw", "paint"]


def paint(result: Results, frame: Frame, *, trails: Trails | None = None, **style: Any) -> Frame:
    """Return a BGR copy of `frame` with `result` drawn on it: what `Results.plot(...)` calls.

    Args:
        result: what is drawn.
        frame: uint8 (h, w, 3) BGR or (h, w) grey.
        trails: where balls were; None draws each ball alone.
        style: labels, conf, boxes, line_width, font_size, keypoints, keypoint_conf, kpt_radius, kpt_line, balls,
            color_mode.

    Raises:
        UsageError: another word; the nearest one is named.
    """
    return draw(result, frame, Style.of_plot(style), trails)


def draw(result: Results, frame: Frame, style: Style, trails: Trails | None = None) -> Frame:
    """Return a BGR copy of `frame` with everything on it that `style` asks for."""
    from numa_runtime.vision.draw.canvas import draw_on

    return draw_on(result, frame, style, trails)
