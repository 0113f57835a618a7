"""`numa-deploy tune` from folders to a YAML that tracks."""

import json
import re
import sys

import numpy as np
import pytest
from tune_scenes import write_sequences

from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import sample_clip
from numa_runtime.installing import pip_line
from numa_runtime.tracking import Tracker

pytest.importorskip("optuna", reason="needs the tune extra")
pytest.importorskip("trackeval", reason="needs the tune extra")


@pytest.fixture
def train(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_sequences(tmp_path / "train")


def test_from_folders_to_a_tracker(train, tmp_path, capsys):
    words = ["tune", f"gt={train}", "trials=12", "folds=3", "output=my.yaml", "--json", "tune.json"]
    assert main(words) == 0
    out = capsys.readouterr().out
    for word in ("bytetrack tuned for HOTA on 3 sequences", "not seen while tuning (3 folds)", "wrote my.yaml"):
        assert word in out
    data = json.loads((tmp_path / "tune.json").read_text())
    assert data["output"] == "my.yaml"
    assert data["gain_points"] > 1
    assert data["unseen_gain_points"] > 0
    changed = {change["name"]: change["tuned"] for change in data["changes"] if change["tuned"] != change["default"]}
    params = Tracker(tmp_path / "my.yaml").params
    assert changed == {name: getattr(params, name) for name in changed}
    assert "detections given" in (tmp_path / "my.yaml").read_text()


def test_json_to_standard_output(train, capsys):
    words = [
        "tune",
        "--gt",
        str(train),
        "--trials",
        "3",
        "--metric",
        "IDF1",
        "--holdout",
        "b",
        "--second-half",
        "--json",
        "-",
    ]
    assert main([*words, "--params", "new_track_thresh,match_thresh"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["metric"] == "idf1"
    assert data["sequences"] == ["a", "c"]
    assert data["frames"] == 58
    assert data["unseen_how"] == "held out"
    assert {change["name"] for change in data["changes"]} == {"new_track_thresh", "match_thresh"}


def test_a_model_detects_once(train, tmp_path, capsys):
    """The bundled detector on the bundled clip, whose first frames are labelled by hand here."""
    gt = tmp_path / "mine" / "gt"
    gt.mkdir(parents=True)
    np.savetxt(gt / "gt.txt", [[frame, 1, 100 + frame, 100, 60, 120, 1, 1, 1] for frame in range(1, 9)], "%d", ",")
    words = ["tune", "--gt", "mine", "--source", str(sample_clip()), "--trials", "2", "--folds", "0"]
    assert main(words) == 0
    assert len(list((tmp_path / "runs" / "tune" / "detections").glob("*.npz"))) == 1
    assert "detections from" not in capsys.readouterr().err
    assert main(words) == 0
    assert "detections from runs/tune/detections/" in capsys.readouterr().err
    tuned = (tmp_path / "bytetrack-tuned.yaml").read_text()
    assert "detections yolox-nano.onnx" in tuned
    assert re.search(r"^new_track_thresh: (0\.6|.* # was 0\.6)$", tuned, re.MULTILINE)  # it began with the contract's


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ([], 2, "tune needs labelled clips"),
        (["gt=nowhere"], 1, "nowhere is not a folder"),
        (["gt=train", "detections=nothing"], 1, "a has no detections"),
        (["gt=train", "metric=hotta"], 2, "there is no metric 'hotta' to tune for (did you mean 'hota'?)"),
        (["gt=train", "tracker=bitetrack"], 1, "there is no tracker 'bitetrack'"),
        (["gt=train", "params=match_tresh"], 2, "'match_tresh' is not a parameter that can be tuned"),
        (["gt=train", "holdout=d"], 2, "--holdout d: there is no such sequence"),
        (["gt=train", "trials=0"], 2, "trials is 0"),
        (["gt=train", "detections=train", "model=x.onnx"], 2, "--detections and --model or --source exclude"),
        (["gt=train", "trails=5"], 2, "tune has no setting 'trails'"),
    ],
)
def test_what_is_wrong_is_said(train, capsys, words, code, sentence):
    assert main(["tune", *words]) == code
    assert sentence in capsys.readouterr().err


def test_a_missing_extra_is_named(train, capsys, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("numa_benchmarks.tune")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert main(["tune", f"gt={train}"]) == 1
    err = capsys.readouterr().err
    assert "tuning a tracker needs the package optuna" in err
    assert pip_line("tune") in err
