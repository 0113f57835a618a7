"""The one letterbox (or stretch) of all modes, and the way back from network-input pixels to source pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.contract import Anchor, Color, LetterboxRule
from numa_runtime.errors import SourceError
from numa_runtime.vision.opencv import import_cv2

cv2 = import_cv2()

Image = NDArray[np.uint8]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Transform:
    """What a letterbox did; sizes are (height, width), coordinates continuous (pixel i covers i to i + 1).

    The resized picture has whole pixels, so the true ratio of each axis differs a little from `scale`; points are
    mapped by the true ones.

    Attributes:
        scale: the ideal ratio min(H/h, W/w).
        left: padding in target pixels.
        top: padding in target pixels.
        source: size of the frame.
        target: size of the network's input.
        resized: size of the resized picture in whole pixels.
    """

    scale: float
    left: float
    top: float
    source: Size
    target: Size
    resized: Size

    @property
    def ratios(self) -> tuple[float, float]:
        """Target pixels per source pixel along x and along y."""
        return self.resized[1] / self.source[1], self.resized[0] / self.source[0]

    def to_source(self, points: ArrayLike) -> NDArray[Any]:
        """Map (..., 2k) x, y pairs from target to source pixels; float32 stays float32, all else is float64."""
        pairs = _pairs(points)
        (rx, ry), out = self.ratios, np.empty_like(pairs)
        out[..., 0::2] = (pairs[..., 0::2] - self.left) * (1.0 / rx)
        out[..., 1::2] = (pairs[..., 1::2] - self.top) * (1.0 / ry)
        return out

    def boxes_to_source(self, xyxy: ArrayLike) -> NDArray[Any]:
        """Map (..., 4) boxes to source pixels and clip them to the frame."""
        boxes = self.to_source(xyxy)
        height, width = self.source
        np.clip(boxes[..., 0::2], 0, width, out=boxes[..., 0::2])
        np.clip(boxes[..., 1::2], 0, height, out=boxes[..., 1::2])
        return boxes


def _pairs(points: ArrayLike) -> NDArray[Any]:
    array = np.asarray(points)
    return array if array.dtype == np.float32 else array.astype(np.float64)


def fit(source: Size, target: Size, rule: LetterboxRule) -> Transform:
    """Return where a frame of size `source` lies inside `target`.

    Rounding is what users of each family know: centred, round(w * r) and padding split with the odd pixel to
    the right and bottom (Ultralytics); top left, int(w * r) (YOLOX); stretched over the whole (DETRs). A sliver keeps
    at least one pixel.
    """
    (h, w), (height, width) = source, target
    scale = min(height / h, width / w)
    if rule.anchor is Anchor.STRETCH:
        return Transform(scale, 0.0, 0.0, source, target, target)
    if rule.anchor is Anchor.TOP_LEFT:
        resized = max(1, int(h * scale)), max(1, int(w * scale))
        return Transform(scale, 0.0, 0.0, source, target, resized)
    resized = max(1, round(h * scale)), max(1, round(w * scale))
    top = round((height - resized[0]) / 2 - 0.1)
    left = round((width - resized[1]) / 2 - 0.1)
    return Transform(scale, float(left), float(top), source, target, resized)


def letterbox(frame: Image, out: Image, color: Color, rule: LetterboxRule) -> Transform:
    """Fit `frame` into `out` in place: resize, pad, order the channels, HWC to CHW.

    Bilinear with half-pixel centres, as `cv2.INTER_LINEAR`. OpenCV won the measurement: resize + split 0.26 ms for
    1280x720 to 640x640, a fused numba kernel 1.6 ms.

    Args:
        frame: uint8 (h, w, 3) BGR or (h, w) grey.
        out: uint8 (planes, H, W) with 1 plane for `Color.GRAY`, else 3; each plane's rows must lie contiguous.
        color: channel order of `out`.
        rule: where the resized picture lies, and what fills the rest.

    Raises:
        SourceError: the frame is not uint8 (h, w) or (h, w, 3), or has no pixels.
    """
    _check(frame)
    at = fit((frame.shape[0], frame.shape[1]), (out.shape[1], out.shape[2]), rule)
    top, left = int(at.top), int(at.left)
    bottom, right = top + at.resized[0], left + at.resized[1]
    out[:, :top] = out[:, bottom:] = rule.pad_value
    out[:, top:bottom, :left] = out[:, top:bottom, right:] = rule.pad_value
    _fill(frame, out[:, top:bottom, left:right], color)
    return at


def _check(frame: Image) -> None:
    shape = frame.shape
    known = frame.ndim == 2 or (frame.ndim == 3 and shape[2] in (1, 3))
    if frame.dtype != np.uint8 or not known or 0 in shape:
        raise SourceError(
            f"a frame must be uint8 of shape (height, width, 3) or (height, width); this one is {frame.dtype} {shape}",
            hint="convert it first: BGR order, values 0-255",
        )


def _fill(frame: Image, view: Image, color: Color) -> None:
    """Write the resized frame into `view` (planes, h, w); one plane means grey (BT.601 luma)."""
    size = view.shape[2], view.shape[1]
    grey = frame.ndim == 2 or frame.shape[2] == 1
    if color is Color.GRAY:
        small = frame if frame.shape[1::-1] == size else cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
        if grey:
            view[0] = small.reshape(view.shape[1:])
        else:
            cv2.cvtColor(small, cv2.COLOR_BGR2GRAY, dst=view[0])
        return
    if grey:
        view[:] = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR).reshape(view.shape[1:])
        return
    small = frame if frame.shape[1::-1] == size else cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
    planes = [view[0], view[1], view[2]]
    cv2.split(small, planes[::-1] if color is Color.RGB else planes)
