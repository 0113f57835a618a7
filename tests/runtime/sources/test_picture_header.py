from __future__ import annotations

import struct
from functools import cache

import cv2
import numpy as np
import pytest
from heic_files import HEIGHT, WIDTH, heic_grid
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.sources.picture_header import has_several, kind_of, sample_bits, size_of, tiff_pages

SUFFIXES = (".png", ".jpg", ".bmp", ".tiff", ".webp", ".jp2", ".ppm", ".gif")


@cache
def encoded(suffix: str) -> bytes:
    image = np.random.default_rng(0).integers(0, 256, (48, 70, 3), np.uint8)
    return cv2.imencode(suffix, image)[1].tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sizes_are_those_of_the_decoded_picture(suffix: str) -> None:
    data = encoded(suffix)
    assert size_of(data) == (70, 48)
    assert not has_several(data)


def test_a_lossless_webp_and_a_heic_grid_say_their_size() -> None:
    webp = cv2.imencode(".webp", np.zeros((48, 70, 3), np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    assert b"VP8L" in webp[:40]
    assert size_of(webp) == (70, 48)
    assert (kind_of(heic_grid()), size_of(heic_grid())) == ("heif", (WIDTH, HEIGHT))


def tiff(folders: list[dict[int, int]], *, order: str = "<", big: bool = False) -> bytes:
    """A TIFF without pixels: one folder after the other, one LONG each entry."""
    word = "Q" if big else "I"
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    head += struct.pack(order + "HHQ", 8, 0, 16) if big else struct.pack(order + "I", 8)
    data = head
    for number, tags in enumerate(folders):
        data += struct.pack(order + ("Q" if big else "H"), len(tags))
        for tag, value in sorted(tags.items()):
            data += struct.pack(order + "HH" + word + "I", tag, 4, 1, value) + (bytes(4) if big else b"")
        last = number == len(folders) - 1
        data += struct.pack(order + word, 0 if last else len(data) + struct.calcsize(word))
    return data


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_tiff_pages_are_counted_without_their_smaller_copies(order: str, big: bool) -> None:
    page, small = {256: 300, 257: 200, 258: 16}, {254: 1, 256: 30, 257: 20}
    data = tiff([page, small, page], order=order, big=big)
    assert (kind_of(data), size_of(data), sample_bits(data)) == ("tiff", (300, 200), 16)
    assert tiff_pages(data) == [0, 2]


def test_a_tiff_that_goes_in_a_circle_ends() -> None:
    data = bytearray(tiff([{256: 3, 257: 2}]))
    data[-4:] = struct.pack("<I", 8)
    assert tiff_pages(bytes(data)) == [0]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SUFFIXES), st.integers(0, 400), st.binary(max_size=6))
def test_damaged_headers_never_raise(suffix: str, at: int, junk: bytes) -> None:
    good = encoded(suffix)
    for data in (good[:at], good[:at] + junk + good[at + len(junk) :]):
        size_of(data)
        has_several(data)
        sample_bits(data)
