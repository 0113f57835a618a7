from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from numa_runtime.errors import SourceError
from numa_runtime.sources.pixels import as_bgr, decode_image, is_picture, read_image
from numa_runtime.sources.source import open_source


class PilLike:
    """The three words of a PIL image that are used."""

    mode, size = "RGBA", (2, 1)

    def convert(self, mode: str) -> np.ndarray:
        assert mode == "RGB"
        return np.array([[[255, 0, 0], [0, 0, 9]]], np.uint8)


def test_a_bgr_frame_is_not_copied() -> None:
    frame = np.zeros((4, 5, 3), np.uint8)
    assert as_bgr(frame, "frame 0") is frame


def test_grey_alpha_views_and_pil_become_contiguous_bgr() -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 256, (4, 6, 4), np.uint8)
    for value, expected in (
        (colour[..., 0], np.stack([colour[..., 0]] * 3, 2)),
        (colour[..., :1], np.stack([colour[..., 0]] * 3, 2)),
        (colour, colour[..., :3]),
        (colour[:, ::2, :3], colour[:, ::2, :3]),
        (PilLike(), np.array([[[0, 0, 255], [9, 0, 0]]])),
    ):
        got = as_bgr(value, "frame 0")
        assert got.flags.c_contiguous
        assert got.dtype == np.uint8
        np.testing.assert_array_equal(got, expected)
    assert is_picture(PilLike())
    assert not is_picture("a.jpg")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (np.zeros((4, 4, 3), np.float32), r"frame 3 has dtype float32; frames are uint8"),
        (np.zeros((3, 40, 50), np.uint8), r"frame 3 has shape \(3, 40, 50\), channels first"),
        (np.zeros((4, 4, 2), np.uint8), r"frame 3 has shape \(4, 4, 2\), which is not a picture"),
        (np.zeros((0, 4, 3), np.uint8), r"frame 3 has shape \(0, 4, 3\), which is not a picture"),
        (7, "frame 3 is a int, not a picture"),
    ],
)
def test_what_is_no_frame_is_named(value: object, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence) as caught:
        as_bgr(value, "frame 3")
    assert caught.value.hint


def test_reads_unicode_paths_grey_sixteen_bit_and_alpha(tmp_path: Path) -> None:
    image = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    pictures = {
        "Größe 日本 ✓.png": (image, image),
        "grey.png": (image[..., 0], np.stack([image[..., 0]] * 3, 2)),
        "deep.png": (image.astype(np.uint16) * 256, image),
        "alpha.png": (np.dstack([image, image[..., :1]]), image),
    }
    for name, (stored, expected) in pictures.items():
        (tmp_path / name).write_bytes(cv2.imencode(".png", stored)[1].tobytes())
        np.testing.assert_array_equal(read_image(tmp_path / name), expected)


