"""The golden input: a thumbnail stored without loss, enlarged by integer arithmetic, the same on every machine."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import Color, InputSpec

Image = NDArray[np.uint8]

MOST_PIXELS = 128 * 128
PAD = 114
_STEPS = 8  # grey levels per step: coarser pixels pack better, and the network does not mind
_COLOURFUL = 8  # mean distance of a pixel's largest channel from its smallest
_CLIP_SHIFT_PX = 4


def factor_for(height: int, width: int) -> int:
    """Return the smallest whole enlargement whose thumbnail has at most `MOST_PIXELS` pixels."""
    common = int(np.gcd(height, width))
    fitting = [f for f in range(1, common + 1) if common % f == 0 and height * width <= MOST_PIXELS * f * f]
    return fitting[0] if fitting else common


def thumbnail(frame: Image, height: int, width: int) -> Image:
    """Return `frame` (BGR or grey) fitted into RGB (height, width, 3), padded with grey, in coarse steps."""
    import cv2

    scale = min(height / frame.shape[0], width / frame.shape[1])
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    colour = small[..., ::-1] if small.ndim == 3 else np.repeat(small[..., None], 3, axis=2)
    canvas = np.full((height, width, 3), PAD, np.uint8)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = colour
    return canvas // _STEPS * _STEPS + _STEPS // 2


def enlarge(picture: Image, factor: int) -> Image:
    """Enlarge (h, w, 3) by a whole factor, bilinear, in integers only: bit-identical everywhere."""
    rows = _stretch(picture.astype(np.int64), factor)
    both = _stretch(rows.swapaxes(0, 1), factor).swapaxes(0, 1)
    whole = (2 * factor) ** 2
    return ((both + whole // 2) // whole).astype(np.uint8)


def is_colourful(picture: Image) -> bool:
    """Return whether exchanging red and blue would change an RGB picture (h, w, 3) enough to be noticed."""
    return float(np.ptp(picture.astype(np.int16), axis=2).mean()) >= _COLOURFUL


def tinted(picture: Image) -> Image:
    """Return a picture with colour: red fades to the left, blue to the right, each to a half."""
    ramp = np.linspace(0.5, 1, picture.shape[1])
    share = np.stack([ramp, np.full_like(ramp, 0.8), ramp[::-1]], axis=1)
    return np.asarray(picture * share, np.uint8) // _STEPS * _STEPS + _STEPS // 2


def to_input(picture: Image, factor: int, model_input: InputSpec) -> NDArray[Any]:
    """Return one picture as the network takes it: the input's dtype, colour order and scale.

    The frames of a clip are the picture moved a little further left each time, the newest unmoved, so that a
    network that mixes its frames up is noticed.

    Args:
        picture: the thumbnail, uint8 RGB (h, w, 3).
        factor: whole enlargement.
        model_input: the artifact's input.

    Returns:
        `[planes, H, W]`.
    """
    big = enlarge(picture, factor)
    frames = [np.roll(big, (model_input.frames - 1 - t) * _CLIP_SHIFT_PX, axis=1) for t in range(model_input.frames)]
    if model_input.background:
        frames.insert(0, big)
    planes = np.concatenate([_channels(frame, model_input) for frame in frames])
    if model_input.dtype != "uint8":
        planes = planes.astype(np.float32) * np.float32(model_input.scale)
    return np.ascontiguousarray(planes.astype(model_input.dtype))


def pack(picture: Image) -> str:
    """Return an image as ASCII: differences to the left neighbour, zlib, base64."""
    left = np.concatenate([np.zeros_like(picture[:, :1]), picture[:, :-1]], axis=1)
    return base64.b64encode(zlib.compress((picture - left).tobytes(), 9)).decode("ascii")


def unpack(text: str, height: int, width: int) -> Image:
    """Undo `pack`.

    Raises:
        ValueError: damaged, or not that size.
    """
    try:
        raw = zlib.decompress(base64.b64decode(text, validate=True))
    except zlib.error as error:
        raise ValueError(f"its picture is damaged: {error}") from error
    steps = np.frombuffer(raw, np.uint8).reshape(height, width, 3)
    return np.cumsum(steps, axis=1, dtype=np.uint8)


def _stretch(values: NDArray[np.int64], factor: int) -> NDArray[np.int64]:
    """Enlarge the first axis; the result is 2 x factor times the interpolated value."""
    whole = 2 * factor
    position = 2 * np.arange(len(values) * factor) + 1 - factor
    low = position // whole
    share = (position - low * whole).reshape(-1, *[1] * (values.ndim - 1))
    last = len(values) - 1
    stretched: NDArray[np.int64] = values[np.clip(low, 0, last)] * (whole - share)
    return stretched + values[np.clip(low + 1, 0, last)] * share


def _channels(frame: Image, model_input: InputSpec) -> Image:
    if model_input.channels == 1 or model_input.color is Color.GRAY:
        red, green, blue = (frame[..., c].astype(np.int64) for c in range(3))
        return ((77 * red + 150 * green + 29 * blue + 128) >> 8).astype(np.uint8)[None]
    ordered = frame[..., ::-1] if model_input.color is Color.BGR else frame
    return np.ascontiguousarray(ordered.transpose(2, 0, 1))
