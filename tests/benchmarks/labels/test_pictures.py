"""Frames of a rally by number, from images or a video, and what cannot be such frames."""

import pickle

import cv2
import numpy as np
import pytest
from clips import number_of, numbered_frame, write_clip

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.pictures import FolderPictures, VideoPictures, numbered_images, video_in
from numa_runtime.errors import SourceError


def images(folder, *names, size=(64, 48)):
    for number, name in enumerate(names):
        cv2.imwrite(str(folder / name), numbered_frame(number, *size))


def test_images_are_found_by_the_number_that_ends_their_names(tmp_path):
    images(tmp_path, "1_02_00_00010.jpg", "1_02_00_9.png", "x11.JPG")
    (tmp_path / "notes.txt").write_text("not a frame")
    found = numbered_images(tmp_path)
    assert {number: path.name for number, path in found.items()} == {
        10: "1_02_00_00010.jpg",
        9: "1_02_00_9.png",
        11: "x11.JPG",
    }


def test_names_without_a_number_and_numbers_twice(tmp_path):
    images(tmp_path, "cover.png")
    with pytest.raises(DataError, match=r"cover.png has no frame number at its name's end"):
        numbered_images(tmp_path)
    (tmp_path / "cover.png").unlink()
    images(tmp_path, "a_7.png", "b_007.png")
    with pytest.raises(DataError, match=r"b_007.png and a_7.png are both frame 7"):
        numbered_images(tmp_path)


def test_a_picture_of_another_size_is_named(tmp_path):
    images(tmp_path, "0.png", "1.png")
    cv2.imwrite(str(tmp_path / "1.png"), numbered_frame(1, 32, 48))
    pictures = FolderPictures((tmp_path / "0.png", tmp_path / "1.png"), (48, 64))
    assert number_of(pictures.read(0)) == 0
    with pytest.raises(DataError, match=r"1.png is 32x48, the first frame of its rally 64x48"):
        pictures.read(1)


def test_damaged_and_missing_pictures(tmp_path):
    (tmp_path / "0.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    pictures = FolderPictures((tmp_path / "0.png", tmp_path / "1.png"), (48, 64))
    for index in range(2):
        with pytest.raises(SourceError, match=f"{index}.png"):
            pictures.read(index)
    assert pictures.where(1) == str(tmp_path / "1.png")


def test_a_video_from_a_first_frame_in_steps_and_in_any_order(tmp_path):
    pictures = VideoPictures(write_clip(tmp_path / "v.mp4", 20), first=4, count=5, step=3)
    assert (len(pictures), pictures.shape) == (5, (48, 64))
    assert [number_of(pictures.read(index)) for index in (0, 1, 4, 2, 0)] == [4, 7, 16, 10, 4]
    assert pictures.where(1) == f"{tmp_path / 'v.mp4'} frame 7"


def test_workers_open_videos_of_their_own(tmp_path):
    pictures = VideoPictures(write_clip(tmp_path / "v.mp4", 8), first=0, count=8)
    pictures.read(3)
    other = pickle.loads(pickle.dumps(pictures))
    np.testing.assert_array_equal(other.read(3), pictures.read(3))


def test_the_video_of_a_name(tmp_path):
    assert video_in(tmp_path, "video") is None
    (tmp_path / "video.json").write_text("")
    write_clip(tmp_path / "video.mp4", 2)
    assert video_in(tmp_path, "video") == tmp_path / "video.mp4"
