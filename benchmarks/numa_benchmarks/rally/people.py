"""How players look: limbs as thick lines in order of depth, clothes, hair, shoes, rackets."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally import body
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.looks import Look

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

_SHIFT = 4
# Half-widths in shares of the height.
_ARM, _FOREARM, _THIGH, _SHIN, _HEAD, _TRUNK, _FOOT = 0.026, 0.019, 0.046, 0.03, 0.056, 0.055, 0.024
_FAR = 1e5
"""Pixels; OpenCV counts sixteenths of them in 32 bits."""

_SHADE = 0.72
"""Light on the side of a limb that is turned away from the lamps, as a share."""

_LIMBS = (
    # start, end, half-width at start, at end, which part it is coloured as
    (body.LEFT_HIP, body.LEFT_KNEE, _THIGH, 0.036, "shorts"),
    (body.RIGHT_HIP, body.RIGHT_KNEE, _THIGH, 0.036, "shorts"),
    (body.LEFT_KNEE, body.LEFT_ANKLE, _SHIN, 0.024, "skin"),
    (body.RIGHT_KNEE, body.RIGHT_ANKLE, _SHIN, 0.024, "skin"),
    (body.LEFT_SHOULDER, body.LEFT_ELBOW, _ARM, 0.024, "sleeve"),
    (body.RIGHT_SHOULDER, body.RIGHT_ELBOW, _ARM, 0.024, "sleeve"),
    (body.LEFT_ELBOW, body.LEFT_WRIST, _FOREARM, 0.018, "skin"),
    (body.RIGHT_ELBOW, body.RIGHT_WRIST, _FOREARM, 0.018, "skin"),
)


def paint_player(
    picture: Picture, camera: Camera, joints: Array, height: float, look: Look, tip: Array | None, light: float
) -> Array:
    """Paint somebody and return their box, float64 (4,) x1, y1, x2, y2 in pixels, not cut at the picture's edges.

    Args:
        picture: uint8 (H, W, 3) BGR, painted on.
        camera: what sees them.
        joints: (17, 3) metres.
        height: metres.
        look: what they wear.
        tip: the racket's end, metres; None without one.
        light: 1 is as chosen, less is darker.
    """
    pixels, depth = camera.project(joints)
    pixels = np.clip(pixels, -_FAR, _FAR)
    scale = camera.focal / np.maximum(depth, 0.3)
    brush = _Brush(picture, light)
    limbs = sorted(_LIMBS, key=lambda limb: -(depth[limb[0]] + depth[limb[1]]))
    trunk = depth[[body.LEFT_HIP, body.RIGHT_HIP, body.LEFT_SHOULDER, body.RIGHT_SHOULDER]].mean()
    behind = [limb for limb in limbs if depth[list(limb[:2])].mean() > trunk]
    wrist = body.RIGHT_WRIST
    if tip is not None:
        wrist = min((body.LEFT_WRIST, body.RIGHT_WRIST), key=lambda one: float(np.linalg.norm(joints[one] - tip)))
        if depth[wrist] > trunk:
            _paint_racket(brush, camera, joints[wrist], tip, look)
    for limb in behind:
        _paint_limb(brush, pixels, scale, height, look, limb)
    _paint_trunk(brush, pixels, scale, height, look)
    facing_away = depth[body.NOSE] > (depth[body.LEFT_EAR] + depth[body.RIGHT_EAR]) / 2
    _paint_head(brush, pixels, scale, height, look, facing_away=bool(facing_away))
    for limb in limbs:
        if limb not in behind:
            _paint_limb(brush, pixels, scale, height, look, limb)
    if tip is not None and depth[wrist] <= trunk:
        _paint_racket(brush, camera, joints[wrist], tip, look)
    return _box(pixels, scale, height)


def _box(pixels: Array, scale: Array, height: float) -> Array:
    radius = np.full(body.JOINTS, 0.03)
    radius[:5] = 0.035
    radius[[body.LEFT_HIP, body.RIGHT_HIP]] = _THIGH
    radius[[body.LEFT_ANKLE, body.RIGHT_ANKLE]] = 0.035
    reach = (radius * height * scale)[:, None]
    crown = pixels[[body.LEFT_EAR, body.RIGHT_EAR]].mean(0) - np.array([0, 0.075 * height * scale[0]])
    low = np.minimum((pixels - reach).min(0), crown)
    return np.concatenate([low, (pixels + reach).max(0)])


class _Brush:
    """Paints thick lines and ellipses with sixteenths of a pixel."""

    def __init__(self, picture: Picture, light: float) -> None:
        self.picture, self.light = picture, light

    def colour(self, colour: Array) -> list[float]:
        return [min(255.0, self.light * part) for part in colour.tolist()]

    def limb(self, start: Array, end: Array, wide: float, narrow: float, colour: Array) -> None:
        """Paint a limb, `wide` (radius, pixels) at its start and `narrow` at its end: dark, but lit from upper left."""
        (x1, y1), (x2, y2), unit = start.tolist(), end.tolist(), 2**_SHIFT
        lit = self.colour(colour)
        shade = [_SHADE * part for part in lit]
        length = math.hypot(x2 - x1, y2 - y1)
        first, second = (round(x1 * unit), round(y1 * unit)), (round(x2 * unit), round(y2 * unit))
        if length > 1e-3:
            x, y = (y1 - y2) / length * unit, (x2 - x1) / length * unit
            corners = (
                (first[0] + wide * x, first[1] + wide * y),
                (second[0] + narrow * x, second[1] + narrow * y),
                (second[0] - narrow * x, second[1] - narrow * y),
                (first[0] - wide * x, first[1] - wide * y),
            )
            cv2.fillConvexPoly(self.picture, np.array(corners, np.int32), shade, cv2.LINE_AA, _SHIFT)
        for point, radius in ((first, wide), (second, narrow)):
            cv2.circle(self.picture, point, max(1, round(radius * unit)), shade, -1, cv2.LINE_AA, _SHIFT)
        aside = round(0.28 * min(wide, narrow) * unit)
        begin, stop = (first[0] - aside, first[1] - aside), (second[0] - aside, second[1] - aside)
        stroke = max(1, round(0.6 * (wide + narrow)))
        cv2.line(self.picture, begin, stop, lit, stroke, cv2.LINE_AA, _SHIFT)

    def area(self, corners: Array, colour: Array) -> None:
        """Fill a polygon (n, 2)."""
        cv2.fillPoly(
            self.picture, [np.array([_fixed(corner) for corner in corners])], self.colour(colour), cv2.LINE_AA, _SHIFT
        )


def _fixed(point: Array) -> tuple[int, int]:
    x, y = np.clip(point * 2**_SHIFT, -(2**20), 2**20).round().astype(int).tolist()
    return x, y


def _paint_limb(
    brush: _Brush, pixels: Array, scale: Array, height: float, look: Look, limb: tuple[int, int, float, float, str]
) -> None:
    start, end, wide, narrow, part = limb
    shin, forearm = end in (body.LEFT_ANKLE, body.RIGHT_ANKLE), end in (body.LEFT_WRIST, body.RIGHT_WRIST)
    colour = look.colours["shin" if shin else "forearm" if forearm else part]
    brush.limb(pixels[start], pixels[end], wide * height * scale[start], narrow * height * scale[end], colour)
    if shin:
        foot = _FOOT * height * scale[end]
        sock = pixels[end] + 0.15 * (pixels[start] - pixels[end])
        brush.limb(sock, pixels[end], 0.9 * foot, 0.9 * foot, look.colours["sock"])
        brush.limb(
            pixels[end] + [-0.3 * foot, 0.6 * foot],
            pixels[end] + [0.6 * foot, 0.9 * foot],
            foot,
            0.8 * foot,
            look.colours["shoe"],
        )
    if forearm:
        hand = 0.02 * height * scale[end]
        brush.limb(pixels[end], pixels[end] + 0.12 * (pixels[end] - pixels[start]), hand, hand, look.colours["skin"])


def _paint_trunk(brush: _Brush, pixels: Array, scale: Array, height: float, look: Look) -> None:
    shoulders, hips = pixels[[body.LEFT_SHOULDER, body.RIGHT_SHOULDER]], pixels[[body.LEFT_HIP, body.RIGHT_HIP]]
    unit = height * float(scale[body.LEFT_HIP])
    waist = hips + 0.25 * (shoulders - hips)
    low = shoulders + 0.08 * (hips - shoulders)
    for end in (1, 0) if shoulders[0, 0] < shoulders[1, 0] else (0, 1):
        brush.limb(low[end], hips[end], 0.68 * _TRUNK * unit, 0.62 * _TRUNK * unit, look.colours["shirt"])
    brush.area(np.stack([low[0], low[1], hips[1], hips[0]]), look.colours["shirt"] * (1 + _SHADE) / 2)
    middle = low.mean(0), hips.mean(0)
    brush.limb(
        middle[0] * 0.85 + middle[1] * 0.15, middle[1], 1.2 * _TRUNK * unit, 1.0 * _TRUNK * unit, look.colours["shirt"]
    )
    brush.limb(hips[0], hips[1], 0.7 * _TRUNK * unit, 0.7 * _TRUNK * unit, look.colours["shorts"])
    brush.limb(
        waist.mean(0) * 0.4 + hips.mean(0) * 0.6,
        hips.mean(0),
        0.9 * _TRUNK * unit,
        0.75 * _TRUNK * unit,
        look.colours["shorts"],
    )


def _paint_head(brush: _Brush, pixels: Array, scale: Array, height: float, look: Look, *, facing_away: bool) -> None:
    unit = height * float(scale[body.NOSE])
    centre = pixels[[body.LEFT_EAR, body.RIGHT_EAR]].mean(0)
    neck = pixels[[body.LEFT_SHOULDER, body.RIGHT_SHOULDER]].mean(0)
    skin, hair = look.colours["skin"], look.colours["hair"]
    brush.limb(neck, centre, 0.03 * unit, 0.035 * unit, skin)
    up = (centre - neck) / max(float(np.linalg.norm(centre - neck)), 1e-3)
    radius = _HEAD * unit
    brush.limb(centre + 0.35 * radius * up, centre, 0.95 * radius, 0.8 * radius, hair)
    if facing_away:
        return
    face = pixels[body.NOSE] * 0.5 + centre * 0.5
    brush.limb(face - 0.1 * radius * up, face - 0.4 * radius * up, 0.72 * radius, 0.6 * radius, skin)
    for eye in (body.LEFT_EYE, body.RIGHT_EYE):
        brush.limb(pixels[eye], pixels[eye], 0.1 * radius, 0.1 * radius, hair * 0.5)


def _paint_racket(brush: _Brush, camera: Camera, wrist: Array, tip: Array, look: Look) -> None:
    ends, depth = camera.project(np.stack([wrist, tip]))
    if (depth < 0.5).any():
        return
    unit = camera.focal / float(depth.mean())
    along = ends[1] - ends[0]
    middle = ends[0] + 0.79 * along
    colour = brush.colour(look.colours["racket"])
    stroke = max(1, round(0.014 * unit))
    cv2.line(brush.picture, _fixed(ends[0]), _fixed(ends[0] + 0.6 * along), colour, stroke, cv2.LINE_AA, _SHIFT)
    axes = (max(1.0, 0.21 * float(np.linalg.norm(along))), max(1.0, 0.1 * unit))
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    rotated = ((float(middle[0]), float(middle[1])), (2 * axes[0], 2 * min(axes)), angle)
    cv2.ellipse(brush.picture, rotated, colour, stroke, cv2.LINE_AA)
