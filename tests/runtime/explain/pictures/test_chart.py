import numpy as np
from explain_scenes import box, record

from numa_runtime.explain.pictures.chart import WIDTH, Chart
from numa_runtime.vision.draw.palette import color_of


def drawn(told):
    return Chart(told.analysis, told.course, told.events, told.name).draw()


def share_of(image, color):
    return (np.abs(image.astype(int) - np.array(color)).max(axis=2) < 4).mean()


def test_the_band_is_as_long_as_the_id_was_seen():
    always = drawn(record([[box(100)]] * 40).explain(1))
    half = drawn(record([[box(100)]] * 20 + [[]] * 20).explain(1))
    assert always.shape[1] == half.shape[1] == WIDTH
    assert share_of(always, color_of(1)) > 1.5 * share_of(half, color_of(1))


def test_lives_of_one_frame_and_of_none_can_be_drawn():
    for frames, track_id in (([[box(100)]], 1), ([[], [box(100)], []], 1)):
        assert drawn(record(frames, ids="born").explain(track_id)).std() > 3
    double = record([[box(100)]] * 5 + [[], [box(102, score=0.3)], []], match_thresh=0.5, ids="born").explain(2)
    assert drawn(double).std() > 3


def test_ids_have_their_own_charts():
    recorder = record([[box(100), box(200, score=0.4)]] * 10)
    assert not np.array_equal(drawn(recorder.explain(1)), drawn(recorder.explain(2)))
