from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import number_of, numbered_frame

from numa_runtime.errors import SourceError
from numa_runtime.sources import several
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.source import open_source

FRAMES = 20


def write_animation(path: Path, durations: list[int]) -> Path:
    animation = cv2.Animation()
    animation.frames = [cv2.cvtColor(numbered_frame(i), cv2.COLOR_BGR2BGRA) for i in range(len(durations))]
    animation.durations = durations
    ok, data = cv2.imencodeanimation(path.suffix, animation)
    assert ok
    path.write_bytes(data.tobytes())
    return path


def write_pages(path: Path, count: int) -> Path:
    ok, data = cv2.imencodemulti(".tiff", [numbered_frame(i) for i in range(count)])
    assert ok
    path.write_bytes(data.tobytes())
    return path


@pytest.mark.parametrize("suffix", [".webp", ".png", ".avif"])
@pytest.mark.parametrize("held", [several.HELD_BYTES, 1])
def test_every_frame_of_an_animation_comes_with_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, held: int
) -> None:
    monkeypatch.setattr(several, "HELD_BYTES", held)
    path = write_animation(tmp_path / f"a{suffix}", [40] * FRAMES)
    (media,) = open_source(path)
    frames = list(media)
    assert media.info.kind is MediaKind.VIDEO
    assert media.info.fps == pytest.approx(25)
    assert [number_of(frame.image) for frame in frames] == list(range(FRAMES))
    assert [frame.timestamp for frame in frames] == pytest.approx([i / 25 for i in range(FRAMES)])
    assert number_of(media.read(FRAMES - 1)) == FRAMES - 1
    assert number_of(media.read(3)) == 3
    assert number_of(media.reader(7)()) == 7
    with pytest.raises(SourceError, match=f"has no frame {FRAMES}: it has {FRAMES}"):
        media.read(FRAMES)


def test_pages_are_images_one_by_one(tmp_path: Path) -> None:
    (media,) = open_source(write_pages(tmp_path / "scan.tif", 5), vid_stride=2, frame_rate=10)
    assert (media.info.kind, media.info.frame_count) == (MediaKind.IMAGES, 5)
    assert [frame.timestamp for frame in media] == [0, 0.2, 0.4]
    assert [(frame.index, number_of(frame.image)) for frame in media] == [(0, 0), (2, 2), (4, 4)]
    assert number_of(media.read(1)) == 1
    with pytest.raises(SourceError, match="has no frame 5: it has 5"):
        media.read(5)


def test_among_others_the_first_picture_is_used_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_pages(tmp_path / "a.tif", 3)
    write_animation(tmp_path / "b.webp", [40] * 4)
    (tmp_path / "c.png").write_bytes(cv2.imencode(".png", numbered_frame(2))[1].tobytes())
    (media,) = open_source(tmp_path)
    assert [number_of(frame.image) for frame in media] == [0, 0, 2]
    (line,) = caplog.messages
    assert "a.tif holds several pictures, of which the first is used" in line


def test_one_picture_stays_one_picture(tmp_path: Path) -> None:
    path = write_animation(tmp_path / "still.webp", [40])
    (media,) = open_source(path)
    assert media.info.kind is MediaKind.IMAGES
    assert len(list(media)) == 1
    assert np.array_equal(media.read(0), next(iter(media)).image)


def test_of_a_pil_image_the_frame_it_stands_at_is_used_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    image = pytest.importorskip("PIL.Image")
    path = write_animation(tmp_path / "a.webp", [40] * 4)
    with image.open(path) as picture:
        picture.seek(2)
        (media,) = open_source([picture, picture])
        assert [number_of(frame.image) for frame in media] == [2, 2]
    (line,) = caplog.messages
    assert line.startswith("a.webp holds 4 pictures, of which the one it stands at is used")
