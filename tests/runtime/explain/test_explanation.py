"""Constructed scenes whose reason is known: the sentences, and the advice."""

from itertools import pairwise

import numpy as np
import pytest
from explain_scenes import box, kinds, record, the, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.explain.course import Kind
from numa_runtime.tracking.tracker import Tracker

STILL = [[box(100)]]


def test_a_score_below_every_threshold():
    explanation = record(STILL * 5 + [[box(100, score=0.07)]] * 40).explain(1)
    lost = the(explanation, "lost")
    assert lost.text == (
        "A detection lies there (IoU 1.00), but its score 0.07 is too low for every association: track_low_thresh is "
        "0.1."
    )
    assert lost.caption == "score 0.07 below track_low_thresh 0.1"
    assert (lost.number, lost.time) == (6, pytest.approx(5 / 30))
    assert str(lost.advice[0]) == (
        "track_low_thresh=0.06 instead of 0.1 would have matched them here (tried: still 1 id in all)"
    )


def test_nothing_overlaps():
    lost = the(record([*STILL * 5, [box(300, score=0.6)], []]).explain(1), "lost")
    assert lost.text == "No detection overlaps the predicted box; the nearest is 200 px away (score 0.60)."
    assert not lost.advice


def test_nothing_at_all():
    assert the(record([*STILL * 5, []]).explain(1), "lost").text == "Nothing at all was detected in this frame."


def test_a_jump_beyond_the_limit_of_the_first_association():
    recorder = record([*STILL * 5, *[[box(127)]] * 3])
    explanation = recorder.explain(1)
    assert the(explanation, "lost").text == (
        "The best free detection has IoU 0.19 x score 0.90 = 0.17, but the first association asks for more than 0.20 "
        "(match_thresh 0.8). It started id 2 instead."
    )
    assert the(explanation, "lost").figures["cost"] == pytest.approx(1 - 0.9 * 13 / 67, abs=1e-4)
    switched = the(explanation, "switched")
    assert switched.text == (
        "The object probably goes on as id 2 (a guess: born 1 frame after it was last seen, 27 px from where it was "
        "expected, IoU 0.19)."
    )
    assert [str(advice) for advice in switched.advice] == [
        "match_thresh=0.83 instead of 0.8 would have kept them one id (tried: 1 id instead of 2 in all)"
    ]
    assert "Probably the object that was id 1" in the(recorder.explain(2), "born").text


def test_fuse_score_alone_would_have_been_enough():
    explanation = record([*STILL * 5, *[[box(112, score=0.35)]] * 3]).explain(1)
    advice = [str(advice) for advice in the(explanation, "switched").advice]
    assert advice[1] == "fuse_score=False instead of True would have kept them one id (tried: 1 id instead of 2 in all)"


def test_its_detection_went_to_another_id():
    frames = [[box(100), box(120)]] * 5 + [[box(113)]] + [[]] * 2
    lost = the(record(frames).explain(1), "lost")
    assert lost.text == (
        "Its best detection (IoU 0.51 x score 0.90 = 0.46) went to id 2, which fits it better (0.63 against 0.46). "
        "No other detection overlaps: only one of the two was detected."
    )
    assert lost.caption == "its detection went to id 2: 0.63 against 0.46"
    assert lost.others == (2,)
    assert not lost.advice


def test_hidden_behind_another_id():
    frames = [[box(100), box(135)]] * 5 + [[box(133)]] + [[]] * 2
    lost = the(record(frames).explain(1), "lost")
    assert lost.text == (
        "The only detection there belongs to id 2 (IoU 0.90 with it, 0.10 with this one): probably hidden behind it."
    )


def test_a_lost_track_is_not_offered_low_detections():
    frames = [*STILL * 5, [], [box(100, score=0.2)], [], *STILL]
    found = the(record(frames).explain(1), "found again")
    assert found.text == (
        "Found again, 4 frames after it was last seen. The first association matched it: IoU 1.00 x score 0.90 = 0.90, "
        "more than 0.20 (match_thresh 0.8). It was 0 px from where it was expected. While it was lost, frame 7 came "
        "nearest: a detection lies there (IoU 1.00), but its score 0.20 is below track_high_thresh 0.25: low "
        "detections keep tracked ids, they do not bring back lost ones."
    )
    assert found.figures["stage"] == "first association"
    assert found.figures["frames_unseen"] == 3


def test_kept_by_the_low_stage():
    frames = [*STILL * 5, *[[box(102, score=0.2)]] * 3, *STILL]
    explanation = record(frames).explain(1)
    assert the(explanation, "rescued").text == (
        "Kept by low detections for 3 frames (score 0.20, below track_high_thresh 0.25). The second association "
        "matched it: IoU 0.90, more than 0.50 (second_match_thresh 0.5)."
    )
    assert Kind.LOST not in kinds(explanation)


