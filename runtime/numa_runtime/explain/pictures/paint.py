"""Lines, dashes and words on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.explain.boxes import Floats
from numa_runtime.vision.draw.palette import Color, text_on
from numa_runtime.vision.opencv import import_cv2

cv2 = import_cv2()

Image = NDArray[Any]

GROUND: Color = (28, 26, 24)
WORDS: Color = (235, 235, 235)
FAINT: Color = (150, 148, 145)
FREE: Color = (255, 255, 255)
ALARM: Color = (90, 110, 255)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SHIFT = 4


def blank(width: int, height: int) -> Image:
    """Return a picture of the ground colour, uint8 (height, width, 3)."""
    return np.full((height, width, 3), GROUND, np.uint8)


def text_size(text: str, scale: float) -> tuple[int, int]:
    """Return a text's width and its height above the baseline, in pixels."""
    (width, height), _ = cv2.getTextSize(text, _FONT, scale, 1)
    return int(width), int(height)


def write(image: Image, text: str, left: float, baseline: float, scale: float, color: Color = WORDS) -> None:
    """Write one line of text; what OpenCV's font lacks is written as "-"."""
    plain = "".join(letter if letter.isascii() else "-" for letter in text)
    cv2.putText(image, plain, (round(left), round(baseline)), _FONT, scale, color, 1, cv2.LINE_AA)


def wrapped(text: str, width: int, scale: float) -> list[str]:
    """Break a text into lines of at most `width` pixels."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_size(longer, scale)[0] <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def tag(image: Image, text: str, left: float, bottom: float, color: Color, scale: float = 0.42) -> None:
    """Write text on a field of `color` that stands on (left, bottom), moved into the picture."""
    width, height = text_size(text, scale)
    pad = 3
    x = int(min(max(left, 0), image.shape[1] - width - 2 * pad))
    y = int(min(max(bottom, height + 2 * pad), image.shape[0]))
    cv2.rectangle(image, (x, y - height - 2 * pad), (x + width + 2 * pad, y), color, -1)
    write(image, text, x + pad, y - pad, scale, text_on(color))


def outline(image: Image, points: Floats, color: Color, width: int) -> None:
    """Draw a closed polygon (k, 2); thick ones on a dark rim that keeps them visible on any ground."""
    fixed = np.rint(points * (1 << _SHIFT)).astype(np.int32)
    if width > 1:
        cv2.polylines(image, [fixed], True, GROUND, width + 2, cv2.LINE_AA, _SHIFT)
    cv2.polylines(image, [fixed], True, color, width, cv2.LINE_AA, _SHIFT)


def dashed(image: Image, points: Floats, color: Color, width: int, dash: float = 9.0, gap: float = 6.0) -> None:
    """Draw a closed polygon (k, 2) in dashes."""
    ring = [*points, points[0]]
    for start, end in pairwise(ring):
        for a, b in _dashes(np.asarray(start), np.asarray(end), dash, gap):
            for thickness, tint in ((width + 2, GROUND), (width, color)):
                cv2.line(image, a, b, tint, thickness, cv2.LINE_AA, _SHIFT)


def _dashes(start: Floats, end: Floats, dash: float, gap: float) -> list[tuple[Sequence[int], Sequence[int]]]:
    length = float(np.linalg.norm(end - start))
    if length == 0.0:
        return []
    count = max(1, round((length + gap) / (dash + gap)))
    stretch = (length + gap) / (count * (dash + gap))
    step = (end - start) / length
    pieces = []
    for k in range(count):
        begin = k * (dash + gap) * stretch
        ends = start + step * begin, start + step * min(begin + dash * stretch, length)
        a, b = (np.rint(point * (1 << _SHIFT)).astype(int).tolist() for point in ends)
        pieces.append((a, b))
    return pieces
