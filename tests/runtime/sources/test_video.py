from __future__ import annotations

import logging
import struct
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from clips import OPEN_GROUPS, number_of, set_display_matrix, trim, with_decode_times, write_clip, write_streams
from support import shared_data

from numa_runtime.errors import SourceError
from numa_runtime.sources.ahead import DEPTH
from numa_runtime.sources.base import MediaKind
from numa_runtime.sources.video import VideoFile


def test_every_frame_once_with_its_number_and_time(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a b ü.mp4", rate=Fraction(30000, 1001))
    media = VideoFile(path)
    assert media.info.kind is MediaKind.VIDEO
    assert (media.info.name, media.info.width, media.info.height) == ("a b ü.mp4", 64, 48)
    assert media.info.fps == pytest.approx(30000 / 1001)
    assert media.info.frame_count == 20
    frames = list(media)
    assert [f.index for f in frames] == [number_of(f.image) for f in frames] == list(range(20))
    assert [f.timestamp for f in frames] == pytest.approx([i * 1001 / 30000 for i in range(20)], abs=1e-4)
    assert all(f.image.flags.c_contiguous and f.image.dtype == np.uint8 for f in frames)
    assert media.counters.read == 20


def test_it_can_be_iterated_again_and_left_early(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4"))
    for frame in media:
        if frame.index == 3:
            break
    assert len(list(media)) == 20
    media.close()
    assert len(list(media)) == 20


def test_stride_keeps_the_source_numbers_and_times(tmp_path: Path) -> None:
    frames = list(VideoFile(write_clip(tmp_path / "a.mp4"), vid_stride=8))
    assert [(f.index, number_of(f.image)) for f in frames] == [(0, 0), (8, 8), (16, 16)]
    assert [f.timestamp for f in frames] == pytest.approx([0, 0.32, 0.64])


def test_variable_frame_rate_keeps_real_times(tmp_path: Path) -> None:
    ticks = [0, 1, 2, 10, 11, 30]
    media = VideoFile(write_clip(tmp_path / "a.mkv", frames=6, pts=ticks, rate=25))
    assert [f.timestamp for f in media] == pytest.approx([t / 25 for t in ticks], abs=1e-3)


@pytest.mark.parametrize("name", ["a.mkv", "a.avi", "a.mov", "a.ts", "a.mpg", "a.webm", "a.gif", "a.wmv"])
def test_other_containers(tmp_path: Path, name: str) -> None:
    codec = {"a.webm": "libvpx", "a.gif": "gif", "a.mpg": "mpeg2video", "a.wmv": "wmv2"}.get(name, "libx264")
    media = VideoFile(write_clip(tmp_path / name, frames=12, codec=codec))
    frames = list(media)
    assert [f.index for f in frames] == list(range(12))
    tolerance = {"a.gif": 3, "a.wmv": 1}.get(name, 0)  # a gif here has 8 levels of grey; wmv2 is coarse
    assert all(abs(number_of(f.image) - f.index) <= tolerance for f in frames)
    assert frames[-1].timestamp == pytest.approx(11 / 25, abs=0.02)
    if name != "a.mpg":  # a programme stream's duration is a guess
        assert media.info.frame_count == pytest.approx(12, abs=1)


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [
        ((1, 0, 0, 1), (0, 0)),
        ((0, 1, -1, 0), (0, -1)),  # a quarter turn clockwise takes the upper left corner to the upper right
        ((-1, 0, 0, -1), (-1, -1)),
        ((0, -1, 1, 0), (-1, 0)),
        ((-1, 0, 0, 1), (0, -1)),
        ((0, 1, 1, 0), (0, 0)),
    ],
)
def test_rotation_and_mirroring_are_honoured(tmp_path: Path, matrix: tuple[int, ...], corner: tuple[int, int]) -> None:
    def picture(_: int) -> np.ndarray:
        image = np.zeros((32, 64, 3), np.uint8)
        image[:16, :16] = 255
        return image

    path = write_clip(tmp_path / "phone.mp4", frames=3, picture=picture)
    set_display_matrix(path, *matrix)
    media = VideoFile(path)
    shape = (64, 32) if matrix[0] == 0 else (32, 64)
    assert (media.info.height, media.info.width) == shape
    for frame in media:
        assert frame.image.shape[:2] == shape
        corners = {
            (y, x): frame.image[6 if y == 0 else -6, 6 if x == 0 else -6].mean() for y in (0, -1) for x in (0, -1)
        }
        assert max(corners, key=lambda at: corners[at]) == corner
    assert media.read(1).shape[:2] == shape


def test_random_access_equals_reading_through(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=40, gop=7)
    media = VideoFile(path)
    frames = [f.image for f in media]
    media.close()
    for index in (20, 21, 39, 0, 6, 7, 8, 35, 1):
        np.testing.assert_array_equal(media.read(index), frames[index])
    with pytest.raises(SourceError, match=r"a.mp4 has no frame 40: it has 40"):
        media.read(40)
    np.testing.assert_array_equal(VideoFile(path).read(30), frames[30])  # never iterated: no key frame is known
    with pytest.raises(SourceError, match="has no frame -1"):
        media.read(-1)
    media.close()
    media.close()


def test_a_cut_off_video_gives_what_it_has_and_says_it_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(0)
    path = write_clip(tmp_path / "match.mp4", frames=40, picture=lambda _: rng.integers(0, 256, (48, 64, 3), np.uint8))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    media = VideoFile(path)
    with caplog.at_level(logging.WARNING):
        count = sum(1 for _ in media)
        assert sum(1 for _ in media) == count
    assert 5 < count < 35
    [record] = caplog.records
    assert record.name == "numa_runtime"
    assert record.message in (
        f"match.mp4: its header promises 40 frames, {count} can be decoded",
        f"match.mp4 is damaged or cut off: {count} frames could be decoded of the 40 its header promises",
    )


def test_damage_in_the_middle_is_passed_over_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(0)
    path = write_clip(tmp_path / "a.mp4", frames=30, picture=lambda _: rng.integers(0, 256, (48, 64, 3), np.uint8))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 6000] = bytes(6000)
    path.write_bytes(data)
    media = VideoFile(path)
    with caplog.at_level(logging.WARNING):
        frames = list(media)
    assert 10 < len(frames) < 30
    assert media.counters.read == len(frames)
    [record] = caplog.records
    assert record.message.startswith("a.mp4")
    assert f" {len(frames)} " in record.message


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda d: b"", r"match.mp4 is empty \(0 bytes\)"),
        (lambda d: d[: len(d) // 2], r"match.mp4 is cut off: its index \(moov\), written last, is missing"),
        (
            lambda d: bytes(range(256)) * 40,
            "match.mp4 is damaged or not a video: no known format begins with 00 01 02 03 04 05 06 07",
        ),
        (lambda d: b"shopping list: bread, milk\n" * 9, r"match.mp4 is damaged or not a video: it is a text"),
    ],
)
def test_what_is_no_video_is_explained(tmp_path: Path, damage, sentence: str) -> None:
    path = write_clip(tmp_path / "match.mp4", faststart=False)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SourceError, match=sentence) as caught:
        VideoFile(path)
    assert caught.value.hint


