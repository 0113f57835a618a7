"""Which input size a frame is run at."""

from __future__ import annotations

import logging
from math import ceil

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.options.readers import read_size

DEFAULT_IMGSZ = 640

Size = tuple[int, int]
log = logging.getLogger("numa_runtime")


def input_size(spec: ModelSpec, source_hw: Size, imgsz: int | Size | None = None) -> Size:
    """Return the (height, width) to run a frame of size `source_hw` at.

    A static artifact gives its own size; a dynamic one a rectangle with the source's aspect whose longest side
    is `imgsz` and whose sides are multiples of the stride, or the asked (height, width). Unless another is asked for,
    that is the size it was trained at.

    Args:
        spec: the contract.
        source_hw: the frame's (height, width).
        imgsz: the longest side (by default that of the training, else 640), or (height, width).

    Raises:
        UsageError: `imgsz` is not positive, or a static artifact has another size; both sizes are named.
    """
    asked = None if imgsz is None else read_size("imgsz", imgsz)
    if spec.input.height is not None and spec.input.width is not None:
        fixed = spec.input.height, spec.input.width
        _check_static(fixed, asked)
        return fixed
    wanted = asked or spec.input.imgsz or DEFAULT_IMGSZ
    height, width = wanted if isinstance(wanted, tuple) else _rectangle(source_hw, wanted)
    stride = max(spec.stride, 1)
    size = _aligned(height, stride), _aligned(width, stride)
    if asked is not None and asked not in (size, max(size)):
        log.warning("imgsz %s is not a multiple of the stride %d: %dx%d is used", _text(asked), stride, *size)
    return spec.input.height or size[0], spec.input.width or size[1]


def _check_static(fixed: Size, asked: int | Size | None) -> None:
    if asked is None or asked == fixed or asked == max(fixed):
        return
    raise UsageError(
        f"imgsz={_text(asked)} was asked for, but this artifact takes {_text(fixed)} only (height x width)",
        hint=f"omit imgsz, say imgsz={max(fixed)}, or export again with dynamic=True",
    )


def _rectangle(source: Size, longest: int) -> tuple[float, float]:
    height, width = source
    scale = longest / max(height, width)
    return height * scale, width * scale


def _aligned(length: float, stride: int) -> int:
    return max(stride, ceil(round(length, 6) / stride) * stride)


def _text(size: int | Size) -> str:
    return f"{size[0]}x{size[1]}" if isinstance(size, tuple) else str(size)
