from explain_scenes import box, record

from numa_runtime.explain.guess import heirs


def guesses(frames, within=60, **parameters):
    scenes = record(frames, **parameters).analysis().scenes
    return [(old, heir.track_id, heir.gap, heir.ended) for old, heir in heirs(scenes, within)]


HERE, AWAY = [[box(100)]], [[]]


def test_a_birth_near_an_id_that_was_lost():
    assert guesses(HERE * 5 + [[box(127)]] * 3) == [(1, 2, 1, False)]


def test_a_birth_where_an_id_had_ended():
    assert guesses(HERE * 5 + AWAY * 15 + HERE * 3, track_buffer=8) == [(1, 2, 16, True)]


def test_moving_objects_are_expected_further_on():
    frames = [[box(100 + 8 * i)] for i in range(10)] + AWAY * 14 + [[box(292 + 8 * i)] for i in range(3)]
    assert guesses(frames, track_buffer=5) == [(1, 2, 15, True)]


def test_far_births_late_births_and_other_classes_are_strangers():
    assert guesses(HERE * 5 + [[box(220)]] * 3) == []
    assert guesses(HERE * 5 + AWAY * 15 + HERE * 3, within=10, track_buffer=8) == []
    assert guesses(HERE * 5 + [[box(127, cls=1)]] * 3) == []
    assert guesses(HERE * 5 + [[box(127, w=100, h=250)]] * 3) == []


def test_a_birth_beside_an_id_that_is_still_seen_is_another_object():
    assert guesses(HERE * 5 + [[box(100), box(130)]] * 4) == []


def test_one_birth_has_one_forerunner_and_the_likelier_one():
    frames = [[box(100), box(160)]] * 5 + [[box(186)]] * 3
    assert guesses(frames) == [(2, 3, 1, False)]


def test_births_that_nobody_saw_do_not_count():
    assert guesses(HERE * 5 + [[box(127)]] + AWAY * 3) == []
