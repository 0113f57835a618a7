import numpy as np
import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.labels.mot_detections import detections_file, rows_by_frame


def test_rows_by_frame():
    table = MotTable.of(
        [3, 1, 3], [-1] * 3, [[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 1, 1]], conf=[0.5, 1, 0], kind=[-1, 4, 2]
    )
    rows = rows_by_frame(table, 4, "x")
    assert [len(each) for each in rows] == [1, 0, 2, 0]
    assert rows[0].tolist() == [[5, 6, 12, 14, 1, 4]]
    assert rows[2].tolist() == [[1, 2, 4, 6, 0.5, 0], [9, 9, 10, 10, 0, 2]]
    assert rows[3].shape == (0, 6)
    assert all(each.flags.carray and each.dtype == np.float64 for each in rows)


def test_bad_detections():
    with pytest.raises(DataError, match=r"x: a detection of frame 2 has score 2.3, not 0 to 1"):
        rows_by_frame(MotTable.of([2], [-1], [[0, 0, 1, 1]], conf=[2.3]), 4, "x")
    with pytest.raises(DataError, match="x: the detections go to frame 9, the clip ends at 4"):
        rows_by_frame(MotTable.of([9], [-1], [[0, 0, 1, 1]]), 4, "x")


def test_places_of_detections(tmp_path):
    truth, dets = tmp_path / "gt" / "A", tmp_path / "dets"
    for path in (truth / "det" / "det.txt", dets / "A" / "det" / "det.txt", dets / "B.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    assert detections_file("A", truth, None, single=False) == truth / "det" / "det.txt"
    assert detections_file("A", truth, dets, single=False) == dets / "A" / "det" / "det.txt"
    assert detections_file("B", truth, dets, single=False) == dets / "B.txt"
    assert detections_file("A", truth, dets / "B.txt", single=True) == dets / "B.txt"
    with pytest.raises(DataError, match=r"C has no detections: .*C\.txt is missing") as caught:
        detections_file("C", truth, dets, single=True)
    assert caught.value.hint.endswith("holds A, B.txt")
