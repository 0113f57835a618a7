from __future__ import annotations

import logging
from pathlib import Path

import pytest
from clips import number_of

from numa_runtime.errors import SourceError
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.images import ImageSequence


def test_frames_numbers_times_and_random_access(make_images) -> None:
    paths = make_images("a.png", "b.png", "c.png", "d.png", "e.png")
    media = ImageSequence(paths, "folder")
    assert (media.info.kind, media.info.width, media.info.height) == (MediaKind.IMAGES, 64, 48)
    assert (media.info.fps, media.info.frame_count, media.info.live) == (None, 5, False)
    frames = list(media)
    assert [f.index for f in frames] == [number_of(f.image) for f in frames] == [0, 1, 2, 3, 4]
    assert [f.path for f in frames] == [str(path) for path in paths]
    assert [f.timestamp for f in frames] == pytest.approx([0, 1 / 30, 2 / 30, 3 / 30, 4 / 30])
    media.close()
    assert number_of(media.read(3)) == 3
    with pytest.raises(SourceError, match="folder has no frame 5: it has 5"):
        media.read(5)


def test_stride_keeps_the_source_numbers(make_images) -> None:
    media = ImageSequence(make_images(*(f"{i}.png" for i in range(7))), "folder", vid_stride=3)
    assert [(f.index, number_of(f.image)) for f in media] == [(0, 0), (3, 3), (6, 6)]


def test_a_broken_image_among_several_is_left_out_and_said(make_images, caplog: pytest.LogCaptureFixture) -> None:
    paths = make_images("a.png", "b.png", "c.png")
    paths[1].write_bytes(b"nothing")
    media = ImageSequence(paths, "folder")
    with caplog.at_level(logging.WARNING):
        assert [f.index for f in media] == [0, 2]
    assert media.counters.damaged == 1
    assert [r.message for r in caplog.records] == [
        f"{paths[1]} is damaged or not an image: its 7 bytes cannot be decoded; it is skipped"
    ]


def test_a_single_broken_image_or_only_broken_ones_are_errors(tmp_path: Path) -> None:
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        path.write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"a.png is damaged or not an image"):
        ImageSequence(paths[:1], "a.png")
    with pytest.raises(SourceError, match="shots: none of its 2 images can be read"):
        ImageSequence(paths, "shots")


def test_leaving_the_loop_early_leaves_no_thread(make_images) -> None:
    media = ImageSequence(make_images(*(f"{i}.png" for i in range(9))), "folder")
    for frame in media:
        assert frame.index == 0
        break
    # the autouse fixture checks the threads
