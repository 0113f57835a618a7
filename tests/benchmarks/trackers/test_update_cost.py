import numpy as np

from numa_benchmarks.trackers.scenes import SceneSpec
from numa_benchmarks.trackers.update_cost import Film, measure
from numa_runtime.tracking import Tracker


class Noting:
    """A tracker that notes when it is made and called."""

    def __init__(self, name, diary):
        self.name, self.diary = name, diary
        diary.append(name.upper())

    def update(self, rows):
        self.diary.append(self.name)
        return np.zeros((0, 8))


def test_trackers_take_turns_and_start_anew_each_time():
    diary, done = [], []
    trackers = {name: (lambda name=name: Noting(name, diary)) for name in "ab"}
    found = measure(trackers, Film.of(SceneSpec(3), 2), 3, lambda *step: done.append(step))
    assert "".join(diary) == "AaaBbb" * 3
    assert done == [(step, 6) for step in range(1, 7)]
    assert [one.tracker for one in found] == ["a", "b"]
    assert all(len(one.tracks) == 2 for one in found)


def test_ours_on_a_small_scene():
    film = Film.of(SceneSpec(20), 30)
    (found,) = measure({"bytetrack": lambda: Tracker("bytetrack")}, film, 2)
    assert found.cost.quiet_ms > 0
    assert found.cost.frames == 20
    assert len(np.unique(np.concatenate(found.tracks)[:, 4])) >= 20
