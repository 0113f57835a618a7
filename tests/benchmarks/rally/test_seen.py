"""A ball is labelled where it can be seen: through a net, but not behind a player."""

import numpy as np

from numa_benchmarks.rally.seen import PaintedBall


def painted(shade=250.0):
    picture = np.full((30, 40, 3), 60, np.uint8)
    before = picture[10:16, 10:16].copy()
    picture[11:15, 11:15] = int(shade)
    cover = np.zeros((6, 6))
    cover[1:5, 1:5] = 1.0
    none = np.zeros((6, 6), np.bool_)
    return PaintedBall(np.array([13.0, 13]), cover, (10, 10), before, picture[10:16, 10:16].copy(), none), picture


def test_a_ball_in_the_open_is_seen_and_one_painted_over_is_not():
    ball, picture = painted()
    assert not ball.hidden(picture)
    picture[8:20, 8:20] = 90
    assert ball.hidden(picture)


def test_a_ball_of_the_colour_behind_it_is_not_seen():
    ball, picture = painted(62)
    assert ball.hidden(picture)


def test_a_ball_is_seen_through_a_thin_net_and_not_through_a_thick_one():
    for alpha, hidden in ((0.3, False), (0.99, True)):
        ball, picture = painted()
        shown = picture.copy()
        picture[:] = (shown * (1 - alpha) + 20 * alpha).astype(np.uint8)
        assert ball.hidden(picture), "without being told of the net"
        assert ball.veiled(shown, picture, alpha).hidden(picture) is hidden


def test_what_was_hidden_before_the_net_stays_hidden():
    ball, picture = painted()
    picture[8:20, 8:20] = 90
    shown = picture.copy()
    picture[:] = (shown * 0.8).astype(np.uint8)
    assert ball.veiled(shown, picture, 0.2).hidden(picture)
