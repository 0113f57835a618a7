from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from clips import write_clip
from heic_files import COLUMNS, HEIGHT, ROWS, TILE, WIDTH, colour_of_tile, heic_grid

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.heif import read_heif
from numa_runtime.sources.pixels import decode_image
from numa_runtime.sources.source import open_source


@pytest.fixture
def no_pillow_heif(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr("numa_runtime.sources.heif_pixels.find_spec", lambda _: None)


@pytest.mark.usefixtures("no_pillow_heif")
def test_a_grid_is_put_together(tmp_path: Path) -> None:
    photo = tmp_path / "IMG_0001.HEIC"
    photo.write_bytes(heic_grid())
    for source in (photo, tmp_path):
        (media,) = list(open_source(source))
        assert (media.info.kind, media.info.width, media.info.height) == (MediaKind.IMAGES, WIDTH, HEIGHT)
        (frame,) = media
        for row in range(ROWS):
            for column in range(COLUMNS):
                middle = frame.image[row * TILE + TILE // 2, column * TILE + TILE // 2].astype(int)
                assert np.abs(middle - colour_of_tile(row, column)).max() <= 4, (row, column)


@pytest.mark.usefixtures("no_pillow_heif")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data.replace(b"hvc1", b"iovl"), "made of items of kind iovl"),
        (lambda data: data.replace(b"dimg", b"auxl"), "its tiles are not listed"),
        (lambda data: data[:-60], "tiles cannot be decoded|Invalid data"),
        (lambda data: data[:500], "cut off"),
    ],
)
def test_what_cannot_be_put_together_names_the_package_that_can(change, reason) -> None:
    with pytest.raises(
        SourceError, match=f"a.heic is an HEIC picture that cannot be decoded here: .*({reason})"
    ) as caught:
        decode_image(change(heic_grid()), "a.heic")
    assert "pip install pillow-heif" in caught.value.hint


def test_pillow_heif_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Opened:
        mode, size = "RGB", (2, 1)

        def to_pillow(self) -> Opened:
            return self

        def convert(self, _: str) -> np.ndarray:
            return np.array([[[255, 0, 0], [0, 0, 9]]], np.uint8)

    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(open_heif=lambda _: Opened()))
    monkeypatch.setattr("numa_runtime.sources.heif_pixels.find_spec", lambda _: object())
    assert decode_image(heic_grid(), "a.heic").tolist() == [[[0, 0, 255], [9, 0, 0]]]


@pytest.mark.usefixtures("no_pillow_heif")
def test_avif_is_read_without_opencv_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wheels of OpenCV before 4.11 do not know AVIF."""
    image = pytest.importorskip("PIL.Image")
    exif = image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    image.fromarray(np.full((40, 60, 3), (200, 80, 30), np.uint8)).save(data, "AVIF", exif=exif)
    assert read_heif(data.getvalue()).turns == [("irot", (3,))]
    monkeypatch.setattr("numa_runtime.sources.heif_pixels.cv2.imdecode", lambda *_: None)
    frame = decode_image(data.getvalue(), "a.avif")
    assert frame.shape == (60, 40, 3)
    assert np.abs(frame.astype(int) - (30, 80, 200)).max() <= 4


def test_a_film_in_heic_is_a_film(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 3, codec="libx265").read_bytes()
    (tmp_path / "burst").mkdir()
    burst = tmp_path / "burst" / "IMG_0002.HEIC"
    burst.write_bytes(clip.replace(clip[8:12], b"hevc", 1))
    for source in (burst, burst.parent):
        (media,) = list(open_source(source))
        assert media.info.kind is MediaKind.VIDEO
        assert len(list(media)) == 3
