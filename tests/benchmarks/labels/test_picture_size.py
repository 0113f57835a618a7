from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.picture_size import picture_size
from numa_runtime.sources.pixels import read_image


def exif(orientation: int, order: str = ">") -> bytes:
    """Return an APP1 segment that says only how the picture lies."""
    mark = b"MM" if order == ">" else b"II"
    tiff = mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp"])
@pytest.mark.parametrize("shape", [(31, 57, 3), (64, 20, 3), (40, 41)])
def test_same_as_decoding(tmp_path: Path, suffix: str, shape: tuple[int, ...]) -> None:
    path = tmp_path / f"a{suffix}"
    cv2.imwrite(str(path), np.full(shape, 99, np.uint8))
    assert picture_size(path) == shape[:2] == read_image(path).shape[:2]


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_on_their_side(tmp_path: Path, orientation: int, order: str) -> None:
    path = tmp_path / "a.jpg"
    cv2.imwrite(str(path), np.full((30, 50, 3), 99, np.uint8))
    data = path.read_bytes()
    path.write_bytes(data[:2] + exif(orientation, order) + data[2:])
    assert picture_size(path) == read_image(path).shape[:2] == ((50, 30) if orientation >= 5 else (30, 50))


def test_missing_and_damaged(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the image .*a\.jpg does not exist"):
        picture_size(tmp_path / "a.jpg")
    for data in (b"\xff\xd8\xff", b"\xff\xd8\xff\xc0\x00", b"nonsense", b"\x89PNG\r\n\x1a\n"):
        (tmp_path / "b.jpg").write_bytes(data)
        with pytest.raises(DataError, match=r"b\.jpg is damaged or not an image"):
            picture_size(tmp_path / "b.jpg")
