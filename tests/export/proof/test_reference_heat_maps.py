import numpy as np

from numa_export.proof.reference_heat_maps import decode_heat_maps


def disc(height, width, y, x, radius, value=1.0):
    rows, columns = np.indices((height, width)) + 0.5
    return np.where((rows - y) ** 2 + (columns - x) ** 2 <= radius**2, value, 0).astype(np.float32)


def test_a_saturated_disc_is_one_ball_at_its_middle():
    balls = decode_heat_maps(disc(64, 96, 30.5, 41.5, 3)[None, None], (64, 96))["balls"][0, 0]
    np.testing.assert_allclose(balls[0], [41.5, 30.5, 41.5, 30.5, 1, 0], atol=1e-5)
    assert not balls[1:].any()


def test_maps_of_half_the_size_speak_of_the_input_s_pixels():
    balls = decode_heat_maps(disc(32, 48, 10.5, 20.5, 2)[None, None], (64, 96))["balls"][0, 0]
    np.testing.assert_allclose(balls[0, :2], [41, 21], atol=1e-5)


def test_next_is_near_and_sure_or_unknown():
    def second(*balls):
        first = disc(64, 96, 30.5, 40.5, 2)
        then = np.max([disc(64, 96, *ball) for ball in balls], axis=0) if balls else np.zeros_like(first)
        return decode_heat_maps(np.stack([first, then])[None], (64, 96))["balls"][0, 0, 0, 2:4]

    np.testing.assert_allclose(second((30.5, 46.5, 2)), [46.5, 30.5], atol=1e-5)
    np.testing.assert_allclose(second((30.5, 46.5, 2, 0.2)), [40.5, 30.5], atol=1e-5)
    np.testing.assert_allclose(second((30.5, 80.5, 2)), [40.5, 30.5], atol=1e-5)
    np.testing.assert_allclose(second(), [40.5, 30.5], atol=1e-5)
    np.testing.assert_allclose(second((30.5, 44.5, 2, 0.6), (33.5, 37.5, 2)), [37.5, 33.5], atol=1e-5)