def test_the_low_stage_asks_for_more():
    explanation = record([*STILL * 5, [box(116, score=0.2)], *[[]] * 20]).explain(1)
    lost = the(explanation, "lost")
    assert lost.text == (
        "The best free detection has IoU 0.43, but the second association asks for more than 0.50 "
        "(second_match_thresh 0.5)."
    )
    assert lost.advice[0].changes[0].new == 0.58


def test_a_loose_fit_is_a_warning():
    found = the(record([*STILL * 5, [], [box(120)]]).explain(1), "found again")
    assert "It was 20 px from where it was expected. That is a loose fit: look whether" in found.text


def test_the_buffer_passed():
    explanation = record([*STILL * 3, *[[]] * 12, *STILL * 3], track_buffer=10).explain(1)
    assert the(explanation, "ended").text == (
        "Given up: not seen for 11 frames, and a lost track is kept for 10 (track_buffer). While it was lost no free "
        "detection overlapped its predicted box."
    )
    assert the(explanation, "ended").caption == "unseen for longer than track_buffer 10"
    switched = the(explanation, "switched")
    assert "Id 1 had been given up by then (track_buffer 10)." in switched.text
    assert str(switched.advice[0]) == (
        "track_buffer=12 instead of 10 would have kept them one id (tried: 1 id instead of 2 in all)"
    )


def test_the_buffer_in_seconds():
    recorder = record([*STILL * 3, *[[]] * 20, *STILL * 3], track_buffer_s=0.5)
    explanation = recorder.explain(1)
    assert "not seen for 16 frames (0.53 s), and a lost track is kept for 0.50 s (track_buffer_s)." in str(explanation)
    (change,) = the(explanation, "switched").advice[0].changes
    assert (change.name, change.new) == ("track_buffer_s", 0.7)


def test_uneven_time_is_told_in_seconds():
    recorder = Recorder(Tracker(track_buffer=10))
    for time in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        recorder.update(np.array(STILL[0] if time < 0.15 else []).reshape(-1, 6), timestamp=time)
    assert (
        "not seen for 4 frames (0.40 s), and a lost track is kept for 0.33 s (track_buffer 10, counted at 30 frames per"
    ) in str(recorder.explain(1))


def test_removed_as_a_double():
    frames = [*STILL * 5, [], [box(108, score=0.5)], [box(101, score=0.5)]]
    explanation = record(frames, match_thresh=0.5, unconfirmed_match_thresh=0.9, ids="born").explain(2)
    ended = the(explanation, "ended")
    assert ended.text == (
        "Removed as a double of id 1, which has lived as long or longer: their boxes overlap by IoU 0.89, and above "
        "0.85 (duplicate_thresh 0.15) a tracked and a lost id are one."
    )


def test_a_double_from_its_first_frame():
    frames = [*STILL * 5, [], [box(102, score=0.3)], []]
    recorder = record(frames, match_thresh=0.5, ids="born")
    explanation = recorder.explain(2)
    assert kinds(explanation) == ["born", "ended"]
    assert explanation.fate == "never shown"
    assert "Removed as a double of id 1" in the(explanation, "ended").text
    assert the(explanation, "ended").advice[0].changes[0].name == "duplicate_thresh"


def test_died_before_it_was_shown():
    explanation = record([[], [box(100)], [box(130)], [box(160)]], ids="born").explain(1)
    assert explanation.fate == "never shown"
    ended = the(explanation, "ended")
    assert ended.text == (
        "Dropped before it was ever shown: a new track has to be seen again in the next frame. The best free detection "
        "has IoU 0.14 x score 0.90 = 0.13, but the association of new tracks asks for more than 0.30 "
        "(unconfirmed_match_thresh 0.7). It started id 2 instead."
    )
    assert ended.advice[0].changes[0].name == "unconfirmed_match_thresh"


def test_a_low_detection_does_not_confirm():
    explanation = record([[], [box(100)], [box(100, score=0.2)]], ids="born").explain(1)
    assert "is below track_high_thresh 0.25: low detections keep tracked ids, they do not confirm new ones." in str(
        explanation
    )


def test_birth_and_confirmation():
    explanation = record([[], [box(100, score=0.3)], [box(101)]]).explain(1)
    assert the(explanation, "born").text == (
        "A detection of score 0.30 that matched no track began it (new_track_thresh 0.25)."
    )
    assert the(explanation, "confirmed").text == (
        "The association of new tracks matched it: IoU 0.95 x score 0.90 = 0.86, more than 0.30 "
        "(unconfirmed_match_thresh 0.7). From here on it is shown."
    )
    assert "It is shown at once" in the(record(STILL).explain(1), "born").text