def test_broken_images_are_named(tmp_path: Path) -> None:
    good = cv2.imencode(".png", np.random.default_rng(2).integers(0, 256, (50, 50, 3), np.uint8))[1].tobytes()
    for name, data, sentence in (
        ("noise.jpg", b"\x00\x01" * 500, r"noise.jpg is damaged or not an image: its 1,000 bytes cannot be decoded"),
        ("cut.png", good[: len(good) // 2], r"cut.png is damaged or not an image"),
        ("empty.jpg", b"", r"empty.jpg is empty \(0 bytes\)"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match=sentence):
            read_image(tmp_path / name)
    with pytest.raises(SourceError, match=r"gone.jpg cannot be read: No such file"):
        read_image(tmp_path / "gone.jpg")


def pil() -> Any:
    return pytest.importorskip("PIL.Image")


def pictures() -> dict[str, Any]:
    """One PIL image of every mode that a file keeps."""
    rng = np.random.default_rng(3)
    colour = pil().fromarray(cv2.resize(rng.integers(0, 256, (6, 10, 3), np.uint8), (40, 24)))
    alpha = pil().fromarray(rng.integers(0, 256, (24, 40), np.uint8))
    found = {mode: colour.convert(mode) for mode in ("1", "L", "P", "RGB", "CMYK", "LA", "RGBA")}
    found["LA"].putalpha(alpha)
    found["RGBA"].putalpha(alpha)
    found["I;16"] = pil().fromarray(np.tile(np.linspace(0, 65535, 40).astype(np.uint16), (24, 1)))
    return found


FILES: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {},
    "TIFF": {},
    "WEBP": {"lossless": True},
    "AVIF": {},
    "BMP": {},
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file", FILES)
def test_a_pil_image_has_the_pixels_of_its_file(file: str, orientation: int) -> None:
    compared = 0
    for mode, picture in pictures().items():
        exif, data = pil().Exif(), io.BytesIO()
        exif[0x0112] = orientation
        words = FILES[file] | ({} if file == "BMP" else {"exif": exif})
        try:
            picture.save(data, file, **words)
        except OSError:
            continue  # the format does not know the mode
        from_file, from_pil = decode_image(data.getvalue(), "file"), as_bgr(pil().open(data), "frame 0")
        np.testing.assert_array_equal(from_file, from_pil, err_msg=mode)
        turned = orientation > 4 and file != "BMP"
        assert from_file.shape == ((40, 24, 3) if turned else (24, 40, 3))
        compared += 1
    assert compared >= 3


def test_a_gif_with_transparency_has_the_pixels_of_its_file(tmp_path: Path) -> None:
    picture = pictures()["P"]
    for name, words in (("a.gif", {}), ("b.gif", {"transparency": picture.getpixel((3, 3))})):
        picture.save(tmp_path / name, **words)
        with pil().open(tmp_path / name) as opened:
            from_pil = as_bgr(opened, "frame 0")
        (frame,) = [frame for media in open_source(tmp_path / name) for frame in media]
        np.testing.assert_array_equal(frame.image, from_pil)


def test_a_picture_that_was_turned_already_is_not_turned_again() -> None:
    ops = pytest.importorskip("PIL.ImageOps")
    exif = pil().Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    pictures()["RGB"].save(data, "JPEG", exif=exif)
    upright = as_bgr(ops.exif_transpose(pil().open(data)), "frame 0")
    np.testing.assert_array_equal(upright, decode_image(data.getvalue(), "file"))


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_numbers_without_a_range_are_refused_from_files_and_from_pil(kind: type) -> None:
    picture = pil().fromarray(np.linspace(0, 1000, 600).reshape(20, 30).astype(kind))
    data = io.BytesIO()
    picture.save(data, "TIFF")
    for read in (lambda: as_bgr(picture, "frame 0"), lambda: decode_image(data.getvalue(), "heat.tif")):
        with pytest.raises(SourceError, match="no range that says what is white") as caught:
            read()
        assert "np.clip" in caught.value.hint


def test_a_pil_image_cut_off_is_a_sentence(tmp_path: Path) -> None:
    data = io.BytesIO()
    pictures()["RGB"].save(data, "PNG")
    (tmp_path / "cut.png").write_bytes(data.getvalue()[:200])
    with pil().open(tmp_path / "cut.png") as picture, pytest.raises(SourceError, match="frame 0 is a PIL image that"):
        as_bgr(picture, "frame 0")


@pytest.mark.parametrize(
    ("dtype", "hint"),
    [("uint16", "frame >> 8"), ("float64", "frame * 255"), ("bool", "astype(np.uint8) * 255"), ("int64", "astype")],
)
def test_other_numbers_are_refused_with_the_line_that_converts_them(dtype: str, hint: str) -> None:
    with pytest.raises(SourceError, match=f"dtype {dtype}") as caught:
        as_bgr(np.zeros((4, 4, 3), dtype), "frame 0")
    assert hint in caught.value.hint
