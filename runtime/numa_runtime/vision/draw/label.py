"""A line of text on a filled box, always wholly inside the picture."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from numa_runtime.vision.draw.palette import Color, text_on
from numa_runtime.vision.opencv import import_cv2
from numa_runtime.vision.style import Weights

cv2 = import_cv2()

Corners = tuple[int, int, int, int]

_FONT = cv2.FONT_HERSHEY_SIMPLEX


@lru_cache(maxsize=4096)
def text_size(text: str, scale: float, stroke: int) -> tuple[int, int, int]:
    """Return width, height above the baseline and depth below it, in pixels."""
    (width, height), below = cv2.getTextSize(text, _FONT, scale, stroke)
    return width, height, below


def label_size(text: str, weights: Weights) -> tuple[int, int]:
    """Return width and height of a label's field."""
    width, above, _ = text_size(text, weights.text, weights.stroke)
    return width + 2 * weights.pad, above + 2 * weights.pad


def place(corner: Corners, size: tuple[int, int], shape: tuple[int, ...], line: int) -> tuple[int, int]:
    """Return the left and top of a label for a box.

    Above the box, flush with its outer edge; inside it where there is no room above; moved back into the
    picture at the sides.

    Args:
        corner: the box, x1, y1, x2, y2 in pixels.
        size: of the label (width, height).
        shape: of the picture.
        line: line width of the box.
    """
    left, top = corner[0] - line // 2, corner[1] - line // 2 - size[1] + 1
    if top < 0:
        top = corner[1] - line // 2
    return max(0, min(left, shape[1] - size[0])), max(0, min(top, shape[0] - size[1]))


def draw_label(image: NDArray[Any], where: tuple[int, int], text: str, color: Color, weights: Weights) -> None:
    """Draw `text` on a field of `color` whose left and top are `where`."""
    left, top = where
    width, height = label_size(text, weights)
    cv2.rectangle(image, (left, top), (left + width - 1, top + height - 1), color, -1)
    origin = left + weights.pad, top + height - weights.pad
    cv2.putText(image, text, origin, _FONT, weights.text, text_on(color), weights.stroke, cv2.LINE_AA)
