"""A recording is told with the ids that users saw, although it is replayed with those of birth."""

from __future__ import annotations

import numpy as np
import pytest
from explain_scenes import box, record, the, walk

from numa_runtime.explain import Recorder
from numa_runtime.explain.course import UnknownIdError
from numa_runtime.explain.replay import scenes_of
from numa_runtime.tracking import Tracker

FLICKERS = [[box(900, 50 + 200 * (k % 3)), box(100)] if k else [box(100)] for k in range(12)]


@pytest.mark.parametrize("name", ["bytetrack", "sort", "ocsort"])
def test_rows_and_scenes_speak_of_the_same_ids(name):
    recorder = Recorder(Tracker(name, track_buffer=5))
    for frame in walk(3):
        recorder.update(frame)
    scenes = scenes_of(recorder.moments, recorder.params)
    shown = {int(i) for moment in recorder.moments for i in moment.rows[:, -4]}
    assert shown == set(range(1, recorder.born + 1))
    for scene, moment in zip(scenes, recorder.moments, strict=True):
        assert np.array_equal(scene.rows, moment.rows)
        assert {i for i in scene.after.ids.tolist() if i > 0} <= shown
        assert 0 not in (*scene.before.ids.tolist(), *scene.after.ids.tolist(), *scene.ended.ids.tolist())


def test_flickers_have_no_number_and_are_counted():
    recorder = record(FLICKERS)
    overview = recorder.overview()
    assert (overview.now.ids, overview.never_shown) == (1, len(FLICKERS) - 1)
    assert recorder.explain(1).fate == "tracked to the last frame"
    with pytest.raises(UnknownIdError, match="there is no id 2"):
        recorder.explain(2)
    assert record(FLICKERS, ids="born").explain(2).fate == "never shown"


def test_an_id_is_followed_from_its_first_detection():
    late = [[], [box(500)], [], [box(100)], *[[box(100)]] * 4]
    explanation = record(late).explain(1)
    assert the(explanation, "born").number == 4
    assert the(explanation, "confirmed").number == 5


def test_a_track_without_a_number_is_not_called_by_one():
    told = record([*[[box(100)]] * 6, [box(180)], [], []]).explain(1)
    text = the(told, "lost").text
    assert "-1" not in text
    assert "-1" not in str(told.to_dict())
