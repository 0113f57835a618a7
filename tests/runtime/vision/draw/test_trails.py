"""The history behind a ball's trail."""

from __future__ import annotations

from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.vision.draw import Trails


def shot(frame, *rows, path="a.mp4", ids=None):
    balls = BallRecords.of([[x, y, 0, 0, score, 0] for x, y, score in rows])
    if ids is not None:
        balls.id[:] = ids
    return Results((100, 100), {}, Detections.empty(), balls, path=path, frame_index=frame)


def xs(trails):
    return [[spot.x for spot in path] for path in trails.paths]


def test_the_best_untracked_ball_of_each_frame_is_kept():
    trails = Trails()
    trails.update(shot(0, (1, 1, 0.5), (2, 2, 0.9)))
    trails.update(shot(1))
    trails.update(shot(2, (3, 3, 0.4)))
    assert xs(trails) == [[2, 3]]


def test_tracked_balls_have_a_trail_each():
    trails = Trails()
    for frame in range(3):
        trails.update(shot(frame, (frame, 0, 0.5), (50 + frame, 0, 0.9), ids=[4, 2]))
    assert sorted(xs(trails)) == [[0, 1, 2], [50, 51, 52]]


def test_old_spots_are_forgotten():
    trails = Trails(length=3)
    for frame in range(6):
        trails.update(shot(frame, (frame, 0, 0.5)))
    assert xs(trails) == [[3, 4, 5]]
    assert [round(trails.age(spot), 2) for spot in trails.paths[0]] == [0.67, 0.33, 0]
    trails.update(shot(20))
    assert trails.paths == []


def test_a_new_path_or_a_step_back_begins_anew():
    trails = Trails()
    trails.update(shot(5, (1, 0, 0.5)))
    trails.update(shot(6, (2, 0, 0.5), path="b.mp4"))
    assert xs(trails) == [[2]]
    trails.update(shot(0, (3, 0, 0.5), path="b.mp4"))
    assert xs(trails) == [[3]]


def test_once_a_ball_has_an_id_the_others_draw_no_trail():
    trails = Trails()
    trails.update(shot(0, (1, 0, 0.9)))
    trails.update(shot(1, (2, 0, 0.9), (70, 0, 0.95), ids=[1, -1]))
    trails.update(shot(2, (80, 0, 0.9), ids=[-1]))
    assert sorted(xs(trails)) == [[1], [2]]
    trails.update(shot(0, (5, 0, 0.9), path="b.mp4"))
    assert xs(trails) == [[5]]
