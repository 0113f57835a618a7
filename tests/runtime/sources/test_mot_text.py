import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.errors import SourceError
from numa_runtime.sources.mot_text import mot_rows, read_detections, rows_by_frame


def refuse(line, why):
    raise AssertionError(f"{line}: {why}")


@pytest.mark.parametrize(
    "text",
    [
        "1,-1,10.5,20,30,40,0.5\n3,-1,1,2,3,4,1\n",
        "1 -1 10.5 20 30 40 0.5\n3 -1 1 2 3 4 1\n",
        "1\t-1\t10.5\t20\t30\t40\t0.5\r\n3\t-1\t1\t2\t3\t4\t1\r\n",
        "1;-1;10,5;20;30;40;0,5\n\n3;-1;1;2;3;4;1\n",
        "frame,id,left,top,width,height,score\n1, -1, 10.5, 20, 30, 40, 0.5\n3, -1, 1, 2, 3, 4, 1\n",
        "1,-1,10.5,20,30,40,0.5,-1,-1,-1\n3,-1,1,2,3,4,1,-1,-1,-1\n",
    ],
    ids=["commas", "blanks", "tabs", "semicolons", "heading", "ten columns"],
)
def test_separators(text):
    rows = mot_rows(text, refuse)
    assert rows.tolist() == [[1, -1, 10.5, 20, 30, 40, 0.5, -1, -1], [3, -1, 1, 2, 3, 4, 1, -1, -1]]


cell = st.integers(-(10**6), 10**6).map(lambda value: value / 100)
row = st.tuples(st.integers(1, 999), st.integers(-1, 99), cell, cell, cell, cell, cell)


@given(st.lists(row, max_size=8), st.sampled_from([",", " ", ";", "\t", " , "]))
def test_what_is_written_is_read_whatever_stands_between(rows, between):
    text = "\n".join(between.join(f"{value:g}" for value in each) for each in rows)
    expected = [[float(f"{value:g}") for value in each] for each in rows]
    assert mot_rows(text, refuse)[:, :7].tolist() == expected


def test_frames_from_0_are_shifted_and_said(tmp_path, caplog):
    path = tmp_path / "d.txt"
    path.write_text("4,-1,1,2,3,4,1\n0,-1,1,2,3,4,1\n")
    with caplog.at_level(logging.WARNING):
        assert read_detections(path)[:, 0].tolist() == [5, 1]
    assert "d.txt counts frames from 0" in caplog.text
    path.write_text("-1,-1,1,2,3,4,1\n")
    with pytest.raises(SourceError, match=r"d\.txt:1: frame -1; frames are counted from 1"):
        read_detections(path)


def test_gaps_and_any_order():
    table = mot_rows("4,-1,1,2,3,4,0.5\n1,-1,5,6,7,8,1,-1,-1\n4,-1,9,9,9,9,0.2,2\n", refuse)
    frames = rows_by_frame(table, 5, "x")
    assert [len(rows) for rows in frames] == [1, 0, 0, 2, 0]
    np.testing.assert_array_equal(frames[3], [[1, 2, 4, 6, 0.5, 0], [9, 9, 18, 18, 0.2, 2]])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,-1,0,0,9,9,87\n", "x: a detection of frame 1 has score 87, not 0 to 1"),
        ("8,-1,0,0,9,9,1\n", "x: the detections go to frame 8, the clip ends at 5"),
    ],
)
def test_what_cannot_be_tracked(text, sentence):
    with pytest.raises(SourceError, match=sentence):
        rows_by_frame(mot_rows(text, refuse), 5, "x")


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(SourceError, match=r"d\.txt \(detections\) does not exist"):
        read_detections(tmp_path / "d.txt")
    (tmp_path / "d.txt").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(SourceError, match="is not UTF-8 text"):
        read_detections(tmp_path / "d.txt")
