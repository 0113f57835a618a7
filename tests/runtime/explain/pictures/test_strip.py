import numpy as np
import pytest
from explain_scenes import box, record, the

from numa_runtime.explain.pictures.frames import KeptFrames
from numa_runtime.explain.pictures.strip import PANEL_WIDTH, Strip
from numa_runtime.vision.draw.palette import color_of


def drawn(frames, kind, track_id=1, **parameters):
    explanation = record(frames, **parameters).explain(track_id)
    event = the(explanation, kind)
    return Strip(explanation.analysis, explanation.course, KeptFrames()).draw(event), event


def has(image, color):
    return bool((np.abs(image.astype(int) - np.array(color)).max(axis=2) < 8).sum() > 30)


def test_one_panel_per_frame():
    image, event = drawn([[box(100)]] * 5 + [[]] * 5, "lost")
    assert len(event.shows) == 3
    assert image.shape[1] > 3 * PANEL_WIDTH


def test_the_id_and_the_one_that_took_its_detection_are_in_their_colours():
    image, event = drawn([[box(100), box(120)]] * 5 + [[box(113)]] + [[]] * 2, "lost")
    assert event.others == (2,)
    assert has(image, color_of(1))
    assert has(image, color_of(2))


def test_the_weak_detection_that_decided_is_drawn_and_others_are_not():
    frames = [[box(100)]] * 5 + [[box(100, score=0.07), box(160, score=0.05)]]
    with_both, _ = drawn(frames, "lost")
    alone, _ = drawn([[box(100)]] * 5 + [[box(100, score=0.07)]], "lost")
    assert np.array_equal(with_both, alone)
    none, _ = drawn([[box(100)]] * 5 + [[]], "lost")
    assert not np.array_equal(alone, none)


@pytest.mark.parametrize("track_id", [1, 2])
def test_rotated_boxes_can_be_drawn(track_id):
    from numa_runtime.explain import Recorder
    from numa_runtime.tracking.tracker import Tracker

    recorder = Recorder(Tracker())
    for angle in (0.0, 0.1, 0.2):
        recorder.update(np.array([[100.0, 100, 80, 20, angle, 0.9, 0], [200, 150, 60, 30, 1.0, 0.8, 0]]))
    recorder.update(np.zeros((0, 6)))
    explanation = recorder.explain(track_id)
    strip = Strip(explanation.analysis, explanation.course, KeptFrames())
    assert has(strip.draw(the(explanation, "lost")), color_of(track_id))


def test_the_first_and_the_last_frame_have_fewer_panels():
    image, event = drawn([[box(100)]], "born")
    assert len(event.shows) == 1
    assert image.shape[1] > PANEL_WIDTH
