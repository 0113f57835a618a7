"""The scripts as a user types them."""

import json
import subprocess
import sys

import pytest
from support import ROOT


def script(name, *words):
    command = [sys.executable, str(ROOT / "benchmarks" / "peers" / name), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_ours_alone_is_a_contest_too(tmp_path):
    pytest.importorskip("trackeval", reason="needs the eval extra")
    words = ["--peers", "numa-deploy", "--objects", "5", "--rounds", "1", "--frames", "12", "--home", str(tmp_path)]
    told = script("track.py", *words, "--json", "-", "--markdown", str(tmp_path / "t.md"))
    assert told.returncode == 0, told.stderr
    (row,) = json.loads(told.stdout)["rows"]
    assert (row["peer"], row["objects"], row["ratio_to_ours"]) == ("numa-deploy", 5, 1.0)
    assert "| numa-deploy |" in (tmp_path / "t.md").read_text()


def test_an_unknown_peer_names_the_nearest():
    told = script("track.py", "--peers", "ultralytic")
    assert told.returncode == 2
    assert "error: there is no peer 'ultralytic' (did you mean 'ultralytics'?)" in told.stderr


def test_quality_needs_a_ground_truth():
    told = script("track.py", "--peers", "numa-deploy", "--second-half")
    assert told.returncode == 2
    assert "error: there is nothing to score without --gt" in told.stderr


def test_quality_without_timing(tmp_path):
    pytest.importorskip("trackeval", reason="needs the eval extra")
    (tmp_path / "walk" / "gt").mkdir(parents=True)
    (tmp_path / "walk" / "det").mkdir()
    boxes = [f"{frame},1,{3 * frame},10,40,90" for frame in range(1, 11)]
    (tmp_path / "walk" / "gt" / "gt.txt").write_text("\n".join(f"{box},1,1,1" for box in boxes))
    (tmp_path / "walk" / "det" / "det.txt").write_text("\n".join(f"{box},0.9,-1,-1,-1" for box in boxes))
    told = script("track.py", "--peers", "numa-deploy", "--objects", "--gt", str(tmp_path), "--json", "-")
    assert told.returncode == 0, told.stderr
    figures = json.loads(told.stdout)
    assert figures["rows"] == []
    (row,) = figures["quality"]["rows"]
    assert (row["peer"], row["mota"]) == ("numa-deploy", 100.0)


@pytest.mark.parametrize("name", ["onnx_export.py", "train_step.py"])
def test_without_their_environment_the_contests_say_what_to_do(tmp_path, name):
    told = script(name, "--home", str(tmp_path))
    assert told.returncode == 1
    assert "error: unavailable: not installed: run with --setup first" in told.stderr


def test_a_file_has_a_name():
    told = script("onnx_export.py", "--file", "mine.onnx")
    assert told.returncode == 2
    assert "'mine.onnx' is not NAME=FILE with a file that is there" in told.stderr
