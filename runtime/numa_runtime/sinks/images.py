"""Annotated images, one file per frame, under the names of the source's images."""

from __future__ import annotations

from pathlib import Path

import cv2

from numa_runtime.errors import SinkError
from numa_runtime.files import atomic_path
from numa_runtime.results import Frame, Results
from numa_runtime.sinks.names import UniqueNames, frame_stem

JPEG_QUALITY = 95


class ImageSink:
    """Writes each painted frame into `folder`: png for sources that are png, jpg (quality 95) for all others.

    Every image is complete as soon as it has its name; `abort` therefore leaves those that are.

    Args:
        folder: where the images go.
        many_per_file: frames come from a video, so each name gets its frame number.
    """

    needs_picture = True

    def __init__(self, folder: Path, *, many_per_file: bool = False) -> None:
        self._folder = folder
        self._many = many_per_file
        self._names = UniqueNames()
        self._last: Path | None = None
        self._count = 0

    def write(self, result: Results, painted: Frame | None) -> None:
        """Encode and write one frame."""
        if painted is None:
            raise SinkError("the image sink was given no picture")
        suffix = _suffix_for(result.path)
        stem = frame_stem(result.path, result.frame_index, many_per_file=self._many)
        target = self._folder / self._names.take(stem, suffix)
        with atomic_path(target) as part:
            part.write_bytes(encode_image(painted, suffix))
        self._last = target
        self._count += 1

    def close(self) -> tuple[Path, ...]:
        """Return the image when there is one, the folder when there are several."""
        if self._last is None:
            return ()
        return (self._last,) if self._count == 1 else (self._folder,)

    def abort(self) -> None:
        """Do nothing: each image was finished when it was written."""


def _suffix_for(path: str) -> str:
    suffix = Path(path).suffix.lower()
    return suffix if suffix in (".png", ".jpg", ".jpeg") else ".jpg"


def encode_image(image: Frame, suffix: str) -> bytes:
    """Return `image` (BGR) as the bytes of a png or jpg file."""
    settings = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    ok, data = cv2.imencode(suffix, image, settings)
    if not ok:
        raise SinkError(f"OpenCV cannot encode a {image.shape[1]}x{image.shape[0]} image as {suffix}")
    return bytes(data.tobytes())
