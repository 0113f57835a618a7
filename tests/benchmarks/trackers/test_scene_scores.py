import numpy as np
import pytest

from numa_benchmarks.trackers.scene_scores import score_scene
from numa_benchmarks.trackers.scenes import SceneSpec

pytest.importorskip("trackeval", reason="needs the eval extra")


def perfect(frames):
    return [np.column_stack([frame.boxes, frame.ids]) for frame in frames]


def test_the_truth_scores_a_hundred():
    frames = SceneSpec(20).take(10)
    scores = score_scene("truth", frames, perfect(frames))
    assert scores.hota == pytest.approx(100)
    assert (scores.id_switches, scores.truth_ids, scores.result_ids) == (0, 20, 20)


def test_a_switch_is_a_switch_and_a_new_identity_counts():
    frames = SceneSpec(20).take(10)
    tracks = perfect(frames)
    for rows in tracks[5:]:
        rows[rows[:, 4] == 3, 4] = 99
    scores = score_scene("switch", frames, tracks)
    assert (scores.id_switches, scores.result_ids) == (1, 21)


def test_a_tracker_that_did_not_get_far_is_scored_as_far_as_it_got():
    frames = SceneSpec(20).take(10)
    assert score_scene("early", frames, perfect(frames)[:4]).frames == 4
