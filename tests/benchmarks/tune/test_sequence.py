import numpy as np
import pytest
from tune_scenes import ghostly, walkers

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.tune.sequence import TuneSequence, rows_by_frame


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


def test_parts_are_clips_of_their_own():
    whole = ghostly(frames=60)
    whole = TuneSequence(whole.name, whole.truth, whole.detections, np.arange(60) / 25)
    parts = whole.cut(3)
    assert [(part.name, part.frames) for part in parts] == [
        ("a frames 1-20", 20),
        ("a frames 21-40", 20),
        ("a frames 41-60", 20),
    ]
    for number, part in enumerate(parts):
        assert part.truth.frame.min() == 1
        assert part.truth.last_frame == 20
        assert np.array_equal(part.detections[3], whole.detections[20 * number + 3])
        assert part.times[0] == 0
        assert part.times[-1] == pytest.approx(19 / 25)
        at = whole.truth.frame == 20 * number + 4
        assert np.array_equal(part.truth.ltwh[part.truth.frame == 4], whole.truth.ltwh[at])


def test_second_half_is_the_one_val_scores():
    half = ghostly(frames=60).second_half()
    assert half.frames == 29
    assert half.truth.last_frame == 29


def test_what_cannot_be_tuned_on():
    truth, rows = walkers(10), tuple(np.zeros((0, 6)) for _ in range(10))
    some = (*rows[:-1], np.array([[0, 0, 9, 9, 0.5, 0]]))
    with pytest.raises(DataError, match="x: nothing is labelled"):
        TuneSequence("x", MotTable.empty(), some)
    with pytest.raises(DataError, match="x: the ground truth goes to frame 10, the detections end at 9"):
        TuneSequence("x", truth, some[1:])
    with pytest.raises(DataError, match="x: there are no detections"):
        TuneSequence("x", truth, rows)
    assert TuneSequence("x", truth, some).classes == {0}
