"""The simulated head, and that its next position is worth having."""

import json

import numpy as np
import pytest
from support import shared_data

import ball_following
from ball_following import HEADS, Sight, follow, make_flight, measure, read_flight, simulate

GOOD, FAIR = HEADS[:2]


def test_a_made_flight_moves_like_a_measured_one():
    steps, gaps = [], []
    for seed in range(10):
        xy = make_flight(seed).xy
        step = np.hypot(*np.diff(xy, axis=0).T)
        steps += step[np.isfinite(step)].tolist()
        gaps.append(np.isnan(xy[:, 0]).mean())
    assert 3 < np.median(steps) < 8
    assert 10 < np.percentile(steps, 90) < 16
    assert 25 < np.percentile(steps, 99) < 45
    assert 0.01 < np.mean(gaps) < 0.2


def test_the_head_gives_its_best_five_and_only_full_sight_knows_what_comes():
    flight = make_flight(0)
    far = {}
    for sight in (Sight.FULL, Sight.BLIND):
        away = []
        for k, (rows, _) in enumerate(simulate(flight, GOOD, 0, sight)):
            assert rows.shape[1] == 6
            assert len(rows) <= 5
            if k + 1 < len(flight.xy) and np.isfinite(flight.xy[k : k + 2]).all() and len(rows):
                ball = rows[np.hypot(*(rows[:, :2] - flight.xy[k]).T).argmin()]
                if np.hypot(*(ball[:2] - flight.xy[k])) < 3:
                    away.append(np.hypot(*(ball[2:4] - flight.xy[k + 1])))
        far[sight] = np.percentile(away, 97)
    assert far[Sight.FULL] < 5
    assert far[Sight.BLIND] > 12


def test_looking_back_tells_of_the_frame_before():
    flight = make_flight(1)
    away = [
        np.hypot(*(before[0, :2] - flight.xy[k - 1]))
        for k, (_, before) in enumerate(simulate(flight, GOOD, 0, Sight.BACK))
        if len(before)
    ]
    assert len(away) > 200
    assert np.median(away) < 2


def test_the_next_position_is_worth_having():
    flights = [make_flight(seed) for seed in range(3)]
    for head in (GOOD, FAIR):
        none, back, full = (measure(flights, head, 3, sight) for sight in (Sight.NONE, Sight.BACK, Sight.FULL))
        assert full.switches < 0.7 * none.switches
        assert back.switches < none.switches
        assert full.covered > none.covered
        assert full.error_px < none.error_px < none.detection_px


def test_a_perfect_head_loses_nothing():
    perfect = ball_following.Head("perfect", 0.1, 0.1, 0.0, 0.0, 0.0, 0.0)
    counts = follow(make_flight(3), perfect, 0, Sight.FULL)
    assert counts["identities"] == counts["born"] == 1
    assert counts["switches"] == counts["false"] == 0
    assert counts["covered"] >= counts["visible"] - 2


def test_labels_are_read_in_all_their_units(tmp_path):
    path = tmp_path / "a.csv"
    for header, lines in (
        ("Frame,Ball,x,y", ["0,1,0.5,0.25", "1,0,-1.000,-1.000"]),
        ("Frame,Visibility,X,Y", ["0,1,640,180", "1,0,0,0"]),
    ):
        path.write_text("\n".join([header, *lines]) + "\n")
        xy = read_flight(path).xy
        assert xy[0].tolist() == [320, 90]
        assert np.isnan(xy[1]).all()


def test_prints_and_writes_a_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["ball_following", "--rounds", "1", "--json", str(tmp_path / "a.json")])
    ball_following.main()
    rows = json.loads((tmp_path / "a.json").read_text())["rows"]
    assert [(row["head"], row["sight"]) for row in rows] == [(h.name, str(sight)) for h in HEADS for sight in Sight]
    assert len(capsys.readouterr().out.splitlines()) == len(rows) + 1


@pytest.mark.parametrize("folder", ["badminton", "volleyball"])
def test_real_flights_are_followed(folder):
    flights = [read_flight(path) for path in sorted(shared_data("video", folder).glob("*.csv"))]
    none, full = (measure(flights, FAIR, 5, sight) for sight in (Sight.NONE, Sight.FULL))
    assert full.switches <= none.switches
    assert full.covered > 0.8 if folder == "badminton" else full.covered > 0.6
