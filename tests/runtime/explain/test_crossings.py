from explain_scenes import RULES, box, record

from numa_runtime.explain.course import course_of
from numa_runtime.explain.crossings import NARROW, crossings


def crossings_of(frames, track_id=1):
    scenes = record(frames).analysis().scenes
    return crossings(scenes, course_of(scenes, track_id, RULES), RULES)


def passing(gap, first, second):
    return [[box(first(i), score=0.8), box(second(i), 50 + gap, score=0.8)] for i in range(60)]


def test_two_that_pass_have_crossed_once():
    frames = passing(2, lambda i: 100 + 3 * i, lambda i: 320 - 3 * i)
    for one, other in ((1, 2), (2, 1)):
        (found,) = crossings_of(frames, one)
        assert found.other == other
        assert found.begin <= found.position <= found.end
        assert 34 <= found.position <= 40
        assert found.margin < NARROW


def test_two_that_pass_far_apart_have_not():
    assert crossings_of(passing(80, lambda i: 100 + 3 * i, lambda i: 320 - 3 * i)) == []


def test_two_crossings_are_two():
    def swing(i):
        return abs(i - 30) * 6 - 90

    frames = passing(2, lambda i: 200 + swing(i), lambda i: 200 - swing(i))
    assert [c.other for c in crossings_of(frames)] == [2, 2]


def test_both_tell_the_same_margin():
    frames = passing(2, lambda i: 100 + 3 * i, lambda i: 320 - 3 * i)
    (mine,), (theirs,) = crossings_of(frames, 1), crossings_of(frames, 2)
    assert (mine.position, round(mine.margin, 9)) == (theirs.position, round(theirs.margin, 9))
