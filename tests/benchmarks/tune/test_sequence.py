import numpy as np
import pytest
from tune_scenes import ghostly, walkers

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.tune.sequence import TuneSequence


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
