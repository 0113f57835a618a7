from __future__ import annotations

import json
from pathlib import Path

import pytest

from numa_runtime.sinks.jsonl import frame_object, jsonl_sink


def test_one_object_per_frame(tmp_path: Path, result, balls) -> None:
    sink = jsonl_sink(tmp_path / "a.jsonl")
    sink.write(result(0, 2, ball_records=balls, path="Größe.mp4"), None)
    sink.write(result(1, 0, padded=True), None)
    sink.close()
    text = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert "Größe.mp4" in text
    first, second = (json.loads(line) for line in text.splitlines())
    assert list(first) == ["frame", "timestamp", "path", "speed", "detections", "balls"]
    assert first["speed"] == {"inference": 1.235}
    assert first["detections"][0]["track_id"] == 1
    assert first["detections"][0]["box"] == {"x1": 0.0, "y1": 5.0, "x2": 8.0, "y2": 25.0}
    assert "track_id" not in first["detections"][1]
    assert first["balls"][1] == {
        "x": 10.26,
        "y": 20.0,
        "next_x": 11.0,
        "next_y": 21.0,
        "confidence": pytest.approx(0.9),
        "class": 0,
    }
    assert second == {
        "frame": 1,
        "timestamp": 0.04,
        "path": "clips/match.mp4",
        "speed": {"inference": 1.235},
        "detections": [],
        "balls": [],
        "padded": True,
    }


def test_a_tracked_ball_carries_its_id(result, balls) -> None:
    from dataclasses import replace

    import numpy as np

    tracked = replace(balls, id=np.array([7, -1]))
    rows = frame_object(result(0, 0, ball_records=tracked))["balls"]
    assert [row.get("track_id") for row in rows] == [7, None]


def test_ids_that_ended_are_told_and_only_then(result) -> None:
    from numa_runtime.results import Ended

    assert "ended" not in frame_object(result(0, 1))
    assert frame_object(result(0, 1, ended=Ended.of([3, 9])))["ended"] == {"boxes": [3, 9], "balls": []}
    assert frame_object(result(0, 1, ended=Ended.of([], [2])))["ended"] == {"boxes": [], "balls": [2]}