def test_conf_is_named_where_it_gates_births():
    explanation = record([[box(100)]], birth_conf=0.5).explain(1)
    assert "began it (conf 0.5)" in the(explanation, "born").text


def test_another_class():
    frames = [*STILL * 5, [box(100, cls=1)], []]
    lost = the(record(frames, per_class=True).explain(1), "lost")
    assert (
        lost.text == "A detection lies there (IoU 1.00), but it is of another class, and per_class keeps classes apart."
    )


def test_two_that_cross_could_have_been_exchanged():
    frames = [[box(100 + 4 * i, score=0.8), box(260 - 4 * i, 52, score=0.8)] for i in range(40)]
    crossed = the(record(frames).explain(1), "crossed")
    assert "Close to an exchange with id 2: the pairs made have IoU x score" in crossed.text
    assert crossed.others == (2,)
    assert 18 <= crossed.position <= 22


def test_an_id_that_never_was_names_those_there_are():
    recorder = record([[box(100), box(300), box(500)]] * 3)
    with pytest.raises(TrackerError) as error:
        recorder.explain(9)
    assert (error.value.what, error.value.hint) == ("there is no id 9", "the ids are 1-3")
    with pytest.raises(TrackerError, match="there is no id 1: nothing was tracked"):
        record([[]]).explain(1)


def test_headline_and_json():
    explanation = record([*STILL * 5, []]).explain(1, {0: "person"})
    assert explanation.headline == (
        "id 1 · person · frames 1-6 (0.00-0.17 s), seen 5 times · lost when the recording ended"
    )
    data = explanation.to_dict()
    assert (data["id"], data["name"], data["times_seen"]) == (1, "person", 5)
    assert [event["event"] for event in data["events"]] == ["born", "lost"]
    assert "     6     0.17 s  lost" in str(explanation)


def test_classic_is_explained_too():
    frames = [[box(100), box(300, score=0.15)]] * 4 + [[box(300, score=0.15), box(100, score=0.2)]] * 3
    recorder = record(frames, compat="classic")
    lost = the(recorder.explain(1), "lost")
    assert lost.text == (
        "The best free detection has IoU 1.00 x score 0.20 = 0.20, but the second association asks for more than 0.50 "
        "(second_match_thresh 0.5)."
    )


def test_any_classic_life_can_be_told():
    for seed in range(4):
        recorder = Recorder(Tracker(compat="classic", track_buffer=4))
        for frame in walk(seed):
            recorder.update(frame)
        shown = {int(i) for moment in recorder.moments for i in moment.rows[:, 4]}
        assert all(kinds(recorder.explain(track_id))[0] == "born" for track_id in shown)
        assert recorder.overview().now.ids == len(shown)


def test_names_may_come_later():
    recorder = record(STILL)
    assert (recorder.explain(1).name, recorder.explain(1, {0: "cat"}).name) == ("class 0", "cat")


def test_rotated_boxes_are_explained():
    recorder = Recorder(Tracker())
    for shift in (0, 2, 4, 6, 60):
        recorder.update(np.array([[100.0 + shift, 100, 60, 20, 0.3, 0.9, 0]]))
    explanation = recorder.explain(1)
    assert kinds(explanation) == ["born", "lost"]
    assert the(explanation, "lost").figures["iou"] < 0.2


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from([5, 30]), st.booleans())
def test_every_life_has_one_birth_and_at_most_one_end(seed, buffer, per_class):
    recorder = Recorder(Tracker(track_buffer=buffer, per_class=per_class))
    for frame in walk(seed):
        recorder.update(frame)
    for track_id in range(1, recorder.born + 1):
        explanation = recorder.explain(track_id)
        order = [event.kind for event in explanation.events if event.kind not in (Kind.CROSSED, Kind.SWITCHED)]
        assert order.count(Kind.BORN) == 1
        assert order[0] is Kind.BORN
        assert order.count(Kind.ENDED) <= 1
        assert Kind.ENDED not in order[:-1]
        turns = [kind for kind in order if kind in (Kind.LOST, Kind.FOUND)]
        assert all(a is not b for a, b in pairwise(turns))
        assert all("would have fitted" not in event.text for event in explanation.events)
        for event in explanation.events:
            assert "Removed as a double" not in event.text or event.figures["iou"] > 0.85
            assert "Given up" not in event.text or event.figures["frames_unseen"] > buffer
