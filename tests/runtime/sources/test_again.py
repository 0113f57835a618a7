from __future__ import annotations

import copy
import gc
import multiprocessing
import pickle
import random
import threading
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from clips import OPEN_GROUPS, number_of, with_decode_times, write_clip

from numa_runtime.errors import SourceError
from numa_runtime.sources import again
from numa_runtime.sources.video import VideoFile

B_FRAMES = {"bf": "2", "g": "8"}

H264 = ("mp4", "mov", "mkv", "ts", "m2ts", "avi", "flv", "mpg", "vob", "3gp", "h264", "nut")
MPEG2 = ("ts", "m2ts", "mpg", "vob", "avi", "mkv", "mp4", "m2v", "mxf")
MPEG4 = ("ts", "mpg", "avi", "mkv", "mp4", "m4v")

CLIPS = [
    *((f"264.{suffix}", "libx264", OPEN_GROUPS) for suffix in H264),
    *((f"2.{suffix}", "mpeg2video", B_FRAMES) for suffix in MPEG2),
    *((f"4.{suffix}", "mpeg4", B_FRAMES) for suffix in MPEG4),
    ("1.mpg", "mpeg1video", B_FRAMES),
    ("j.avi", "mjpeg", {}),
    ("j.mjpeg", "mjpeg", {}),
    ("8.webm", "libvpx", {"g": "8"}),
    ("w.wmv", "wmv2", {"g": "8"}),
]


def number_in_bars(image: np.ndarray) -> int:
    return sum(int(image[24, 8 * bit + 4].mean() > 125) << bit for bit in range(8))


def bars(index: int) -> np.ndarray:
    """A picture whose number can be read after any compression: eight bars, bright for 1."""
    image = np.full((48, 64, 3), 30, np.uint8)
    for bit in range(8):
        image[:, 8 * bit : 8 * bit + 8] = 220 if index >> bit & 1 else 30
    return image


def check_every_frame(path: Path, stride: int = 1) -> None:
    media = VideoFile(path, vid_stride=stride)
    first = {frame.index: frame.image for frame in media}
    assert [number_in_bars(image) for image in first.values()] == list(first)
    order = list(first)
    random.Random(path.name).shuffle(order)
    for index in order:
        np.testing.assert_array_equal(media.read(index), first[index], err_msg=f"{path.name}, frame {index}")
    media.close()


@pytest.mark.parametrize(("name", "codec", "options"), CLIPS)
def test_every_frame_in_any_order_is_the_one_that_was_seen(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    path = write_clip(tmp_path / name, frames=40, codec=codec, options=options, picture=bars)
    check_every_frame(path)
    check_every_frame(path, stride=3)


@pytest.mark.parametrize("suffix", ["mkv", "flv", "ts"])
def test_files_with_decode_times_only(tmp_path: Path, suffix: str) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=40, options=OPEN_GROUPS, picture=bars)
    check_every_frame(with_decode_times(path, tmp_path / f"b.{suffix}"))


