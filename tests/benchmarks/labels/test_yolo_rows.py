from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.yolo_rows import RowRule, parse_rows

WHERE = Path("labels/val/7.txt")
DETECT = RowRule(("person", "ball"), None)
POSE = RowRule(("person",), (2, 3))


def test_detect_rows() -> None:
    rows = parse_rows("1 0.5 0.5 0.2 0.4\n\n0 0.1 0.1 0.2 0.2\n", WHERE, DETECT)
    assert rows.classes.tolist() == [1, 0]
    np.testing.assert_allclose(rows.boxes, [[0.4, 0.3, 0.6, 0.7], [0, 0, 0.2, 0.2]], atol=1e-12)
    assert rows.keypoints.shape == (2, 0, 3)


def test_pose_rows() -> None:
    rows = parse_rows("0 .5 .5 .2 .4 .45 .4 2 0 0 0", WHERE, POSE)
    np.testing.assert_allclose(rows.keypoints, [[[0.45, 0.4, 2], [0, 0, 0]]])


def test_keypoints_without_visibility_are_seen_unless_zero() -> None:
    rows = parse_rows("0 .5 .5 .2 .4 .45 .4 0 0", WHERE, RowRule(("person",), (2, 2)))
    np.testing.assert_allclose(rows.keypoints, [[[0.45, 0.4, 2], [0, 0, 0]]])


def test_polygons_become_their_extent() -> None:
    rows = parse_rows("0 .1 .2 .5 .3 .3 .9", WHERE, DETECT)
    np.testing.assert_allclose(rows.boxes, [[0.1, 0.2, 0.5, 0.9]])


def test_an_empty_file_has_no_rows() -> None:
    rows = parse_rows("\n", WHERE, POSE)
    assert rows.boxes.shape == (0, 4)
    assert rows.keypoints.shape == (0, 2, 3)


@pytest.mark.parametrize(
    ("text", "rule", "sentence"),
    [
        ("0 .5 .5 .2 .2\n2 .5 .5 .2 .2", DETECT, "7.txt:2: class 2 is outside the names: the 2 names go from 0 to 1"),
        ("0.5 .5 .5 .2 .2", DETECT, "7.txt:1: class 0.5 is outside the names"),
        ("-1 .5 .5 .2 .2", DETECT, "7.txt:1: class -1 is outside the names"),
        ("nan .5 .5 .2 .2", DETECT, "7.txt:1: class nan is outside the names"),
        ("0 .5 .5 .2", DETECT, "7.txt:1: 4 values; a row is class cx cy w h, that is 5"),
        ("0 .5 .5 .2 .2 .3", DETECT, "7.txt:1: 6 values; a row is class cx cy w h (5), or class and the x y pairs"),
        ("0 .5 .5 .2 .2", POSE, "7.txt:1: 5 values; with kpt_shape [2, 3] a row has 5 + 2 x 3 = 11"),
        ("0 .5 x .2 .2", DETECT, "7.txt:1: 'x' is not a number"),
        ("0 320 240 64 48", DETECT, "7.txt:1: 320 is outside 0 to 1: YOLO labels are fractions"),
        ("0 .5 .5 nan .2", DETECT, "7.txt:1: nan is outside 0 to 1"),
        ("0 .5 .5 .2 .2 .1 7 2 0 0 0", POSE, "7.txt:1: 7 is outside 0 to 1"),
    ],
)
def test_malformed_rows_are_named_by_file_and_line(text: str, rule: RowRule, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_rows(text, WHERE, rule)
    assert sentence in caught.value.what


fractions = st.floats(0.05, 0.95)
sizes = st.floats(0.01, 0.1)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 1), fractions, fractions, sizes, sizes), max_size=8))
def test_what_is_written_is_read(rows: list[tuple[int, float, float, float, float]]) -> None:
    text = "\n".join(" ".join(f"{value:.9g}" for value in row) for row in rows)
    found = parse_rows(text, WHERE, DETECT)
    centres = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    extents = found.boxes[:, 2:] - found.boxes[:, :2]
    written = np.array(rows, float).reshape(-1, 5)
    np.testing.assert_allclose(np.column_stack([found.classes, centres, extents]), written, atol=1e-8)
