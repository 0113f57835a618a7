"""Anything picture-like becomes a uint8 BGR frame: numpy arrays, PIL images, image files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame


def is_picture(value: object) -> bool:
    """Whether `value` is a numpy array or looks like a PIL image."""
    return isinstance(value, np.ndarray) or all(hasattr(value, word) for word in ("convert", "mode", "size"))


def as_bgr(value: Any, where: str) -> Frame:
    """Return `value` as a contiguous uint8 (height, width, 3) BGR frame, without a copy where it is one.

    Args:
        value: uint8 array (h, w, 3) BGR, (h, w, 4) BGRA, (h, w) or (h, w, 1) grey; or a PIL image (its RGB is
            turned into BGR).
        where: names it in errors ("frame 3").

    Raises:
        SourceError: another dtype or shape; both are named.
    """
    if not isinstance(value, np.ndarray):
        if not is_picture(value):
            raise SourceError(
                f"{where} is a {type(value).__name__}, not a picture",
                hint="give uint8 numpy arrays (height, width, 3) in BGR order, or PIL images",
            )
        return np.ascontiguousarray(np.asarray(value.convert("RGB"), np.uint8)[..., ::-1])
    shape = value.shape
    if value.dtype != np.uint8:
        raise SourceError(
            f"{where} has dtype {value.dtype}; frames are uint8, 0 to 255",
            hint="convert it first: (frame * 255).astype(np.uint8) if it is 0 to 1",
        )
    if len(shape) == 3 and shape[0] in (1, 3) and shape[2] not in (1, 3, 4):
        raise SourceError(f"{where} has shape {shape}, channels first", hint="transpose it: frame.transpose(1, 2, 0)")
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 3, 4)) or 0 in shape:
        raise SourceError(
            f"{where} has shape {shape}, which is not a picture",
            hint="frames are (height, width, 3) BGR or (height, width)",
        )
    grey = value if len(shape) == 2 else value[..., 0] if shape[2] == 1 else None
    if grey is not None:
        return np.repeat(grey[..., None], 3, axis=2)
    return np.ascontiguousarray(value[..., :3] if shape[2] == 4 else value)


def read_image(path: Path) -> Frame:
    """Read an image file as BGR, EXIF orientation applied.

    The bytes are read by numpy because OpenCV cannot open every unicode path on every system.

    Raises:
        SourceError: missing, unreadable, empty, cut off or not an image.
    """
    import cv2

    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    if data.size == 0:
        raise SourceError(f"{path} is empty (0 bytes)", hint="copy or export the file again")
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise SourceError(
            f"{path} is damaged or not an image: its {data.size:,} bytes cannot be decoded",
            hint="copy or export the file again",
        )
    return np.ascontiguousarray(image, np.uint8)
