import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import shared_data

from numa_runtime.tracking.score_thresholds import DOUBTS, FRAMES, LEAST, choose_thresholds, otsu, spread


def two_heaps(rng, low, high, doubts, count=4000):
    few = int(doubts * count)
    return np.clip(np.concatenate([rng.normal(low, 0.03, few), rng.normal(high, 0.03, count - few)]), 0, 1)


@given(st.floats(0.05, 0.3), st.floats(0.6, 0.95), st.floats(0.2, 0.8), st.integers(0, 99))
def test_the_valley_lies_between_the_heaps_and_the_thresholds_follow_the_upper_one(low, high, doubts, seed):
    scores = two_heaps(np.random.default_rng(seed), low, high, doubts)
    assert low < otsu(scores) < high
    chosen = choose_thresholds(scores, fused=True)
    assert chosen.values["track_high_thresh"] == pytest.approx(0.675 * high, abs=0.02)
    assert chosen.values["new_track_thresh"] == pytest.approx(0.785 * high, abs=0.02)
    assert chosen.values["match_thresh"] == 0.9
    assert "match_thresh" not in choose_thresholds(scores, fused=False).values


def test_a_detector_without_doubts_and_too_few_boxes_change_nothing():
    rng = np.random.default_rng(1)
    sure = choose_thresholds(two_heaps(rng, 0.2, 0.95, DOUBTS / 2), fused=True)
    assert sure.values == {}
    assert "gives few doubts, and thresholds are kept" in sure.said
    few = choose_thresholds(rng.uniform(size=LEAST - 1), fused=True)
    assert few.values == {}
    assert few.said.startswith(f"{LEAST - 1} detections are too few")


def test_frames_are_spread_over_the_whole():
    assert spread(5).tolist() == [0, 1, 2, 3, 4]
    assert spread(0).tolist() == [0]
    many = spread(10_001)
    assert (len(many), many[0], many[-1]) == (FRAMES, 0, 10_000)


def test_the_published_ones_for_yolox_on_mot17(tmp_path):
    import tarfile

    with tarfile.open(shared_data("mot", "MOT17-dets-yolox_x_ablation.tar.xz")) as tar:
        tar.extractall(tmp_path, filter="data")
    frames = []
    for file in sorted(tmp_path.rglob("*-SDP.txt")):
        rows = np.loadtxt(file, delimiter=",", usecols=(0, 6))
        frames += [rows[rows[:, 0] == number, 1] for number in np.unique(rows[:, 0])]
    chosen = choose_thresholds(np.concatenate([frames[index] for index in spread(len(frames))]), fused=True)
    assert chosen.values == {"track_high_thresh": 0.6, "new_track_thresh": 0.7, "match_thresh": 0.9}