def test_a_video_without_frames_is_an_error(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "match.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])
    with pytest.raises(SourceError, match=r"^match.mp4 has no frames that can be decoded\n"):
        VideoFile(path)


def test_sound_only_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="flt", layout="mono")
        frame.sample_rate = 44100
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with pytest.raises(SourceError, match=r"song.mp4 holds no video"):
        VideoFile(path)


@pytest.mark.parametrize(("first", "frames"), [(0, 20), (10, 25), (3, 36)])
def test_a_trimmed_clip_is_not_incomplete(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, first: int, frames: int
) -> None:
    path = write_clip(tmp_path / "match.mp4", frames=40, gop=10, options={"g": "10", "bf": "0"})
    trim(path, first, frames)
    media = VideoFile(path)
    assert media.info.frame_count == frames
    with caplog.at_level(logging.WARNING):
        shown = list(media)
    assert len(shown) == pytest.approx(frames, abs=1)
    assert number_of(shown[0].image) == first
    assert number_of(media.read(frames // 2)) == (first + frames // 2) % 32
    assert caplog.messages == []
    media.close()


def test_a_real_trimmed_clip(caplog: pytest.LogCaptureFixture) -> None:
    media = VideoFile(shared_data("video", "volleyball", "VolleyballShortClip.mp4"))
    assert media.info.frame_count == 21  # of 139 in the file
    with caplog.at_level(logging.WARNING):
        assert len(list(media)) == 21
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("name", "codec"), [("a.h264", "libx264"), ("a.mjpeg", "mjpeg"), ("a.mjpg", "mjpeg"), ("a.m2v", "mpeg2video")]
)
def test_raw_streams_have_no_clock_and_take_a_rate(
    tmp_path: Path, name: str, codec: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_clip(tmp_path / name, codec=codec, format={"a.mjpg": "mjpeg"}.get(name))
    with caplog.at_level(logging.WARNING):
        media = VideoFile(path)
        assert [frame.timestamp for frame in media] == pytest.approx([index / 25 for index in range(20)])
        assert len(list(media)) == 20
    assert caplog.messages == [
        f"{name} holds no times: 25 frames are taken as a second; in track mode frame_rate=N says another rate"
    ]
    caplog.clear()
    media = VideoFile(path, frame_rate=10)
    assert media.info.fps == 10
    assert [frame.timestamp for frame in media] == pytest.approx([index / 10 for index in range(20)])
    assert caplog.messages == []


def test_the_rate_of_raw_dv_is_not_that_of_its_clock(tmp_path: Path) -> None:
    path = tmp_path / "tape.dv"
    with av.open(str(path), "w", format="dv") as out:
        stream = out.add_stream("dvvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 720, 576, "yuv420p"
        for index in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((576, 720, 3), 40 * index, np.uint8), format="bgr24")
            out.mux(stream.encode(frame.reformat(format="yuv420p")))
        out.mux(stream.encode(None))
    media = VideoFile(path)
    assert (media.info.fps, media.info.pixel_aspect) == (25, Fraction(16, 15))
    assert [frame.timestamp for frame in media] == pytest.approx([index / 25 for index in range(5)])


@pytest.mark.parametrize("suffix", ["avi", "mkv", "flv"])
def test_decode_times_only_are_counted_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, suffix: str
) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=30, options=OPEN_GROUPS)
    if suffix == "avi":
        path = write_clip(tmp_path / "b.avi", frames=30, options=OPEN_GROUPS)
    else:
        path = with_decode_times(path, tmp_path / f"b.{suffix}")
    with caplog.at_level(logging.WARNING):
        media = VideoFile(path)
        passes = [[(frame.index, frame.timestamp) for frame in media] for _ in range(2)]
    assert passes[0] == passes[1] == [(index, index / 25) for index in range(30)]
    assert [(f.index, f.timestamp) for f in VideoFile(path, vid_stride=4)] == passes[0][::4]
    assert caplog.messages[:1] == [
        f"b.{suffix}: the times of its frames do not go forward; they are counted instead, 25 per second"
    ]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_a_cover_picture_is_not_the_film(tmp_path: Path, suffix: str) -> None:
    media = VideoFile(write_streams(tmp_path / f"a.{suffix}", (64, 48), cover=True))
    assert (media.info.width, media.info.height) == (64, 48)
    assert [number_of(frame.image) for frame in media] == list(range(10))
    assert number_of(media.read(4)) == 4
    media.close()


