import json

import pytest
from mot_sources import FRAMES, write_sequence

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
