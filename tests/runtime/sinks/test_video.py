from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from clips import number_of, numbered_frame

from numa_runtime.errors import SinkError
from numa_runtime.sinks import encoder, video
from numa_runtime.sinks.video import DEPTH, VideoSink, as_rate


def write(sink: VideoSink, result, count: int, picture=numbered_frame, fps: float = 25) -> None:
    for index in range(count):
        sink.write(result(index, timestamp=float(index / fps)), picture(index))


def read(path: Path) -> tuple[list[np.ndarray], av.VideoStream]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)], container.streams.video[0]


@pytest.mark.parametrize("fps", [25.0, 30000 / 1001, Fraction(24000, 1001), 29.97 / 3, 0.5])
def test_every_frame_once_at_the_sources_rate(tmp_path: Path, result, fps: float) -> None:
    path = tmp_path / "ü run" / "match.mp4"
    sink = VideoSink(path, fps)
    assert sink.needs_picture
    write(sink, result, 33, fps=fps)
    assert not path.exists()
    assert sink.close() == (path,)
    assert list(path.parent.iterdir()) == [path]
    frames, stream = read(path)
    assert [number_of(frame) for frame in frames] == [i % 32 for i in range(33)]
    assert stream.frames == 33
    assert float(stream.average_rate) == pytest.approx(float(fps), rel=1e-4)


def shown_at(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]


def test_a_changing_rate_is_kept(tmp_path: Path, result) -> None:
    times = [7.0, 7.04, 7.08, 7.5, 7.512, 9.0, 9.04]
    sink = VideoSink(tmp_path / "a.mp4", 12)
    for index, seconds in enumerate(times):
        sink.write(result(index, timestamp=seconds), numbered_frame(index))
    [path] = sink.close()
    assert shown_at(path) == pytest.approx([seconds - 7 for seconds in times], abs=0.002)


def test_times_rounded_to_milliseconds_are_an_even_rate(tmp_path: Path, result) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 30000 / 1001)
    for index in range(60):
        sink.write(result(index, timestamp=round(index * 1001 / 30000, 3)), numbered_frame(index))
    [path] = sink.close()
    assert shown_at(path) == pytest.approx([index * 1001 / 30000 for index in range(60)], abs=1e-9)
    _, stream = read(path)
    assert stream.frames == 60


def test_times_that_stand_still_keep_every_frame_in_order(tmp_path: Path, result) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 25)
    for index, seconds in enumerate([0, 0, 0, 0.2]):
        sink.write(result(index, timestamp=seconds), numbered_frame(index))
    [path] = sink.close()
    assert [number_of(frame) for frame in read(path)[0]] == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["libx264", "no-such-encoder"])
def test_the_shape_of_pixels_is_kept(
    tmp_path: Path, result, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setattr(encoder, "H264", (name, encoder.H264[1] if name == "libx264" else {}))
    sink = VideoSink(tmp_path / "a.mp4", 25, Fraction(64, 45))
    with caplog.at_level(logging.WARNING):
        write(sink, result, 3)
    [path] = sink.close()
    with av.open(str(path)) as container:
        assert container.streams.video[0].sample_aspect_ratio == Fraction(64, 45)


def test_it_is_what_browsers_play(tmp_path: Path, result) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 25)
    write(sink, result, 5)
    [path] = sink.close()
    _, stream = read(path)
    assert (stream.codec_context.name, stream.pix_fmt, stream.codec_context.codec_tag) == ("h264", "yuv420p", "avc1")
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # faststart
    assert stream.codec_context.colorspace == 5  # the matrix used is written down: BT.601, limited range
    assert stream.codec_context.color_range == 1


def test_odd_sizes_are_made_even_by_repeating_the_edge(tmp_path: Path, result) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 25)
    write(sink, result, 3, lambda i: numbered_frame(i, width=63, height=47))
    frames, _ = read(sink.close()[0])
    assert frames[0].shape == (48, 64, 3)
    assert [number_of(frame[-1:, -1:]) for frame in frames] == [0, 1, 2]


def test_a_frame_of_another_size_is_scaled_and_said_once(
    tmp_path: Path, result, caplog: pytest.LogCaptureFixture
) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 25)
    with caplog.at_level(logging.WARNING):
        write(sink, result, 4, lambda i: numbered_frame(i, width=64 if i < 2 else 100, height=48))
        frames, _ = read(sink.close()[0])
    assert [number_of(frame) for frame in frames] == [0, 1, 2, 3]
    assert [r.message for r in caplog.records] == ["a.mp4: frame 2 is 100x48, scaled to 64x48"]


