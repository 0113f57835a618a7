import pytest

from numa_runtime.errors import TrackerError
from numa_runtime.tracking.balls.clock import FrameClock


def test_without_timestamps_every_frame_is_one():
    clock = FrameClock(30)
    assert [clock.advance(None) for _ in range(3)] == [1, 1, 1]
    assert (clock.frames, clock.now, clock.step) == (3, 3, 1)


def test_timestamps_count_nominal_frames_and_the_usual_step_survives_a_pause():
    clock = FrameClock(30)
    for time in (7.0, 7.04, 7.08, 7.12, 9.12, 9.16):
        clock.advance(time)
    assert clock.now == pytest.approx(1 + 2.16 * 30)
    assert clock.step == pytest.approx(1.2)


def test_looking_ahead_changes_nothing():
    clock = FrameClock(30)
    clock.advance(1.0)
    assert clock.passed(2.0) == 30
    assert (clock.frames, clock.now) == (1, 1.0)


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        (1.0, 0.5, "time runs backwards: timestamp 0.5 after 1"),
        (1.0, float("nan"), "timestamp nan is not a time in seconds"),
        (-1.7e308, 1.7e308, "timestamp 1.7e+308 lies infinitely far after -1.7e+308"),
        (1.0, None, "frame 2 has timestamp none, but the frames before it did the opposite"),
        (None, 3.0, "frame 2 has timestamp 3, but the frames before it did the opposite"),
    ],
)
def test_times_that_cannot_be_meant(before, now, sentence):
    clock = FrameClock(30)
    clock.advance(before)
    with pytest.raises(TrackerError) as error:
        clock.advance(now)
    assert error.value.what == sentence
    assert error.value.hint
    assert clock.frames == 1
