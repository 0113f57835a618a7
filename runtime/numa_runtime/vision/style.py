"""What is drawn onto a frame, and how heavily."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from numa_runtime.errors import UsageError, nearest
from numa_runtime.options import Options, option
from numa_runtime.options.panels import DRAWN
from numa_runtime.options.readers import above, at_least, plain

# What `Results.plot(...)` calls them, as its users know.
_PLOT_WORDS = {
    "labels": "show_labels",
    "conf": "show_conf",
    "boxes": "show_boxes",
    "line_width": "line_width",
    "keypoints": "show_keypoints",
    "keypoint_conf": "keypoint_conf",
    "balls": "show_balls",
    "font_size": "font_size",
    "kpt_radius": "keypoint_radius",
    "kpt_line": "show_limbs",
    "color_mode": "color_by",
}

# Words that users know and that change nothing here, with the values that ask for nothing.
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "font": (None, "Arial.ttf"),
    "im_gpu": (None,),
    "masks": (True, False),
    "probs": (True, False),
    "txt_color": (None, (255, 255, 255)),
}
_WHY_NOT = {
    "font": "labels are in OpenCV's own font; font_size=16 changes their size",
    "im_gpu": "frames are numpy: plot(img=frame)",
    "masks": "there is no segment task yet",
    "probs": "there is no classify task yet",
    "txt_color": "text is black or white, whichever reads better on its colour",
}
_COLORS = ("class", "instance")
"""What may be asked to have a colour of its own: each class, or each object."""


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
        font_size: height of a line of text, pixels; None: as the line width has it.
        keypoint_radius: pixels; None: as the line width has it.
        show_limbs: the lines of skeletons.
        color_by: "class" or "instance"; None: objects where they are tracked, classes otherwise.
        trail: for how many frames a video shows where tracked boxes stood; 0: not at all.
    """

    show_labels: bool = option(True, "Draw class names and ids.", panel=DRAWN)
    show_conf: bool = option(True, "Draw scores.", panel=DRAWN)
    show_boxes: bool = option(True, "Draw boxes.", panel=DRAWN)
    line_width: float | None = option(
        None, "Line width in pixels. Default: by frame size.", kind=float, read=above(0, 1000), panel=DRAWN
    )
    trail: int = option(
        0, "Draw where tracked boxes stood in the last N frames of a video.", read=at_least(0), metavar="N", panel=DRAWN
    )
    show_keypoints: bool = True
    keypoint_conf: float = 0.5
    show_balls: bool = True
    font_size: float | None = None
    keypoint_radius: float | None = None
    show_limbs: bool = True
    color_by: str | None = None

    def __post_init__(self) -> None:
        Options.__post_init__(self)
        for name, value in (("font_size", self.font_size), ("kpt_radius", self.keypoint_radius)):
            if value is not None:
                above(0)(name, value)
        if self.color_by is not None and self.color_by not in _COLORS:
            raise UsageError(f"color_mode is {self.color_by!r}", hint='color_mode="class" or color_mode="instance"')

    @classmethod
    def of_plot(cls, words: Mapping[str, Any]) -> Self:
        """Return the style with the words of `plot()` set.

        Raises:
            UsageError: a word is unknown, or the line width is not positive.
        """
        given = {word: value for word, value in words.items() if word not in _NEUTRAL}
        for word, value in words.items():
            if word in _NEUTRAL and _comparable(value) not in _NEUTRAL[word]:
                raise UsageError(f"plot() does not take {word}={value!r}: {_WHY_NOT[word]}")
        for word in given:
            if word not in _PLOT_WORDS:
                raise UsageError(
                    f"{word!r} is not a word of plot(){nearest(word, tuple(_PLOT_WORDS))}",
                    hint=f"it takes: {', '.join(_PLOT_WORDS)}",
                )
        return cls(**{_PLOT_WORDS[word]: value for word, value in given.items()})


def _comparable(value: Any) -> Any:
    """Return a value that may be compared with a word's neutral ones: lists and arrays as tuples."""
    given = plain(value)
    return tuple(given) if isinstance(given, list) else given


LEAST_LINE = 2
"""Pixels of the lines in small frames: thinner ones are lost in a video's compression."""
_LEAST_TEXT = 0.45
"""Scale of OpenCV's font below which it is hard to read."""
_LINE_HEIGHT = 30.0
"""Pixels from the highest to the lowest stroke of OpenCV's font at scale 1."""


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
        auto = max(LEAST_LINE, (height + width) * 0.0012)
        line = style.line_width if style.line_width is not None else auto
        text = max(_LEAST_TEXT, 0.22 * line) if style.font_size is None else style.font_size / _LINE_HEIGHT
        return cls(max(1, round(line)), text, max(1, round(text)), max(2, round(6 * text)))
