from __future__ import annotations

import logging
import subprocess
import sys
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from clips import number_of, numbered_frame, write_clip

from numa_runtime.errors import SourceError, UsageError
from numa_runtime.sources import MediaKind, open_source, webcam


def kinds_and_numbers(source) -> list[tuple[str, list[int]]]:
    return [(media.info.name, [number_of(frame.image) for frame in media]) for media in source]


def test_a_folder_is_its_images_as_one_medium_then_each_video(tmp_path: Path, make_images) -> None:
    make_images("f2.png", "f10.png", "f1.png")
    write_clip(tmp_path / "b.mp4", frames=4)
    write_clip(tmp_path / "a.mp4", frames=3)
    with open_source(tmp_path) as source:
        assert len(source) == 3
        assert source.name == tmp_path.name
        assert kinds_and_numbers(source) == [
            (tmp_path.name, [2, 0, 1]),
            ("a.mp4", [0, 1, 2]),
            ("b.mp4", [0, 1, 2, 3]),
        ]


def test_one_of_each(tmp_path: Path, make_images) -> None:
    [image] = make_images("ü 1.png")
    video = write_clip(tmp_path / "a.mp4", frames=3)
    frames = [numbered_frame(i) for i in range(3)]
    for given, name, numbers in (
        (image, "ü 1.png", [0]),
        (str(image), "ü 1.png", [0]),
        (str(tmp_path / "*.png"), "*.png", [0]),
        (video, "a.mp4", [0, 1, 2]),
        (frames[2], "frames", [2]),
        (frames[1][..., 0], "frames", [1]),
        (frames, "frames", [0, 1, 2]),
        (np.stack(frames), "frames", [0, 1, 2]),
        (iter(frames), "frames", [0, 1, 2]),
        ((frame for frame in frames), "frames", [0, 1, 2]),
        (deque(frames), "frames", [0, 1, 2]),
        (tmp_path.glob("*.png"), "ü 1.png", [0]),
    ):
        assert kinds_and_numbers(open_source(given)) == [(name, numbers)]


def test_a_list_keeps_its_order_and_mixes_everything(tmp_path: Path, make_images) -> None:
    b, a = make_images("b.png", "a.png")
    video = write_clip(tmp_path / "v.mp4", frames=2)
    source = open_source([str(b), video, numbered_frame(9), a])
    media = [(m.info.kind, [number_of(f.image) for f in m]) for m in source]
    assert media == [(MediaKind.IMAGES, [0, 1]), (MediaKind.ARRAYS, [9]), (MediaKind.VIDEO, [0, 1])]


def test_stride_reaches_every_kind(tmp_path: Path, make_images) -> None:
    make_images(*(f"{i}.png" for i in range(4)))
    write_clip(tmp_path / "v.mp4", frames=4)
    for given in (tmp_path, [numbered_frame(i) for i in range(4)]):
        for media in open_source(given, vid_stride=2):
            assert [frame.index for frame in media] == [0, 2]
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(UsageError, match=f"vid_stride is {wrong}; it is a whole number from 1"):
            open_source(tmp_path, vid_stride=wrong)


@pytest.mark.parametrize("given", [0, "0"])
def test_a_number_is_a_webcam(given: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(webcam, "DEVICES", tmp_path)
    monkeypatch.setattr(webcam.sys, "platform", "linux")
    with pytest.raises(SourceError, match="there is no webcam 0"):
        open_source(given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "the list given as source is empty"),
        (iter(()), "the iterator given as source is empty"),
        (None, "a NoneType is not a source of frames"),
        ([b"x"], "a bytes is not a source of frames"),
        (b"x", "a bytes is not a source of frames"),
        ("²", "² does not exist"),
        (True, "a bool is not a source of frames"),
        ("nowhere/at/all.mp4", "nowhere/at/all.mp4 does not exist: there is no folder nowhere"),
        (np.zeros((4, 4, 3)), "frame 0 has dtype float64"),
    ],
)
def test_what_is_no_source_is_said(given: object, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        open_source(given)


def test_a_single_broken_file_fails_at_once_and_one_of_many_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(SourceError, match=r"a.mp4 is empty \(0 bytes\)"):
        open_source(tmp_path / "a.mp4")
    write_clip(tmp_path / "b.mp4", frames=2)
    with caplog.at_level(logging.WARNING):
        source = open_source(tmp_path)
        assert kinds_and_numbers(source) == [("b.mp4", [0, 1])]
    assert [record.message for record in caplog.records] == ["a.mp4 is empty (0 bytes); it is skipped"]
    (tmp_path / "b.mp4").write_bytes(b"")
    with pytest.raises(SourceError, match=r"b.mp4 is empty \(0 bytes\)"):
        list(open_source(tmp_path))


def test_a_medium_is_closed_when_the_next_begins_and_frames_can_still_be_read(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_clip(tmp_path / name, frames=8)
    kept = []
    for media in open_source(tmp_path):
        next(iter(media))
        kept.append(media)
    assert [number_of(media.read(5)) for media in kept] == [5, 5]
    for media in kept:
        media.close()


def test_importing_sources_is_light() -> None:
    code = (
        "import sys, numa_runtime.sources, numa_runtime.sinks\n"
        "print([m for m in ('cv2', 'av', 'numba', 'torch') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_ctrl_c_while_reading_ends_cleanly(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", frames=30)
    code = (
        "import signal, sys, os\n"
        "from numa_runtime.sources import open_source\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"for media in open_source({str(tmp_path / 'a.mp4')!r}):\n"
        "    for frame in media:\n"
        "        if frame.index == 3: os.kill(os.getpid(), signal.SIGINT)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1] == "KeyboardInterrupt"
    assert "Exception ignored" not in done.stderr
