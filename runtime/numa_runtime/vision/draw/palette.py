"""Colours that stay with an identity and differ from their neighbours'."""

from __future__ import annotations

from functools import cache
from math import cos, radians, sin

Color = tuple[int, int, int]

COLORS = 24
"""How many colours there are: as many as can be told apart at a glance. `Colors` deals them out."""
_RINGS = ((0.885, 0.130, 114.0), (0.645, 0.224, 29.0), (0.480, 0.178, 203.0))
"""Lightness, chroma and first hue by turns; of 600 random sets the one whose colours lie farthest apart.

Any two of the 24 are 18 apart in CIELAB, and any two of eight in a row 29.
"""
_HUES = COLORS // len(_RINGS)
_STEP = 3
"""Hues between neighbours of a ring, so that nearby numbers differ in hue too."""


@cache
def color_of(number: int) -> Color:
    """Return the BGR colour of a track id or class where nothing else claims it, the same in every run.

    Hues go round in OKLCH (Ottosson 2020), where equal steps look equal; neighbours also alternate in lightness, so
    that nearby numbers differ twice.
    """
    place, ring = divmod(number % COLORS, len(_RINGS))
    lightness, chroma, first = _RINGS[ring]
    return _oklch(lightness, chroma, first + 360 / _HUES * (place * _STEP % _HUES))


@cache
def text_on(background: Color) -> Color:
    """Return black or white, whichever reads better on `background` (Rec. 601 luma)."""
    blue, green, red = background
    return (20, 20, 20) if 0.114 * blue + 0.587 * green + 0.299 * red > 112 else (255, 255, 255)


def mixed(a: Color, b: Color, share: float) -> Color:
    """Return `share` of b in a."""
    blue, green, red = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return blue, green, red


def _oklch(lightness: float, chroma: float, hue: float) -> Color:
    """Turn OKLCH (0-1, 0-0.4, degrees) into 8-bit sRGB, as BGR."""
    angle = radians(hue % 360)
    a, b = chroma * cos(angle), chroma * sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _gamma(blue), _gamma(green), _gamma(red)


def _gamma(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    coded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * coded)


BALL: Color = _oklch(0.90, 0.19, 108)
TAIL: Color = _oklch(0.62, 0.21, 35)
