import pytest

from numa_benchmarks.timing.failure import Failure, Status
from numa_benchmarks.timing.messages import Timed
from numa_benchmarks.timing.turns import Schedule, in_turns


class Recorder:
    """A worker that notes when its turn comes; `fails_at` is the turn at which it crashes."""

    first_result_s = 0.0

    def __init__(self, name, diary, fails_at=None):
        self.name, self.diary, self.fails_at, self.turn = name, diary, fails_at, 0

    def time(self, frames):
        self.diary.append(self.name)
        turn, self.turn = self.turn, self.turn + 1
        if turn == self.fails_at:
            raise Failure(Status.CRASHED, "gone")
        return Timed([0.1] * frames, [float(turn)] * frames, [0.2] * frames)


def test_turns_alternate_and_the_first_round_warms_up():
    diary, done = [], []
    workers = [Recorder(name, diary) for name in "ABC"]
    found = in_turns(workers, Schedule(rounds=3, frames=2), lambda *step: done.append(step))
    assert "".join(diary) == "ABC" * 4
    assert list(found) == ["A", "B", "C"]
    assert all(timed.inference == [1, 1, 2, 2, 3, 3] for timed in found.values())
    assert done == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("fails_at", [0, 1, 3])
def test_one_that_fails_is_out_and_the_others_go_on(fails_at):
    diary = []
    workers = [Recorder("A", diary), Recorder("B", diary, fails_at), Recorder("C", diary)]
    found = in_turns(workers, Schedule(rounds=3, frames=1))
    assert "".join(diary) == "ABC" * (fails_at + 1) + "AC" * (3 - fails_at)
    assert found["B"].status is Status.CRASHED
    assert found["A"].inference == found["C"].inference == [1, 2, 3]


def test_the_frame_is_the_sum_of_its_stages():
    timed = Timed([1, 2], [10, 20], [0.5, 0.5]) + Timed([3], [30], [1])
    assert timed.total == [11.5, 22.5, 34]
