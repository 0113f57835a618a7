import numpy as np

from numa_runtime.results import Detections, Ended, Results


def test_nothing_ends_where_nothing_is_tracked():
    result = Results((48, 64), {}, Detections.empty())
    assert len(result.ended) == 0
    assert result.ended.boxes.dtype == result.ended.balls.dtype == np.int64
    assert result.ended.boxes.shape == result.ended.balls.shape == (0,)


def test_ids_are_arrays_that_answer_to_torch_words():
    ended = Ended.of([3, 7.0], [2])
    assert ended.boxes.cpu().tolist() == [3, 7]
    assert ended.balls.tolist() == [2]
    assert ended.boxes.dtype == np.int64
    assert len(ended) == 3
