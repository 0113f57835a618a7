"""What is drawn onto a frame, and how heavily."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, option
from numa_runtime.options.panels import DRAWN
from numa_runtime.options.readers import above

# What `Results.plot(...)` calls them, as its users know.
_PLOT_WORDS = {
    "labels": "show_labels",
    "conf": "show_conf",
    "boxes": "show_boxes",
    "line_width": "line_width",
    "keypoints": "show_keypoints",
    "keypoint_conf": "keypoint_conf",
    "balls": "show_balls",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style(Options):
    """What is drawn.

    Attributes:
        show_labels: ids and class names.
        show_conf: scores.
        show_boxes: boxes; without them there are no labels either.
        line_width: pixels; None: from the frame's size. The text follows it.
        show_keypoints: skeletons.
        keypoint_conf: keypoints whose visibility is below are omitted, and so are limbs that end in one.
        show_balls: balls, with their trails where a pipeline keeps some.
    """

    show_labels: bool = option(True, "Draw class names and ids.", panel=DRAWN)
    show_conf: bool = option(True, "Draw scores.", panel=DRAWN)
    show_boxes: bool = option(True, "Draw boxes.", panel=DRAWN)
    line_width: float | None = option(
        None, "Line width in pixels. Default: by frame size.", kind=float, read=above(0, 1000), panel=DRAWN
    )
    show_keypoints: bool = True
    keypoint_conf: float = 0.5
    show_balls: bool = True

    @classmethod
    def of_plot(cls, words: Mapping[str, Any]) -> Self:
        """Return the style with the words of `plot()` set.

        Raises:
            UsageError: a word is unknown, or the line width is not positive.
        """
        for word in words:
            if word not in _PLOT_WORDS:
                raise UsageError(
                    f"{word!r} is not a word of plot(){nearest(word, tuple(_PLOT_WORDS))}",
                    hint=f"it takes: {', '.join(_PLOT_WORDS)}",
                )
        return cls(**{_PLOT_WORDS[word]: value for word, value in words.items()})


@dataclass(frozen=True, slots=True)
class Weights:
    """Line width, text scale and stroke of one frame size; all grow with it, so that 4K reads like 720p."""

    line: int
    text: float
    stroke: int
    pad: int

    @classmethod
    def of(cls, style: Style, height: int, width: int) -> Weights:
        """Return the weights for a frame of this size."""
        auto = (height + width) * 0.0012
        line = style.line_width if style.line_width is not None else auto
        text = max(0.4, 0.22 * line)
        return cls(max(1, round(line)), text, max(1, round(text)), max(2, round(6 * text)))
