"""Advice that is given holds: applied to the same detections, it does what it says."""

from dataclasses import replace

import numpy as np
import pytest
from explain_scenes import box, record, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.explain import Recorder
from numa_runtime.explain.advice import WIDEST, above, below
from numa_runtime.explain.course import Kind
from numa_runtime.explain.prehistory import prehistory
from numa_runtime.tracking.tracker import Tracker


class Again:
    """The recording given to a fresh tracker with the advice applied; only what users see of it."""

    def __init__(self, recorder, advice):
        params = replace(recorder.params, **{change.name: change.new for change in advice.changes})
        self.tracker, self.holders, self.born, self.ended = Tracker(params), [], [0], []
        for moment in recorder.moments:
            rows = self.tracker.update(moment.detections)
            self.holders.append({int(row[-1]): int(row[-4]) for row in rows})
            self.born.append(self.tracker.born)
            self.ended.append(set(self.tracker.removed.tolist()))
        self.ids = len({i for holder in self.holders for i in holder.values()})

    def owner(self, position, detection):
        """The id that has a detection; a new track's is not shown yet, so what is known is who it can be."""
        if detection in self.holders[position]:
            return {self.holders[position][detection]}
        return set(range(self.born[position] + 1, self.born[position + 1] + 1))


def check(recorder, explanation, event, advice):
    scenes, own = explanation.analysis.scenes, explanation.track_id
    again = Again(recorder, advice)
    assert again.ids == advice.ids_after
    assert advice.ids_before == len({i for scene in scenes for i in scene.rows[:, -4]})
    if event.kind is Kind.BORN:
        birth = explanation.analysis.sighting(event.position, own)
        past = prehistory(scenes, explanation.analysis.shown, birth).sightings
        earlier = next(s for s in past if advice.outcome == f"would have begun it in frame {s.position + 1}")
        return again.owner(earlier.position, earlier.detection) & again.owner(birth.position, birth.detection)
    since = max(p for p in explanation.course.seen if p < event.position or len(explanation.course.seen) == 1)
    before = again.owner(since, scenes[since].taken_by(own))
    if advice.outcome == "would have kept both":
        return before - again.ended[event.position]
    if event.kind is Kind.SWITCHED:
        wanted = scenes[event.position].taken_by(event.figures["other"])
    else:
        wanted = next(p.detection for p in explanation.analysis.pairings(event.position, own) if p.holder == 0)
    return before & again.owner(event.position, wanted)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000))
def test_advice_applied_does_what_it_says(seed):
    recorder = Recorder(Tracker(track_buffer=8, ids="born"))
    for frame in walk(seed, frames=30, objects=6):
        recorder.update(frame)
    for track_id in range(1, recorder.born + 1):
        explanation = recorder.explain(track_id)
        for event in explanation.events:
            for advice in event.advice:
                assert check(recorder, explanation, event, advice), (event, advice)


def test_advice_is_found_often_enough_to_be_tested():
    given_ = 0
    for seed in range(3):
        recorder = Recorder(Tracker(track_buffer=8, ids="born"))
        for frame in walk(seed, frames=30, objects=6):
            recorder.update(frame)
        given_ += sum(
            len(event.advice) for track_id in range(1, recorder.born + 1) for event in recorder.explain(track_id).events
        )
    assert given_ > 5


def test_no_advice_where_none_helps():
    explanation = record([[box(100)]] * 5 + [[box(260)]] * 3).explain(1)
    assert not [advice for event in explanation.events for advice in event.advice]


def test_values_the_tracker_refuses_are_not_advised():
    recorder = record([[box(100)]] * 5 + [[box(100, score=0.01)]] * 30)
    assert not [advice for event in recorder.explain(1).events for advice in event.advice]


@pytest.mark.parametrize(
    ("cost", "limit", "values"), [(0.831, 0.8, [0.84, 0.87, 0.92]), (0.83, 0.8, [0.84, 0.87, 0.92])]
)
def test_limits_lie_just_above_the_cost(cost, limit, values):
    assert above(cost, limit) == values


def test_limits_that_match_anything_are_not_proposed():
    assert above(0.99, 0.8) == []
    assert above(0.95, 0.8) == [0.96]
    assert max(above(0.9, 0.8)) <= WIDEST


@given(st.floats(0, 0.9), st.floats(0, 0.9))
def test_limits_are_above_and_thresholds_below(value, current):
    assert all(limit > value and limit > current for limit in above(value, current))
    assert all(threshold < value and threshold < current for threshold in below(value, current) if value > 0)


def test_the_buffer_that_is_needed():
    recorder = record([[box(100)]] * 3 + [[]] * 20 + [[box(100)]] * 3, track_buffer=10)
    switched = recorder.explain(1).events[-1]
    (change,) = switched.advice[0].changes
    for buffer, ids in ((change.new, 1), (change.new - 1, 2)):
        tracker = Tracker(track_buffer=buffer)
        assert len({i for m in recorder.moments for i in tracker.update(m.detections)[:, 4]}) == ids
    assert np.isfinite(change.new)
