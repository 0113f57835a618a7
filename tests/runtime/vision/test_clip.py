"""The window of the last T frames."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.vision.clip import ClipStack


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 10), st.integers(1, 35), st.integers(1, 3))
def test_equals_a_list_of_frames_padded_at_the_front(frames, pushed, channels):
    stack = ClipStack(frames, 2, 3, channels=channels)
    seen = []
    for number in range(pushed):
        plane = np.random.default_rng(number).integers(0, 256, (channels, 2, 3), dtype=np.uint8)
        seen.append(plane)
        window = stack.push(plane)
        wanted = ([seen[0]] * frames + seen)[-frames:]
        assert np.array_equal(window, np.concatenate(wanted))
        assert window.flags.c_contiguous
        assert stack.padded == (number + 1 < frames)


def test_reset_starts_anew():
    stack = ClipStack(3, 1, 1)
    for value in (1, 2, 3, 4):
        stack.push(np.full((1, 1), value, np.uint8))
    assert not stack.padded
    stack.reset()
    assert stack.push(np.full((1, 1), 9, np.uint8)).ravel().tolist() == [9, 9, 9]
    assert stack.padded


def test_the_window_is_a_view_not_a_copy():
    stack = ClipStack(4, 5, 5, dtype=np.float32)
    window = stack.push(np.ones((5, 5), np.float32))
    assert np.shares_memory(window, stack.window)
    assert window.dtype == np.float32
