from itertools import pairwise

import numpy as np
import pytest
from explain_scenes import box, record, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.explain import Recorder
from numa_runtime.explain.replay import Rerun, scenes_of
from numa_runtime.explain.scene import Sighting
from numa_runtime.tracking.params.associations import Standing
from numa_runtime.tracking.tracker import Tracker


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(["modern", "classic"]))
def test_scenes_say_what_the_rows_say(seed, compat):
    recorder = Recorder(Tracker(compat=compat, track_buffer=6))
    lost, removed = [], []
    for frame in walk(seed, frames=25):
        recorder.update(frame)
        lost.append(set(recorder.lost.tolist()))
        removed.append(set(recorder.removed.tolist()))
    for scene, gone, ended in zip(scenes_of(recorder.moments, recorder.params), lost, removed, strict=True):
        for row in scene.rows:
            taken = scene.taken_by(int(row[-4]))
            assert scene.holder(taken) == int(row[-4])
            assert scene.scores[taken] == pytest.approx(row[-3])
            if compat == "modern":
                assert taken == int(row[-1])
        standing = {Standing.LOST} if compat == "modern" else set(Standing)
        assert gone == {i for i in scene.after.ids.tolist() if scene.after.standing_of(i) in standing} & gone
        assert ended == {i for i in scene.ended.ids.tolist() if i > 0}


def test_predicted_boxes_are_where_the_tracker_looks():
    recorder = record([[box(100 + 10 * i)] for i in range(12)])
    for scene in scenes_of(recorder.moments, recorder.params)[6:]:
        np.testing.assert_allclose(scene.predicted(1), scene.detections[0, :4], atol=3)
        assert scene.before.standing == (Standing.TRACKED,)


def test_lost_tracks_move_on():
    recorder = record([[box(100 + 10 * i)] for i in range(12)] + [[]] * 5)
    scenes = scenes_of(recorder.moments, recorder.params)
    lefts = [scene.predicted(1)[0] for scene in scenes[12:]]
    assert all(8 < b - a < 12 for a, b in pairwise(lefts))


def test_time_between_frames_is_counted_in_nominal_frames():
    recorder = Recorder(Tracker())
    for time in (0.0, 0.1, 0.4):
        recorder.update(np.array([box(100)]), timestamp=time)
    assert [scene.dt for scene in scenes_of(recorder.moments, recorder.params)[1:]] == pytest.approx([3, 9])


def test_a_rerun_looks_only_where_it_is_told():
    recorder = record([[box(100)]] * 5 + [[]] * 3 + [[box(100)]] * 2)
    rerun = Rerun(recorder.moments, recorder.params, {2, 8})
    assert rerun.holder(Sighting(2, 0)) == rerun.holder(Sighting(8, 0)) == 1
    assert rerun.holder(Sighting(8, 5)) == 0
    assert rerun.alive(1, 8)
    assert not rerun.alive(2, 8)
    assert rerun.ids_shown() == 1
