"""The other trackers: their stages, their sentences, and no match or miss without a reason."""

import numpy as np
import pytest
from explain_scenes import box, kinds, record, the, walk

from numa_runtime.explain import Recorder
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.tracker import Tracker

STILL = [[box(100)]]
FAMILY = [
    ("sort", {}),
    ("ocsort", {}),
    ("ocsort", {"use_byte": True, "inertia": 0.5}),
    ("botsort", {"gmc_method": "none"}),
    ("cbiou", {}),
    ("hybridsort", {}),
    ("tracktrack", {}),
    ("fasttrack", {}),
    ("boosttrack", {}),
    ("bytetrack", {"min_hits": 3}),
]


@pytest.mark.parametrize(("name", "words"), FAMILY)
def test_every_match_and_every_miss_has_its_reason(name, words):
    told = 0
    for seed in range(3):
        recorder = Recorder(Tracker(name, **words))
        for frame in walk(seed):
            recorder.update(frame)
        for track_id in range(1, recorder.born + 1):
            explanation = recorder.explain(track_id)
            assert kinds(explanation).count("born") == 1
            for event in explanation.events:
                told += 1
                assert "would have fitted" not in event.text, explanation
                assert "beyond its predicted box" not in event.text, explanation
            for position in explanation.course.seen[1:]:
                pairing = explanation.analysis.match(position, track_id)
                assert pairing.fits, (position, str(explanation))
    assert told > 100


@pytest.mark.parametrize(
    ("name", "words", "stages"),
    [
        ("sort", {}, ["match_thresh"]),
        ("ocsort", {}, ["match_thresh", "recovery_match_thresh", "unconfirmed_match_thresh"]),
        (
            "ocsort",
            {"use_byte": True},
            ["match_thresh", "second_match_thresh", "recovery_match_thresh", "unconfirmed_match_thresh"],
        ),
        ("botsort", {}, ["match_thresh", "second_match_thresh", "unconfirmed_match_thresh"]),
    ],
)
def test_stages(name, words, stages):
    assert [stage.limit_name for stage in load_params(name, **words).associations()] == stages


def family(name, frames, **words):
    recorder = Recorder(Tracker(name, **words))
    for frame in frames:
        recorder.update(np.array(frame, float).reshape(-1, 6))
    return recorder


def test_sort_has_one_association():
    explanation = family("sort", STILL * 6 + [[box(130)]] + [[]] * 3).explain(1)
    assert the(explanation, "lost").text == (
        "The best free detection has IoU 0.14, but the association asks for more than 0.30 (match_thresh 0.7). "
        "It started a track that was never shown instead."
    )
    assert "a lost track is kept for 1 (track_buffer)" in the(explanation, "ended").text


def test_a_score_that_is_too_weak_for_a_tracker_without_low_scores():
    explanation = family("sort", STILL * 6 + [[box(100, score=0.2)]]).explain(1)
    assert the(explanation, "lost").text == (
        "A detection lies there (IoU 1.00), but its score 0.20 is too low for every association: track_high_thresh is "
        "0.25."
    )


def test_ocsort_finds_by_the_last_detection():
    frames = [[box(100 + 15 * i)] for i in range(10)] + [[]] * 5 + [[box(240)]]
    explanation = family("ocsort", frames).explain(1)
    found = the(explanation, "found again")
    assert (
        "The recovery matched it: IoU 0.78 with where it was seen last, more than 0.30 (recovery_match_thresh 0.7)."
        in (found.text)
    )
    assert found.figures["stage"] == "recovery"


def test_ocsort_is_told_of_low_detections():
    lost = the(family("ocsort", STILL * 5 + [[box(101, score=0.2)]] * 20).explain(1), "lost")
    assert str(lost.advice[0]).startswith("use_byte=True instead of False would have matched them here")


def test_botsort_takes_the_camera_out():
    rng = np.random.default_rng(0)
    scene = rng.integers(0, 255, (40, 60, 3), np.uint8).repeat(12, axis=0).repeat(12, axis=1)
    recorder, plain = Recorder(Tracker("botsort")), Tracker("botsort")
    for shift in range(0, 80, 8):
        frame = np.ascontiguousarray(scene[:, shift : shift + 480])
        detections = np.array([box(300 - shift)])
        assert np.array_equal(recorder.update(detections, frame=frame), plain.update(detections, frame=frame))
    explanation = recorder.explain(1)
    assert len(explanation.course.seen) == 10
    assert recorder.moments[5].warp[0, 2] == pytest.approx(-8, abs=0.5)
    assert np.abs(explanation.analysis.scenes[5].predicted(1) - recorder.moments[5].detections[0, :4]).max() < 3


def test_botsort_matches_what_looks_alike():
    recorder = Recorder(Tracker("botsort", with_reid=True, gmc_method="none"))
    features = np.array([[1.0, 0, 0]])
    for frame in [*STILL * 4, [], [box(110, score=0.3)]]:
        recorder.update(np.array(frame, float).reshape(-1, 6), features=features[: len(frame)])
    found = the(recorder.explain(1), "found again")
    assert (
        "The first association matched it because it looks the same: IoU 0.60 x score 0.30 = 0.18 alone" in found.text
    )


def test_min_hits_are_waited_for():
    explanation = record([*[[]] * 4, *STILL * 2, [], []], min_hits=3, ids="born").explain(1)
    assert explanation.fate == "never shown"
    assert "Dropped before it was ever shown, after 2 detections." in the(explanation, "ended").text


def test_a_pose_that_kept_an_id_is_told():
    places = np.random.default_rng(1).uniform(0.1, 0.9, (17, 2))
    recorder, left = Recorder(Tracker("bytetrack", pose_weight=0.5, fuse_score=False, match_thresh=0.3)), 0.0
    for frame in range(12):
        left += 2.0 if frame < 8 or frame > 8 else 17.0
        found = frame not in (6, 7)
        box = np.array([left, 0.0, left + 40.0, 90.0])
        points = box[:2] + places * (box[2:] - box[:2])
        rows = np.array([[*box, 0.9, 0.0]])[: int(found)]
        recorder.update(rows, keypoints=np.concatenate([points, np.ones((17, 1))], 1)[None][: int(found)])
    told = str(recorder.explain(1))
    assert "because its pose fits: IoU 0.4" in " ".join(told.split()), told
