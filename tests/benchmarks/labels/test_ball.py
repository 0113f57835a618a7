from __future__ import annotations

from pathlib import Path

import pytest

from numa_benchmarks.labels.ball import BallTable, read_ball_csv
from numa_benchmarks.labels.errors import DataError


def written(folder: Path, text: str) -> Path:
    path = folder / "ball.csv"
    path.write_text(text)
    return path


def test_rows_in_the_order_of_frames(tmp_path: Path) -> None:
    table = read_ball_csv(written(tmp_path, "Frame,Visibility,X,Y\n2,1,30.5,40\n\n0,0,0,0\n1,0,7,7\n"))
    assert table.frame.tolist() == [0, 1, 2]
    assert table.visible.tolist() == [False, False, True]
    assert table.xy.tolist() == [[0, 0], [0, 0], [30.5, 40]]


def test_visible_at_the_corner_means_no_ball() -> None:
    """Labelling tools write (0, 0) for a missing ball, whatever they say of its visibility."""
    assert BallTable.of([0, 1], [1, 1], [[0, 0], [0, 5]]).visible.tolist() == [False, True]


def test_other_columns_and_order(tmp_path: Path) -> None:
    table = read_ball_csv(written(tmp_path, "y,x,note,frame,visibility\n4,3,hit,5,1\n"))
    assert (table.frame.tolist(), table.xy.tolist()) == ([5], [[3, 4]])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not a ball CSV: its header '' has no column frame, visibility, x, y"),
        ("Frame,Seen,x,y\n0,1,2,3\n", "has no column visibility"),
        ("Frame,Visibility,X,Y\n0,1,2\n", "ball.csv:2: not frame, visibility, x, y: '0,1,2'"),
        ("Frame,Visibility,X,Y\n0,1,a,3\n", "ball.csv:2: not frame, visibility, x, y"),
        ("Frame,Visibility,X,Y\n0,1,nan,3\n", "ball.csv:2: frame must be a whole number, x and y finite"),
        ("Frame,Visibility,X,Y\n0,1,2,3\n0,1,2,3\n", "ball.csv:3: frame 0 was already on line 2"),
    ],
)
def test_malformed_files(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        read_ball_csv(written(tmp_path, text))
    assert sentence in caught.value.what
