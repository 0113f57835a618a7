from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_runtime.errors import SourceError
from numa_runtime.sources.picture_limit import VARIABLE
from numa_runtime.sources.pixels import read_image
from numa_runtime.sources.source import open_source


def png(width: int, height: int) -> bytes:
    """A small file that names a large size; its rows are missing."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(bytes(99))) + part(b"IEND", b"")


def large_jpeg() -> bytes:
    data = bytearray(cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8))[1].tobytes())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65000, 64000)
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("scan.png", png(40000, 30000), "40000x30000: 1,200,000,000 pixels"),
        ("bomb.png", png(30000, 30000), "30000x30000: 900,000,000 pixels"),
        ("wide.jpg", large_jpeg(), "64000x65000: 4,160,000,000 pixels"),
    ],
)
def test_large_pictures_are_told_by_the_limit_before_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, size: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / name).write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=f"{name} is {size} are more than the 268,435,456") as caught:
            open_source(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()
    assert f"export {VARIABLE}=" in caught.value.hint


def test_the_limit_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(cv2.imencode(".png", np.zeros((30, 40, 3), np.uint8))[1].tobytes())
    monkeypatch.setenv(VARIABLE, "1199")
    with pytest.raises(SourceError, match="40x30: 1,200 pixels are more than the 1,199"):
        read_image(picture)
    monkeypatch.setenv(VARIABLE, "1200")
    assert read_image(picture).shape == (30, 40, 3)


def test_a_thin_line_names_its_longest_side(tmp_path: Path) -> None:
    (tmp_path / "line.png").write_bytes(png(2_000_000, 1))
    with pytest.raises(SourceError, match="no side may be longer than 1,048,576"):
        read_image(tmp_path / "line.png")
