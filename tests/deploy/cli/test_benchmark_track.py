"""`numa-deploy benchmark --task track` on scenes of seconds, and on a sequence of the user's."""

import json

import numpy as np
import pytest
from mot_files import write_mot

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.trackers.scenes import SceneSpec
from numa_deploy.cli.main import main

pytest.importorskip("trackeval", reason="needs the eval extra")
TINY = ["--objects", "5,20", "--crowd", "15", "--rounds", "2", "--frames", "12", "--soak-frames", "50"]


def test_every_tracker_gets_its_rows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["benchmark", "task=track", "tracker=bytetrack", *TINY, "--json", "t.json", "--markdown", "t.md"]
    assert main([*words, "--strict"]) == 0
    out, err = capsys.readouterr()
    assert "crowd 15 objects: 2 rounds of 12 frames" in err
    assert "RSS MB" in out
    data = json.loads((tmp_path / "t.json").read_text())
    assert [(row["world"], row["objects"]) for row in data["rows"]] == [("open", 5), ("open", 20), ("crowd", 15)]
    for row in data["rows"]:
        assert 0 < row["track_ms_quiet"] <= row["track_ms_p99"]
        assert row["truth_ids"] == row["objects"]
        assert row["mota"] > 80
    (memory,) = data["memory"]
    assert (memory["frames"], memory["status"]) == (50, "ok")
    assert data["growth"] == data["sequences"] == []
    assert "| bytetrack | open | 5 |" in (tmp_path / "t.md").read_text()


def test_the_users_sequences_are_tracked_again(tmp_path, capsys):
    frames = SceneSpec(8).take(20)
    for kind, tables in (
        ("gt/film/gt/gt.txt", [np.column_stack([frame.ids, frame.boxes, np.ones(8)]) for frame in frames]),
        (
            "det/film.txt",
            [np.column_stack([np.full(len(f.detections), -1), f.detections[:, :5]]) for f in frames],
        ),
    ):
        rows = np.concatenate(tables)
        number = np.repeat(np.arange(1, 21), [len(table) for table in tables])
        ltwh = np.hstack([rows[:, 1:3], rows[:, 3:5] - rows[:, 1:3]])
        write_mot(tmp_path / kind, MotTable.of(number, rows[:, 0], ltwh, conf=rows[:, 5]))
    folders = ["--gt", str(tmp_path / "gt"), "--detections", str(tmp_path / "det")]
    words = ["benchmark", "--task", "track", "--tracker", "bytetrack", "--objects", "0", "--crowd", "0"]
    assert main([*words, "--soak-frames", "0", *folders, "--json", str(tmp_path / "t.json")]) == 0
    data = json.loads((tmp_path / "t.json").read_text())
    assert [row["name"] for row in data["sequences"]] == ["film", "COMBINED"]
    assert data["sequences"][1]["frames"] == 20
    assert data["sequences"][1]["mota"] > 80
    assert data["sequences"][1]["track_ms_p50"] > 0
    assert data["rows"] == data["memory"] == []
    assert main([*words, "--soak-frames", "0", *folders, "--second-half", "--json", str(tmp_path / "h.json")]) == 0
    assert json.loads((tmp_path / "h.json").read_text())["sequences"][1]["frames"] == 9
    assert "film" in capsys.readouterr().out


def test_a_tracker_may_be_a_file_of_ones_own(tmp_path, capsys):
    mine = tmp_path / "mine.yaml"
    mine.write_text("tracker_type: bytetrack\nnew_track_thresh: 0.99\n")
    words = ["--task", "track", "--tracker", f"bytetrack,{mine}", "--objects", "10", "--crowd", "0", "--frames", "12"]
    assert main(["benchmark", *words, "--rounds", "1", "--soak-frames", "20", "--json", str(tmp_path / "t.json")]) == 0
    data = json.loads((tmp_path / "t.json").read_text())
    usual, own = data["rows"]
    assert own["tracker"] == str(mine)
    assert own["result_ids"] < usual["result_ids"]
    assert data["memory"][1]["status"] == "ok"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--task", "trak"], "benchmark has no task 'trak' (did you mean 'track'?)"),
        (["--tracker", "bytetrack"], "--tracker has no meaning in benchmark --task detect"),
        (["--task", "track", "--formats", "onnx"], "--formats has no meaning in benchmark --task track"),
        (["--task", "track", "--device", "cuda"], "--device has no meaning in benchmark --task track"),
        (["--task", "track", "--tracker", "bytetrak"], "there is no tracker 'bytetrak' (did you mean 'bytetrack'?)"),
        (["--task", "track", "--objects", "ten"], "--objects: 'ten' is not a number of objects"),
        (["--task", "track", "--gt", "nowhere"], "nowhere is not a folder"),
        (["--task", "track", "--detections", "x"], "--detections needs the truth"),
    ],
)
def test_mistakes_are_sentences(words, sentence, capsys):
    assert main(["benchmark", *words]) != 0
    assert sentence in capsys.readouterr().err


def test_it_does_not_warn_about_its_own_scenes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["benchmark", "task=track", "tracker=botsort", *TINY]
    assert main(words) == 0
    assert "warning" not in capsys.readouterr().err
