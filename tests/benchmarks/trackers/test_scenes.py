from importlib.util import find_spec
from itertools import islice

import numpy as np
import pytest

from numa_benchmarks.trackers.scenes import DENSITY, FALSE, FULL_HD, MISSED, SceneSpec, World, score_scene

needs_trackeval = pytest.mark.skipif(find_spec("trackeval") is None, reason="needs the eval extra")


def test_a_scene_follows_from_its_seed():
    one, again, other = SceneSpec(30).take(5), SceneSpec(30).take(5), SceneSpec(30, seed=1).take(5)
    for a, b in zip(one, again, strict=True):
        assert np.array_equal(a.detections, b.detections)
        assert np.array_equal(a.boxes, b.boxes)
    assert not np.array_equal(one[0].boxes, other[0].boxes)


@pytest.mark.parametrize("objects", [10, 1000, 10_000])
def test_an_open_world_has_the_same_density_however_many_there_are(objects):
    width, height = World.OPEN.size(objects)
    assert objects / (width * height) == pytest.approx(DENSITY)
    assert width / height == pytest.approx(16 / 9)


def test_a_crowd_stays_in_its_frame():
    frames = SceneSpec(200, World.CROWD).take(30)
    centres = np.concatenate([(frame.boxes[:, :2] + frame.boxes[:, 2:]) / 2 for frame in frames])
    assert World.CROWD.size(200) == FULL_HD
    assert (centres >= 0).all()
    assert (centres <= FULL_HD).all()


def test_detections_are_the_objects_with_misses_jitter_and_false_alarms():
    frames = SceneSpec(500).take(40)
    detected = sum(len(frame.detections) for frame in frames) / (500 * 40)
    assert detected == pytest.approx(1 - MISSED + FALSE, abs=0.01)
    for frame in frames:
        assert frame.detections.dtype == np.float64
        assert frame.detections.flags.c_contiguous
        assert ((frame.detections[:, 4] >= 0) & (frame.detections[:, 4] <= 1)).all()
        assert (frame.detections[:, 2:4] > frame.detections[:, :2]).all()
        assert (frame.detections[:, 5] == 0).all()
    first = frames[0]
    nearest = np.abs(first.detections[:, None, :4] - first.boxes[None]).max(2).min(1)
    assert (nearest < 60).mean() > 0.9


def test_objects_move_smoothly():
    boxes = np.stack([frame.boxes for frame in SceneSpec(100).take(20)])
    steps = np.abs(np.diff(boxes[..., 0], axis=0))
    heights = boxes[0, :, 3] - boxes[0, :, 1]
    assert 0 < np.median(steps / heights) < 0.05
    assert np.diff(boxes[..., 3] - boxes[..., 1], axis=0) == pytest.approx(0, abs=1e-9)


def test_with_a_lifetime_objects_leave_and_others_come_under_new_ids():
    seen, last = set(), np.zeros(0, np.int64)
    for frame in islice(SceneSpec(50, lifetime=20).frames(), 200):
        assert len(np.unique(frame.ids)) == 50
        fresh = np.setdiff1d(frame.ids, last)
        assert not seen & set(fresh.tolist())
        seen |= set(fresh.tolist())
        last = frame.ids
    assert len(seen) == pytest.approx(50 + 50 * 200 / 20, rel=0.2)


def test_without_one_they_stay():
    frames = SceneSpec(50).take(50)
    assert all(np.array_equal(frame.ids, np.arange(1, 51)) for frame in frames)


def perfect(frames):
    return [np.column_stack([frame.boxes, frame.ids]) for frame in frames]


@needs_trackeval
def test_the_truth_scores_a_hundred():
    frames = SceneSpec(20).take(10)
    scores = score_scene("truth", frames, perfect(frames))
    assert scores.hota == pytest.approx(100)
    assert (scores.id_switches, scores.truth_ids, scores.result_ids) == (0, 20, 20)


@needs_trackeval
def test_a_switch_is_a_switch_and_a_new_identity_counts():
    frames = SceneSpec(20).take(10)
    tracks = perfect(frames)
    for rows in tracks[5:]:
        rows[rows[:, 4] == 3, 4] = 99
    scores = score_scene("switch", frames, tracks)
    assert (scores.id_switches, scores.result_ids) == (1, 21)


@needs_trackeval
def test_a_tracker_that_did_not_get_far_is_scored_as_far_as_it_got():
    frames = SceneSpec(20).take(10)
    assert score_scene("early", frames, perfect(frames)[:4]).frames == 4
