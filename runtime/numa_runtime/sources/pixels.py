"""Anything picture-like becomes a uint8 BGR frame: numpy arrays, PIL images, image files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.picture_limit import require_allowed_size

_ORIENTATION = 0x0112
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_HOW = {
    "bool": "frame.astype(np.uint8) * 255",
    "uint16": "(frame >> 8).astype(np.uint8) where all 16 bits are used",
    "float": "(frame * 255).astype(np.uint8) if it is 0 to 1",
}


def is_picture(value: object) -> bool:
    """Whether `value` is a numpy array or looks like a PIL image."""
    return isinstance(value, np.ndarray) or all(hasattr(value, word) for word in ("convert", "mode", "size"))


def as_bgr(value: Any, where: str) -> Frame:
    """Return `value` as a contiguous uint8 (height, width, 3) BGR frame, without a copy where it is one.

    Args:
        value: uint8 array (h, w, 3) BGR, (h, w, 4) BGRA, (h, w) or (h, w, 1) grey; or a PIL image, which gives the
            pixels that its file would give: EXIF orientation applied, transparency ignored, the high byte of 16 bits.
        where: names it in errors ("frame 3").

    Raises:
        SourceError: another dtype, mode or shape; it is named.
    """
    if not isinstance(value, np.ndarray):
        if not is_picture(value):
            raise SourceError(
                f"{where} is a {type(value).__name__}, not a picture",
                hint="give uint8 numpy arrays (height, width, 3) in BGR order, or PIL images",
            )
        return _from_pil(value, where)
    shape = value.shape
    if value.dtype != np.uint8:
        how = _HOW.get(value.dtype.name, _HOW["float"] if value.dtype.kind == "f" else "frame.astype(np.uint8)")
        raise SourceError(
            f"{where} has dtype {value.dtype}; frames are uint8, 0 to 255", hint=f"convert it first: {how}"
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


def _from_pil(image: Any, where: str) -> Frame:
    try:
        if hasattr(image, "load"):
            image.load()  # Pillow turns a TIFF when it is loaded, and takes the tag away
        pixels = _pil_pixels(image, where)
    except (OSError, ValueError, SyntaxError) as error:
        raise SourceError(f"{where} is a PIL image that cannot be read: {error}", hint="open its file anew") from error
    if 0 in pixels.shape:
        raise SourceError(f"{where} is an empty PIL image of size {image.size}")
    exif = image.getexif() if hasattr(image, "getexif") else {}
    return np.ascontiguousarray(oriented(pixels, exif.get(_ORIENTATION, 1)))


def _pil_pixels(image: Any, where: str) -> Frame:
    """Return BGR, not yet turned."""
    file = getattr(image, "format", None)
    if image.mode in _SIXTEEN_BITS or (image.mode == "I" and file in ("PNG", "PPM")):
        high = np.asarray(image).astype(np.int64) >> 8
        return np.repeat(np.clip(high, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode in ("I", "F"):
        raise _unknown_range(f"{where} is a PIL image of mode {image.mode}, whose numbers have")
    if image.mode == "CMYK" and file == "JPEG":
        return _from_cmyk(np.asarray(image))
    if image.mode == "RGBA" and file == "TIFF":
        return _on_black(np.asarray(image))
    if file == "GIF" and "transparency" in image.info:
        return _on_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"), np.uint8)[..., ::-1]


def _from_cmyk(image: Frame) -> Frame:
    """Return BGR of a JPEG's inks with OpenCV's rounding, which is not Pillow's."""
    paper = 255 - image.astype(np.int32)
    black = paper[..., 3:]
    return (black - ((255 - paper[..., 2::-1]) * black >> 8)).astype(np.uint8)


def _on_black(image: Frame) -> Frame:
    """Return BGR of a TIFF with transparency as libtiff gives it to OpenCV: multiplied by alpha, rounded."""
    colours = image[..., 2::-1].astype(np.int32)
    return ((colours * image[..., 3:] + 127) // 255).astype(np.uint8)


def _on_white(image: Frame) -> Frame:
    """Return BGR of a GIF with transparency as FFmpeg gives it: transparent pixels are white."""
    return np.where(image[..., 3:] > 0, image[..., 2::-1], np.uint8(255))


def _unknown_range(what: str) -> SourceError:
    return SourceError(
        f"{what} no range that says what is white",
        hint="scale them to 8 bits first: np.clip(values * 255, 0, 255).astype(np.uint8) if they are 0 to 1",
    )


def oriented(image: Frame, orientation: int) -> Frame:
    """Return a picture upright, given its EXIF orientation (1 to 8; CIPA DC-008, 4.6.4)."""
    if orientation in (5, 6, 7, 8):
        image = image.swapaxes(0, 1)
    flip_x, flip_y = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    return image[:: -1 if flip_y else 1, :: -1 if flip_x else 1]


def read_image(path: Path) -> Frame:
    """Read an image file as BGR, EXIF orientation applied; of several pages or frames the first.

    The bytes are read by numpy because OpenCV cannot open every unicode path on every system.

    Raises:
        SourceError: missing, unreadable, empty, cut off, too large or not an image.
    """
    return decode_image(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        SourceError: missing, unreadable or empty.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
    if not data:
        raise SourceError(f"{path} is empty (0 bytes)", hint="copy or export the file again")
    return data


def decode_image(data: bytes, name: str) -> Frame:
    """Return an image file's bytes as BGR, as `read_image` does.

    Raises:
        SourceError: cut off, too large or not an image; `name` names it.
    """
    import cv2

    from numa_runtime.sources.picture_header import kind_of, sample_bits

    require_allowed_size(data, name)
    kind = kind_of(data[:16])
    if kind == "heif":
        from numa_runtime.sources.heif_pixels import decode_heif

        return decode_heif(data, name, lambda image: _from_pil(image, name))
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        if sample_bits(data) > 16:
            raise _unknown_range(f"{name} has samples of {sample_bits(data)} bits, which have")
        raise SourceError(
            f"{name} is damaged or not an image: its {len(data):,} bytes cannot be decoded",
            hint="copy or export the file again",
        )
    return np.ascontiguousarray(image, np.uint8)
