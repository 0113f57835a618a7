"""What a tracker is, it declares: the kernels run it, and the explanations tell it, from the same data."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from explain_scenes import box, the, walk

from numa_runtime.errors import TrackerError
from numa_runtime.explain import Recorder
from numa_runtime.tracking.params import (
    BotSortParams,
    ByteTrackParams,
    CBIoUParams,
    HybridSortParams,
    OcSortParams,
    SortParams,
    TrackerParams,
)
from numa_runtime.tracking.params.associations import Association, Cost, Stage, Standing
from numa_runtime.tracking.params.info import param
from numa_runtime.tracking.params.memory import Appearance, Observations
from numa_runtime.tracking.tracker import Tracker

FAMILY = (
    ByteTrackParams(),
    ByteTrackParams(compat="classic"),
    SortParams(),
    OcSortParams(use_byte=True),
    BotSortParams(with_reid=True),
    CBIoUParams(),
    HybridSortParams(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLooksParams(TrackerParams):
    """A tracker of this test's own: near pairs first, then what is left of both may match from farther off."""

    tracker_type: ClassVar[str] = "twolooks"

    near_thresh: float = param(0.3, "first look: limit of the cost 1 - IoU", within=(0, 1))
    far_thresh: float = param(0.9, "second look: limit of the cost 1 - IoU", within=(0, 1))
    double_thresh: float = param(0.15, "a tracked and a lost track nearer than this are one", within=(0, 1))

    def associations(self):
        high = self.high_scores
        return (
            Association(Stage.FIRST, "near look", high, "near_thresh", self.near_thresh, one_pool=True),
            Association(Stage.RECOVERY, "far look", high, "far_thresh", self.far_thresh, one_pool=True),
        )

    @property
    def duplicate_limit(self):
        return self.double_thresh


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamedParams(TrackerParams):
    """ByteTrack once more, under other names."""

    tracker_type: ClassVar[str] = "renamed"

    faint: float = param(0.1, "score above which a detection counts", within=(0, 1))
    low_limit: float = param(0.5, "low detections: limit of the cost 1 - IoU", within=(0, 1))
    new_limit: float = param(0.7, "new tracks: limit of the cost 1 - IoU times score", within=(0, 1))

    def associations(self):
        high = self.high_scores
        low = type(high)("faint", "faint", self.faint, False, self.track_high_thresh)
        return (
            Association(Stage.FIRST, "one", high, "match_thresh", self.match_thresh, True),
            Association(Stage.SECOND, "two", low, "low_limit", self.low_limit),
            Association(Stage.UNCONFIRMED, "three", high, "new_limit", self.new_limit, True),
        )

    @property
    def duplicate_limit(self):
        return 0.15


def shifted(*lefts):
    return [np.array([box(left)]) for left in lefts]


def test_a_tracker_declared_here_runs():
    jump = shifted(100, 100, 100, 120)
    near_only = Tracker(TwoLooksParams(far_thresh=0.0))
    both = Tracker(TwoLooksParams())
    assert [both.update(frame)[:, 4].tolist() for frame in jump] == [[1]] * 4
    assert [near_only.update(frame)[:, 4].tolist() for frame in jump] == [[1]] * 3 + [[]]
    assert (both.born, near_only.born) == (1, 1)  # the second one was not shown yet


def test_near_pairs_match_before_far_ones():
    tracker = Tracker(TwoLooksParams())
    tracker.update(np.array([box(100), box(125)]))
    rows = tracker.update(np.array([box(104), box(115)]))
    assert {int(row[7]): int(row[4]) for row in rows} == {0: 1, 1: 2}


def test_the_same_tracker_is_explained():
    recorder = Recorder(Tracker(TwoLooksParams(far_thresh=0.8)))
    for frame in [*shifted(100, 100, 100), np.zeros((0, 6)), *shifted(120, 138, 172), np.zeros((0, 6))]:
        recorder.update(frame)
    explanation = recorder.explain(1)
    found = the(explanation, "found again")
    assert "The far look matched it: IoU 0.3" in found.text
    assert "more than 0.20 (far_thresh 0.8)" in found.text
    assert [found.figures["stage"], found.figures["far_thresh"]] == ["far look", 0.8]
    assert [(stage.name, stage.limit_name, stage.limit) for stage in recorder.params.associations()] == [
        ("near look", "near_thresh", 0.3),
        ("far look", "far_thresh", 0.8),
    ]


def test_equal_declarations_give_equal_tracks():
    for seed in range(5):
        one, other = Tracker(ByteTrackParams(state="xyah")), Tracker(RenamedParams(state="xyah"))
        for frame in walk(seed):
            rows = np.array(frame, float).reshape(-1, 6)
            assert np.array_equal(one.update(rows), other.update(rows))
        assert one.born > 1


def test_new_tracks_that_no_association_takes_end():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class NeverConfirmed(SortParams):
        def associations(self):
            return (Association(Stage.FIRST, "only", self.high_scores, "match_thresh", self.match_thresh),)

    tracker = Tracker(NeverConfirmed(min_hits=1, ids="born"))
    frames = [np.array([box(100)]), *[np.array([box(100), box(300)])] * 4]
    shown = [tracker.update(frame)[:, 4].tolist() for frame in frames]
    assert shown == [[1]] * 5  # the first frame's is confirmed at once, the other one never
    assert tracker.born > 2


@pytest.mark.parametrize("cost", [Cost.LAST_SEEN, Cost.MOMENTUM, Cost.APPEARANCE])
def test_a_cost_that_compares_with_what_is_not_remembered_is_refused(cost):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Forgetful(SortParams):
        def associations(self):
            return (Association(Stage.FIRST, "only", self.high_scores, "match_thresh", self.match_thresh, cost=cost),)

    with pytest.raises(TrackerError, match="sort does not remember what its only compares with"):
        Tracker(Forgetful())


@pytest.mark.parametrize("params", FAMILY)
def test_an_association_names_the_parameters_its_numbers_come_from(params):
    for association in params.associations():
        assert getattr(params, association.limit_name) == association.limit
        assert getattr(params, association.band.low_name) == association.band.low
    stages = [association.stage for association in params.associations()]
    assert stages == sorted(set(stages))


def test_who_takes_part():
    (only,) = SortParams().associations()
    assert only.takes == frozenset(Standing)
    first, second, new = ByteTrackParams().associations()
    assert (len(first.takes), second.takes, new.takes) == (2, {Standing.TRACKED}, {Standing.UNCONFIRMED})


def test_what_is_remembered():
    assert OcSortParams(delta_t=5, inertia=0.3).memory == Observations(5, 0.3)
    assert BotSortParams(with_reid=True, proximity_thresh=0.4).memory == Appearance(0.4, 0.8)
    assert [params.memory for params in (ByteTrackParams(), SortParams(), BotSortParams())] == [None] * 3
