"""Contact sheets: every sample in its place, labels on what they label."""

import cv2
import numpy as np
import pytest

from numa_benchmarks.labels.contact_sheet import MOST, TILE, Sample, contact_sheet, spread, write_sheet
from numa_runtime.results.records import Detections

GREY = np.full((90, 160, 3), 100, np.uint8)


def sample(image=GREY, balls=(), boxes=(), caption="x", names=("player",)):
    found = Detections.of(np.array(boxes, float).reshape(-1, 4), [1.0] * len(boxes), range(len(boxes)))
    return Sample.of(caption, image, found, np.array(balls, np.float32).reshape(-1, 2), names)


def test_labels_are_drawn_where_they_are_on_the_small_picture():
    large = np.full((360, 1280, 3), 100, np.uint8)
    tile = sample(large, balls=[(640, 180)], boxes=[(100, 100, 300, 300)]).tile
    assert tile.shape == (90, TILE, 3)
    changed = (np.abs(tile.astype(int) - 100) > 20).any(axis=2)
    assert not changed[45, 160], "a ring leaves the ball to be seen"
    assert changed[45 - 8 : 45 + 9, 160 - 8 : 160 + 9].any()
    assert changed[25:75, 24:27].any(axis=1).mean() > 0.9
    changed[24:77, 23:78] = changed[36:55, 151:170] = False
    assert not changed.any()


def test_rows_and_columns_of_different_heights():
    sheet = contact_sheet([sample(), sample(np.full((160, 160, 3), 100, np.uint8)), sample()], columns=2)
    assert sheet.shape == (4 + (18 + 320 + 4) + (18 + 180 + 4), 2 * (TILE + 4) + 4, 3)
    assert contact_sheet([sample()], columns=4).shape[1] == TILE + 8


def test_no_sheet_is_endless():
    one = sample(np.full((9, 160, 3), 100, np.uint8))
    assert contact_sheet([one] * (MOST + 9), 4).shape[0] == 4 + MOST // 4 * (18 + 18 + 4)


@pytest.mark.parametrize(("name", "magic"), [("a.png", b"\x89PNG"), ("a.jpg", b"\xff\xd8"), ("b/a", b"\xff\xd8")])
def test_files(tmp_path, name, magic):
    write_sheet([sample(caption="Größe 12")], tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(magic)
    assert cv2.imread(str(tmp_path / name)) is not None


@pytest.mark.parametrize(("total", "wanted", "found"), [(10, 2, [2, 7]), (3, 5, [0, 1, 2]), (1, 4, [0]), (0, 4, [])])
def test_samples_are_spread(total, wanted, found):
    assert spread(total, wanted) == found
