"""Made-up detections follow the stated model, and every case is tracked, looked back at and scored."""

import json
import sys

import numpy as np
import pytest

import tracker_quality
from numa_benchmarks.labels.mot import MotTable
from tracker_quality import coverage, look_back, simulated

FRAMES = 40
ROWS = [(f, i, 100 + 6 * f, 50 + 200 * i, 40, 100) for f in range(1, FRAMES + 1) for i in (1, 2)]


def people():
    return MotTable.of([r[0] for r in ROWS], [r[1] for r in ROWS], [r[2:] for r in ROWS])


def test_who_stands_behind_is_covered():
    boxes = np.array([[0.0, 0, 10, 20], [5, 5, 15, 25], [50, 0, 60, 20]])
    np.testing.assert_allclose(coverage(boxes), [0.375, 0, 0])
    assert coverage(boxes[:1]).tolist() == [0.0]


def test_simulated_detections_lie_around_the_truth_and_are_repeated():
    one, two = (simulated(people(), np.random.default_rng(7), FRAMES) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    rows = np.concatenate(one)
    real = rows[rows[:, 4] > 0.5]
    assert 0.85 * len(ROWS) < len(real) <= len(ROWS)
    assert np.abs((real[:, 3] - real[:, 1]) - 100).max() < 30
    assert rows[:, 4].min() >= 0.05
    assert rows[:, 4].max() <= 1


def test_a_look_back_fills_what_the_tracker_missed():
    rows = [np.array([[10.0 + i, 10, 50 + i, 90, 1, 0.9, 0, 0]]) for i in range(10)]
    holed = [r if i not in (4, 5) else r[:0] for i, r in enumerate(rows)]
    filled = look_back(holed, tracker_quality.OfflinePass())
    np.testing.assert_allclose(np.concatenate(filled)[:, :5], np.concatenate(rows)[:, :5])


def test_the_table_has_a_row_a_case(tmp_path, monkeypatch, capsys):
    pytest.importorskip("trackeval")
    folder = tmp_path / "walk"
    (folder / "gt").mkdir(parents=True)
    (folder / "gt" / "gt.txt").write_text("".join(",".join(map(str, (*r, 1, 1, 1))) + "\n" for r in ROWS))
    info = f"[Sequence]\nname=walk\nframeRate=25\nseqLength={FRAMES}\nimWidth=800\nimHeight=600\n"
    (folder / "seqinfo.ini").write_text(info)
    words = [
        "--simulate",
        "--trackers",
        "bytetrack,ocsort",
        "--states",
        "xywh,xysr",
        "--outputs",
        "matched",
        "--offline",
    ]
    monkeypatch.setattr(sys, "argv", ["study", str(tmp_path), *words, "--json", str(tmp_path / "out.json")])
    tracker_quality.main()
    assert len(capsys.readouterr().out.splitlines()) == 2 * 2 * 2 * 3
    rows = json.loads((tmp_path / "out.json").read_text())
    assert all(row["hota"] > 60 for row in rows)
    assert {row["case"].split()[0] for row in rows} == {"bytetrack", "ocsort"}