def test_without_libx264_it_falls_back_and_says_so(
    tmp_path: Path, result, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encoder, "H264", ("no-such-encoder", {}))
    sink = VideoSink(tmp_path / "a.mp4", 889600 / 35587)
    with caplog.at_level(logging.WARNING):
        write(sink, result, 6)
        frames, stream = read(sink.close()[0])
    assert stream.codec_context.name == "mpeg4"
    assert [number_of(frame) for frame in frames] == [0, 1, 2, 3, 4, 5]
    assert [r.message for r in caplog.records] == [
        "a.mp4: this PyAV has no libx264; written as MPEG-4, which browsers do not play (VLC does)"
    ]


def test_no_frames_leave_no_file(tmp_path: Path) -> None:
    assert VideoSink(tmp_path / "a.mp4", 25).close() == ()
    assert list(tmp_path.iterdir()) == []


def test_abort_leaves_nothing(tmp_path: Path, result) -> None:
    sink = VideoSink(tmp_path / "a.mp4", 25)
    write(sink, result, 9)
    sink.abort()
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_the_queue_is_bounded(tmp_path: Path, result, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    add = encoder.Encoder.add

    def slow(self: encoder.Encoder, image: np.ndarray, seconds: float) -> None:
        gate.wait(5)
        add(self, image, seconds)

    monkeypatch.setattr(encoder.Encoder, "add", slow)
    sink = VideoSink(tmp_path / "a.mp4", 25)
    written = []

    def write_all() -> None:
        for index in range(20):
            sink.write(result(index), numbered_frame(index))
            written.append(index)

    writer = threading.Thread(target=write_all)
    writer.start()
    writer.join(0.2)
    assert len(written) <= DEPTH + 1
    gate.set()
    writer.join(10)
    assert sink.close() == (tmp_path / "a.mp4",)


def test_a_video_that_does_not_read_back_whole_is_refused(
    tmp_path: Path, result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "count_frames", lambda _: 4)
    sink = VideoSink(tmp_path / "a.mp4", 25)
    write(sink, result, 5)
    with pytest.raises(SinkError, match=r"a.mp4: 5 frames were written, 4 can be read back"):
        sink.close()
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_failure_reaches_the_writer(tmp_path: Path, result, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: encoder.Encoder, image: np.ndarray, seconds: float) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encoder.Encoder, "add", fail)
    sink = VideoSink(tmp_path / "a.mp4", 25)
    with pytest.raises(SinkError, match=r"a.mp4: the disk is full\nfree some space"):
        write(sink, result, 100)
    assert list(tmp_path.iterdir()) == []
    sink.abort()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True) if mount and os.geteuid() == 0 else None
    if done is None or done.returncode or umount is None:
        pytest.skip("needs the right to mount a tmpfs")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


def test_a_disk_that_is_really_full(tiny_disk: Path, result) -> None:
    rng = np.random.default_rng(0)
    sink = VideoSink(tiny_disk / "a.mp4", 25)

    def fill() -> None:
        write(sink, result, 200, lambda _: rng.integers(0, 256, (240, 320, 3), np.uint8))
        sink.close()

    with pytest.raises(SinkError, match=r"a.mp4: the disk is full"):
        fill()
    assert list(tiny_disk.iterdir()) == []


def test_places_and_rates_that_cannot_be_are_said(tmp_path: Path, result) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="a file is in the way where a folder is needed"):
        VideoSink(tmp_path / "file" / "a.mp4", 25)
    for fps in (0, -1, float("nan"), float("inf")):
        with pytest.raises(SinkError, match=f"a video needs a positive frame rate, not {fps}"):
            VideoSink(tmp_path / "a.mp4", fps)
    with pytest.raises(SinkError, match="the video sink was given no picture"):
        VideoSink(tmp_path / "b.mp4", 25).write(result(), None)


def test_rates_become_the_fractions_headers_use() -> None:
    assert as_rate(30000 / 1001) == Fraction(30000, 1001)
    assert as_rate(30000 / 1001 / 7) == Fraction(30000, 7007)
    assert as_rate(25) == 25
