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
    return [[spot.x for spot in path] for _, path in trails.balls.paths()]


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
    ((_, path),) = trails.balls.paths()
    assert [round(trails.age(spot, trails.balls), 2) for spot in path] == [0.67, 0.33, 0]
    trails.update(shot(20))
    assert xs(trails) == []


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


def boxes(frame, left, track=4):
    found = Detections.of([[left, 10, left + 10, 50]], [0.9], [0]).with_ids([track])
    return Results((100, 200), {}, found, BallRecords.empty(), path="a.mp4", frame_index=frame)


def test_boxes_have_a_trail_where_one_is_wanted_and_tracks_alone():
    trails, without = Trails(boxes=3), Trails()
    for frame in range(5):
        for one in (trails, without):
            one.update(boxes(frame, 20 * frame))
    assert [(track, [(spot.x, spot.y) for spot in path]) for track, path in trails.boxes.paths()] == [
        (4, [(45, 50), (65, 50), (85, 50)])
    ]
    assert without.boxes.paths() == []
    trails.update(boxes(5, 0, track=-1))
    assert [track for track, _ in trails.boxes.paths()] == [4]
