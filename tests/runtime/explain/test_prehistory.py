from explain_scenes import box, record, the

from numa_runtime.explain.prehistory import prehistory


def past(frames, track_id=1):
    explanation = record(frames).explain(track_id)
    analysis = explanation.analysis
    return prehistory(analysis.scenes, analysis.shown, analysis.sighting(explanation.course.first, track_id))


FAINT, HERE = [[box(100, score=0.2)]], [[box(100)]]


def test_detections_that_were_too_weak():
    found = past([[]] + FAINT * 6 + HERE * 3)
    assert [s.position for s in found.sightings] == list(range(1, 7))
    assert found.scores == (0.2,) * 6
    assert found.ids == ()


def test_a_gap_of_two_frames_is_bridged_and_one_of_three_is_not():
    assert len(past([*FAINT * 3, [], [], *FAINT * 3, *HERE * 2]).sightings) == 6
    assert len(past([*FAINT * 3, [], [], [], *FAINT * 3, *HERE * 2]).sightings) == 3


def test_few_detections_are_not_worth_a_word():
    assert past(FAINT * 2 + HERE * 3) is None
    assert past(HERE) is None


def test_what_another_id_held_was_its_own():
    frames = [[box(100)]] * 6 + [[box(100), box(112, score=0.8)]] * 3
    assert past(frames, 2) is None


def test_ids_that_began_on_it_are_named():
    flickering = [[]] + [[box(100, score=s)] for s in (0.26, 0.2, 0.26, 0.2, 0.26, 0.2)] + HERE * 3
    explanation = record(flickering, ids="born").explain(4)
    assert the(explanation, "born").text == (
        "A detection of score 0.90 that matched no track began it (new_track_thresh 0.25). It was probably detected "
        "since frame 2 already, 6 times, with scores 0.20 to 0.26: ids 1, 2, 3 began on it, but ended before they were "
        "shown."
    )
    numbered_when_shown = record(flickering).explain(1)
    assert the(numbered_when_shown, "born").text.endswith("3 tracks began on it, but ended before they were shown.")


def test_the_threshold_that_would_have_begun_it_earlier():
    born = the(record([[]] + FAINT * 6 + HERE * 3).explain(1), "born")
    assert born.text.endswith("It was probably detected since frame 2 already, 6 times, with scores 0.20 to 0.20.")
    assert [str(advice) for advice in born.advice] == []  # 1.0 x 0.2 does not confirm it
    frames = [[]] + [[box(100, score=0.24)]] * 6 + HERE * 3
    loose = the(record(frames, unconfirmed_match_thresh=0.9).explain(1), "born")
    assert [str(advice) for advice in loose.advice] == [
        "track_high_thresh=0.24 instead of 0.25 and new_track_thresh=0.24 instead of 0.25 would have begun it in frame "
        "2 (tried: still 1 id in all)"
    ]


def test_scores_are_tried_once_each():
    found = past([[]] + [[box(100, score=s)] for s in (0.2, 0.2, 0.22, 0.2, 0.24)] + HERE * 3)
    assert sorted(found.first_of_each_score().values()) == [0.2, 0.22, 0.24]
