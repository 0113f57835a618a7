from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from numa_runtime.errors import SourceError
from numa_runtime.sources.pixels import as_bgr, is_picture, read_image


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