def test_of_several_videos_the_default_is_read_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_streams(tmp_path / "a.mkv", (64, 48), (128, 96), default=1)
    with caplog.at_level(logging.WARNING):
        media = VideoFile(path)
        assert [frame.image.shape[1] for frame in media] == [128] * 10
        assert media.read(3).shape[1] == 128
    assert caplog.messages == ["a.mkv holds 2 videos; number 2 is read (128x96)"]
    media.close()


def test_pixels_keep_their_shape_when_turned(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=3, pixel_aspect=Fraction(4, 3))
    assert VideoFile(path).info.pixel_aspect == Fraction(4, 3)
    set_display_matrix(path, 0, 1, -1, 0)
    assert VideoFile(path).info.pixel_aspect == Fraction(3, 4)


def test_decoding_ahead_is_bounded(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4", frames=32))
    frames = iter(media)
    next(frames)
    deadline = time.monotonic() + 0.2  # give the thread every chance to run away
    while media.counters.read < 32 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert media.counters.read <= 1 + DEPTH + 1
    frames.close()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_pictures_of_a_film_that_carry_exif_are_turned(tmp_path: Path, orientation: int) -> None:
    """From FFmpeg 8 on such frames carry a kind of data that PyAV cannot list."""
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:16, :16] = 255
    jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
    exif = b"Exif\0\0II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 1, orientation, 0)
    jpeg = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
    path = tmp_path / "a.mjpeg"
    path.write_bytes(jpeg * 3)
    upright = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    frames = [frame.image for frame in VideoFile(path)]
    assert [frame.shape for frame in frames] == [upright.shape] * 3
    assert all(np.abs(frame.astype(int) - upright).max() <= 8 for frame in frames)
