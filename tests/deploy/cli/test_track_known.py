import json

import pytest
from mot_sources import FRAMES, write_sequence
from tune_scenes import write_sequences

import numa_deploy
from numa_deploy.cli.main import main
from numa_runtime.errors import UsageError


@pytest.fixture
def train(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("A", "B"):
        write_sequence(tmp_path / "train" / name, images=False)
    return tmp_path / "train"


def test_sequences_with_given_detections(train, capsys):
    assert main(["track", f"source={train}", "detections=det/det.txt", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["frames"], told["ids"], told["model"]) == (2 * FRAMES, 4, None)
    assert "detections det/det.txt · bytetrack" in err
    assert sorted(path.name for path in (train.parent / "runs/track/train").iterdir()) == [
        "A.jsonl",
        "A.txt",
        "B.jsonl",
        "B.txt",
    ]


def test_a_model_would_have_nothing_to_do(train, capsys):
    assert main(["track", f"source={train}", "detections=det/det.txt", "model=multitask"]) == 2
    assert "--model would not be used" in capsys.readouterr().err


def test_python_tracks_without_a_model(train):
    results = numa_deploy.track(train / "A", detections="det/det.txt")
    assert [len(result.boxes) for result in results] == [2] * FRAMES
    with pytest.raises(UsageError, match="track without a model needs detections"):
        numa_deploy.track(train / "A")


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_sequences(tmp_path / "train")
    assert main(["track", "source=train", "detections=det/det.txt", "record=recs", "-q"]) == 0
    return tmp_path / "recs"


def test_record_says_how_to_replay(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_sequence(tmp_path / "A")
    words = ["track", "source=A", "detections=det/det.txt", "record=a.numa", "--no-save", "--no-save-mot"]
    assert main([*words, "--no-save-jsonl", "--json", "t.json"]) == 0
    assert "recorded: numa-deploy track --replay a.numa" in capsys.readouterr().out
    told = json.loads((tmp_path / "t.json").read_text())
    assert (told["recordings"], told["files"]) == (["a.numa"], [])
    assert not (tmp_path / "runs").exists()
    assert main(["track", "--replay", "a.numa", "--explain", "1"]) == 0
    out, err = capsys.readouterr()
    assert "recording a.numa · bytetrack" in err
    assert "runs/track/A/explain-1/" in out
    assert main(["inspect", "a.numa", "--json", "i.json"]) == 0
    assert "version 1.1" in capsys.readouterr().out
    assert json.loads((tmp_path / "i.json").read_text())["frames"] == FRAMES
    assert main(["track", "--source", "a.numa"]) == 1
    assert "--replay a.numa" in capsys.readouterr().err


def test_val_tracks_recordings(recorded, capsys):
    pytest.importorskip("trackeval", reason="needs the eval extra")
    assert main(["track", "source=train", "detections=det/det.txt", "tracker=sort", "name=mot", "-q"]) == 0
    assert main(["val", "task=track", "gt=train", "results=runs/track/mot", "--json", "a.json"]) == 0
    assert main(["val", "task=track", "gt=train", f"replay={recorded}", "tracker=sort", "--json", "b.json"]) == 0
    one, two = (json.loads((recorded.parent / name).read_text()) for name in ("a.json", "b.json"))
    assert one["hota"] == two["hota"] > 50
    assert main(["val", "task=track", "gt=train", "results=x", f"replay={recorded}"]) == 2
    assert "compares two folders" in capsys.readouterr().err


def test_tune_searches_on_recordings(recorded, capsys):
    pytest.importorskip("optuna", reason="needs the tune extra")
    words = ["tune", "gt=train", f"replay={recorded}", "trials=3", "folds=0", "output=t.yaml"]
    assert main(words) == 0
    assert "detections recorded" in (recorded.parent / "t.yaml").read_text()
    assert main([*words, "detections=x"]) == 2
    assert "--replay has the detections" in capsys.readouterr().err
