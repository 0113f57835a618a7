"""What is drawn, and how heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from numa_runtime.errors import UsageError, nearest
from numa_runtime.vision.draw.trails import Trails


@dataclass(frozen=True, slots=True)
class Style:
    """The words of `Results.plot(...)`.

    Attributes:
        labels: draw the labels.
        conf: write the score into the label.
        boxes: draw the boxes.
        line_width: in pixels (None: from the frame's size; the text follows it).
        keypoints: draw the keypoints.
        keypoint_conf: keypoints whose visibility is lower are not drawn, nor are limbs that end in one.
        balls: draw the balls.
        trails: the history that a pipeline keeps; None draws each ball alone.
    """

    labels: bool = True
    conf: bool = True
    boxes: bool = True
    line_width: float | None = None
    keypoints: bool = True
    keypoint_conf: float = 0.5
    balls: bool = True
    trails: Trails | None = None

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Style:
        """Return the style with `words` set.

        Raises:
            UsageError: a word is unknown, or the line width is not positive.
        """
        known = tuple(field.name for field in fields(cls))
        for word in words:
            if word not in known:
                raise UsageError(
                    f"{word!r} is not a word of plot(){nearest(word, known)}", hint=f"it takes: {', '.join(known)}"
                )
        width = words.get("line_width")
        if width is not None and width <= 0:
            raise UsageError(f"line_width is {width:g}; it must be above 0", hint="omit it for one that fits the frame")
        return cls(**words)


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
