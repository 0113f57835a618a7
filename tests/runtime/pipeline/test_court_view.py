"""Distances and speeds of objects that move as told over a court seen straight from above."""

import numpy as np
import pytest

from numa_runtime.pipeline.court_view import CourtWatch
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.sinks.jsonl import frame_object
from numa_runtime.sinks.table_csv import table_header, table_lines
from numa_runtime.vision.court.ground import Ground
from numa_runtime.vision.court.sports import court_of
from numa_runtime.vision.draw import Style, draw

SCALE = 20.0  # pixels a metre


def watch():
    w, h = 6.10 * SCALE, 13.40 * SCALE
    return CourtWatch(Ground.of(court_of("badminton"), [(0, 0), (w, 0), (w, h), (0, h)]))


def frame(at, player, ball=None):
    (x, y), balls = player, BallRecords.empty()
    if ball is not None:
        spot = np.array([ball], np.float32) * SCALE
        scores, ids = np.array([0.9], np.float32), np.array([1], np.int64)
        balls = BallRecords(xy=spot, next_xy=spot, conf=scores, cls=np.zeros(1, np.int64), id=ids)
    box = [[x * SCALE - 5, y * SCALE - 20, x * SCALE + 5, y * SCALE]]
    found = Detections.of(box, [0.9], [0]).with_ids(np.array([7]))
    return Results((300, 600), {0: "player"}, found, balls, frame_index=at, timestamp=at / 25)


def test_a_walk_and_a_flight():
    court = watch()
    for at in range(101):
        result = court(frame(at, (1 + 0.04 * at, 6), (3, 2 + 0.08 * at)))
    [spot] = result.court.players
    assert (spot.id, spot.distance) == (7, pytest.approx(4.0, abs=0.4))
    assert result.court.ball.speed == pytest.approx(2.0, rel=1e-3)
    assert court.percentile(0.5) == 7, "2 m/s are 7.2 km/h"
    assert court.to_dict()["court"]["distance_m"] == {"7": round(spot.distance, 2)}
    row = frame_object(result)["court"]
    assert (row["ball"]["speed_kmh"], row["players"][0]["track_id"]) == (7.2, 7)
    assert table_header(result).endswith("court_x_m,court_y_m,distance_m")
    [line] = table_lines(result)
    assert line.split(",")[-2:] == ["6.00", f"{spot.distance:.2f}"]
    court.start()
    assert court(frame(0, (1, 6))).court.players[0].distance == 0.0


def test_trembling_is_no_walk():
    court, rng = watch(), np.random.default_rng(0)
    for at in range(500):
        court(frame(at, 3 + rng.normal(0, 0.05, 2)))
    assert court.distances[7] < 1.0


def test_who_is_far_away_does_not_play_and_a_ball_that_was_lost_has_no_speed():
    court = watch()
    assert court(frame(0, (25, 6), (3, 2))).court.players == ()
    assert court(frame(20, (3, 6), (3, 9))).court.ball.speed is None


def test_the_map_is_drawn_where_a_court_is_watched():
    result, court = frame(0, (3, 6), (3, 2)), watch()
    plain = np.full((300, 600, 3), 128, np.uint8)
    there = draw(court(result), plain, Style()) != draw(result, plain, Style())
    rows, columns = np.nonzero(there.any(axis=2))
    assert len(rows) > 2000
    assert columns.min() > 450
    assert rows.max() < 150
