import pytest
from explain_scenes import RULES, box, record

from numa_runtime.explain.course import Kind, State, UnknownIdError, course_of, ranges


def course(frames, track_id=1, **parameters):
    return course_of(record(frames, **parameters).analysis().scenes, track_id, RULES)


HERE, WEAK, AWAY = [box(100)], [box(100, score=0.2)], []


def test_states_and_steps():
    found = course([HERE, HERE, WEAK, WEAK, AWAY, HERE, AWAY])
    assert found.states == (
        State.SEEN, State.SEEN, State.WEAK, State.WEAK, State.LOST, State.SEEN, State.LOST
    )  # fmt: skip
    assert [(step.kind, step.position, step.since) for step in found.steps] == [
        (Kind.BORN, 0, 0),
        (Kind.RESCUED, 2, 1),
        (Kind.LOST, 4, 3),
        (Kind.FOUND, 5, 3),
        (Kind.LOST, 6, 5),
    ]
    assert (found.seen, found.last, found.end, found.ever_shown) == ((0, 1, 2, 3, 5), 6, None, True)


def test_an_end():
    found = course([HERE, AWAY, AWAY, AWAY, HERE], track_buffer=2)
    assert (found.end.position, found.last) == (3, 2)
    assert [step.kind for step in found.steps] == [Kind.BORN, Kind.LOST, Kind.ENDED]


def test_late_births_have_to_be_confirmed():
    found = course([AWAY, HERE, HERE])
    assert found.states == (State.UNCONFIRMED, State.SEEN)
    assert [step.kind for step in found.steps] == [Kind.BORN, Kind.CONFIRMED]
    assert not course([AWAY, HERE], ids="born").ever_shown


def test_unknown_ids():
    with pytest.raises(UnknownIdError, match="there is no id 3"):
        course([HERE], 3)


def test_ranges():
    assert [ranges(ids) for ids in ([], [4], [1, 2], [1, 2, 3, 7, 9, 10])] == ["", "4", "1-2", "1-3, 7, 9-10"]
