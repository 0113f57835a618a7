"""Pictures in HEIF: HEIC by pillow-heif where it is installed, else by FFmpeg tile by tile; AVIF by OpenCV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import cast

import av
import av.error
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from numa_runtime.errors import SourceError
from numa_runtime.results.result import Frame
from numa_runtime.sources.heif import HeifError, HeifPicture, read_heif

_CODED = (b"hvc1", b"hev1", b"av01", b"avc1", b"jpeg")


def decode_heif(data: bytes, name: str, from_pil: Callable[[object], Frame]) -> Frame:
    """Return the whole picture of an HEIF file as it is meant to be seen, BGR.

    Args:
        data: the file.
        name: what errors call it.
        from_pil: turns a PIL image into a frame (pillow-heif gives one).

    Raises:
        SourceError: damaged, or made in a way that nothing here can put together; then pillow-heif can.
    """
    try:
        picture = read_heif(data)
        if data[8:10] == b"av" and (image := cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)) is not None:
            return _turned(np.asarray(image, np.uint8), picture)  # OpenCV leaves AVIF as it is coded
        if find_spec("pillow_heif") is not None:
            return from_pil(_by_pillow(data))
        return _turned(_decoded(data, picture), picture)
    except (HeifError, ValueError, av.error.FFmpegError, OSError) as error:
        raise SourceError(
            f"{name} is an HEIC picture that cannot be decoded here: {error}",
            hint="pip install pillow-heif\nIt is used when it is there. Or export the picture as JPEG.",
        ) from error


def _by_pillow(data: bytes) -> object:
    pillow_heif = import_module("pillow_heif")
    return pillow_heif.open_heif(BytesIO(data)).to_pillow()


def _decoded(data: bytes, picture: HeifPicture) -> Frame:
    """Return the coded picture, its tiles put together."""
    grid = picture.grid
    if grid is None:
        return _pieces(data, (picture,))[0]
    if len(grid.tiles) != grid.rows * grid.columns:
        raise HeifError(f"its grid of {grid.rows}x{grid.columns} has {len(grid.tiles)} tiles")
    tiles = [_turned(tile, said) for tile, said in zip(_pieces(data, grid.tiles), grid.tiles, strict=True)]
    height, width = tiles[0].shape[:2]
    whole = np.empty((grid.rows * height, grid.columns * width, 3), np.uint8)
    if whole.shape[0] < grid.height or whole.shape[1] < grid.width:
        raise HeifError(f"its tiles are too small for {grid.width}x{grid.height}")
    for place, tile in enumerate(tiles):
        row, column = divmod(place, grid.columns)
        whole[row * height : (row + 1) * height, column * width : (column + 1) * width] = tile
    return whole[: grid.height, : grid.width]


def _pieces(data: bytes, items: Sequence[HeifPicture]) -> list[Frame]:
    """Decode items, each of which FFmpeg gives as a stream of one frame."""
    if odd := {item.kind for item in items if item.kind not in _CODED}:
        raise HeifError(f"it is made of items of kind {', '.join(sorted(kind.decode('latin-1') for kind in odd))}")
    sizes = {item.item: item.size for item in items}
    scaler = VideoReformatter()
    found: dict[int, Frame] = {}
    with av.open(BytesIO(data), "r") as container:
        streams = [stream for stream in container.streams.video if stream.id in sizes]
        for packet in container.demux(streams):
            for frame in cast("list[av.VideoFrame]", packet.decode()):
                width, height = sizes[packet.stream.id]
                picture = scaler.reformat(frame, format="bgr24", threads=1).to_ndarray()
                found.setdefault(packet.stream.id, np.asarray(picture[:height, :width], np.uint8))
    if missing := len(sizes) - len(found):
        raise HeifError(f"{missing} of its {len(sizes)} tiles cannot be decoded")
    return [found[item.item] for item in items]


def _turned(image: Frame, picture: HeifPicture) -> Frame:
    """Cut, turn and mirror as the file says, in its order (23008-12, 6.5.9, 6.5.10, 6.5.12)."""
    for kind, values in picture.turns:
        if kind == "irot":
            image = np.rot90(image, int(values[0]))
        elif kind == "imir":
            image = image[:, ::-1] if values[0] else image[::-1]
        else:
            image = _aperture(image, *values)
    return np.ascontiguousarray(image)


def _aperture(image: Frame, width: Fraction, height: Fraction, right: Fraction, down: Fraction) -> Frame:
    """Cut to `width` x `height` around the centre, moved by `right` and `down` (14496-12, 12.1.4)."""
    rows, columns = image.shape[:2]
    left, top = round((columns - width) / 2 + right), round((rows - height) / 2 + down)
    if left < 0 or top < 0 or left + width > columns or top + height > rows:
        raise HeifError("what it cuts out lies outside of it")
    return image[top : top + round(height), left : left + round(width)]
