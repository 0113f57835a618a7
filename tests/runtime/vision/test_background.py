import numpy as np

from numa_runtime.vision.background import MOST_SAMPLES, Background


def planes(count, size=(8, 40)):
    """A calm picture of 50 with a bright column that moves on by one each frame."""
    found = np.full((count, 1, *size), 50, np.uint8)
    for t, plane in enumerate(found):
        plane[..., t % size[1]] = 250
    return found


def test_what_moves_is_gone_from_the_third_frame_on():
    background = Background(1, (8, 40))
    for t, plane in enumerate(planes(200)):
        still = background.push(plane)
        assert t < 2 or (still == 50).all(), t


def test_the_samples_are_few_and_spread_over_all_that_was_seen():
    background = Background(1, (1, 1))
    for value in range(200):
        still = background.push(np.full((1, 1, 1), value, np.uint8))
        assert 0.3 * value - 1 <= still.item() <= 0.6 * value + 1, value
        assert len(background._samples) < MOST_SAMPLES


def test_the_memory_of_the_caller_is_not_kept():
    background, plane = Background(1, (1, 1)), np.zeros((1, 1, 1), np.uint8)
    background.push(plane)
    plane[:] = 255
    assert background.push(plane).item() == 0


def test_a_new_video_starts_afresh():
    background = Background(1, (8, 40))
    for plane in planes(20):
        background.push(plane)
    background.reset()
    assert (background.push(np.full((1, 8, 40), 7, np.uint8)) == 7).all()