@pytest.mark.parametrize(("name", "codec"), [("a.ts", "libx264"), ("a.mpg", "mpeg2video")])
def test_recordings_that_begin_in_the_middle_or_twice(tmp_path: Path, name: str, codec: str) -> None:
    path = write_clip(tmp_path / name, frames=40, codec=codec, options=B_FRAMES)
    data = path.read_bytes()
    for content in (data[188 * (len(data) // 188 // 3) :], data + data):
        path.write_bytes(content)
        media = VideoFile(path)
        first = {frame.index: frame.image for frame in media}
        for index in reversed(first):
            np.testing.assert_array_equal(media.read(index), first[index])
        media.close()


def test_what_is_no_longer_there_is_refused(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=20, picture=bars)
    media = VideoFile(path)
    list(media)
    write_clip(path, frames=20, picture=lambda index: bars(index + 1))
    with pytest.raises(SourceError, match=r"frame 7 of a.mp4 is not what it was: the file has changed, or is damaged"):
        media.read(7)
    write_clip(path, frames=5, picture=bars)
    with pytest.raises(SourceError, match=r"a.mp4 has no frame 7: it has 5"):
        media.read(7)
    path.unlink()
    with pytest.raises(SourceError, match="cannot be opened"):
        media.read(7)
    media.close()


def test_frames_that_were_not_given_are_counted(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.ts", frames=40, options=OPEN_GROUPS, picture=bars), vid_stride=7)
    list(media)
    for index in (33, 34, 7, 8, 39, 28, 29):
        assert number_in_bars(media.read(index)) == index
    media.close()


def test_reading_on_opens_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    class Counting(again.Decoder):
        def __init__(self, *file: str) -> None:
            opened.append(1)
            super().__init__(*file)

    monkeypatch.setattr(again, "Decoder", Counting)
    for name in ("a.mp4", "a.mpg", "a.h264"):
        media = VideoFile(write_clip(tmp_path / name, frames=40, options=OPEN_GROUPS, picture=bars))
        list(media)
        opened.clear()
        assert [number_in_bars(media.read(index)) for index in range(40)] == list(range(40))
        assert len(opened) == 1
        media.close()


def test_readers_survive_pickling_and_copying(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.ts", frames=40, options=OPEN_GROUPS, picture=bars))
    readers, frames = [], []
    for frame in media:
        readers.append(media.reader(frame.index))
        frames.append(frame.image)
    readers[3]()
    sent = pickle.dumps(readers[33])
    assert len(sent) < 1000
    media.close()
    for reader in (pickle.loads(sent), copy.deepcopy(readers[33]), copy.copy(readers[33])):
        np.testing.assert_array_equal(reader(), frames[33])
        reader.again.close()


def test_copies_of_one_file_share_what_is_open(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4"))
    list(media)
    one, other = (pickle.loads(pickle.dumps(media.reader(index))) for index in (3, 9))
    assert one.again is other.again
    one.again.close()


def test_another_process_reads_them_too(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4"))
    list(media)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert number_of(pool.submit(media.reader(13)).result(timeout=120)) == 13


def test_a_medium_itself_can_be_copied_while_it_is_read(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4"))
    frames = iter(media)
    for _ in range(10):
        next(frames)
    media.read(4)
    for other in (pickle.loads(pickle.dumps(media)), copy.copy(media), copy.deepcopy(media)):
        assert number_of(other.read(7)) == 7
        assert [frame.index for frame in other] == list(range(20))
        other.close()
    frames.close()
    media.close()


def test_few_files_stay_open(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4")
    media = [VideoFile(path) for _ in range(10)]
    for one in media:
        list(one)
        one.read(3)
    assert sum(one._again._place is not None for one in media) == 4
    assert [number_of(one.read(5)) for one in media] == [5] * 10
    for one in media:
        one.close()


def test_a_decoder_ends_with_its_last_user(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", frames=30, picture=lambda i: np.full((480, 640, 3), i * 8, np.uint8))
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        pytest.skip("threads are counted in /proc")
    list(VideoFile(path))
    gc.collect()
    gc.disable()
    try:
        before = len(list(tasks.iterdir()))
        for _ in range(8):
            media = VideoFile(path)
            for frame in media:
                reader = media.reader(frame.index)
                break
            reader()
        VideoFile(path)
        del media, reader
        assert len(list(tasks.iterdir())) <= before
    finally:
        gc.enable()


def test_threads_may_share_a_medium(tmp_path: Path) -> None:
    media = VideoFile(write_clip(tmp_path / "a.ts", frames=40, options=OPEN_GROUPS, picture=bars))
    list(media)
    wrong: list[int] = []

    def read(seed: int) -> None:
        order = list(range(40))
        random.Random(seed).shuffle(order)
        wrong.extend(index for index in order if number_in_bars(media.read(index)) != index)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    media.close()


def test_a_seek_that_fails_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media = VideoFile(write_clip(tmp_path / "a.mp4", frames=40, options=OPEN_GROUPS, picture=bars))
    list(media)

    def refuse(*_: object) -> None:
        raise av.error.PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(again.Decoder, "seek", refuse)
    assert [number_in_bars(media.read(index)) for index in (38, 20, 30, 11, 37)] == [38, 20, 30, 11, 37]
    media.close()
