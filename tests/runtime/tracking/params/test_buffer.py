"""The buffer, in the unit it was given in."""

from numa_runtime.tracking.params import ByteTrackParams
from numa_runtime.tracking.params.buffer import Buffer


def test_the_parameter_that_was_given_is_named():
    assert ByteTrackParams(track_buffer=20).buffer == Buffer("track_buffer", 20, in_seconds=False)
    assert ByteTrackParams(track_buffer_s=2.0).buffer == Buffer("track_buffer_s", 2.0, in_seconds=True)


def test_units():
    frames, seconds = Buffer("track_buffer", 20, in_seconds=False), Buffer("track_buffer_s", 2.0, in_seconds=True)
    assert (frames.frames(25), frames.seconds(25)) == (20, 0.8)
    assert (seconds.frames(25), seconds.seconds(25)) == (50, 2.0)


def test_a_value_that_lasts_long_enough():
    assert Buffer("track_buffer", 20, in_seconds=False).lasting(31.2, 30) == 32
    assert Buffer("track_buffer_s", 1.0, in_seconds=True).lasting(31, 30) == 1.1
