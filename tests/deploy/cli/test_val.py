import json

import cv2
import numpy as np
import pytest

from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import sample_photos

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")


@pytest.fixture
def labelled(tmp_path):
    """The astronaut, labelled as a person by hand."""
    photo = next(path for path in sample_photos() if path.stem == "astronaut")
    for folder in ("images/val", "labels/val"):
        (tmp_path / folder).mkdir(parents=True)
    image = cv2.imread(str(photo))
    cv2.imwrite(str(tmp_path / "images/val/astronaut.jpg"), image)
    (tmp_path / "labels/val/astronaut.txt").write_text("0 0.42 0.52 0.80 0.95\n")
    (tmp_path / "data.yaml").write_text("path: .\ntrain: images/val\nval: images/val\nnames: [person]\n")
    return tmp_path / "data.yaml"


def test_val_of_the_bundled_model(labelled, tmp_path, capsys):
    assert main(["val", f"data={labelled}", "--json", str(tmp_path / "val.json")]) == 0
    out = capsys.readouterr().out
    assert "mAP50-95" in out
    data = json.loads((tmp_path / "val.json").read_text())
    assert data["images"] == 1
    assert data["box_map50"] > 0.5


def test_pictures_lie_under_project_val_name(labelled, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["val", f"data={labelled}", "--plots", "--name", "x"]) == 0
    err = capsys.readouterr().err
    folder = tmp_path / "runs/val/x"
    left = {file.name for file in folder.iterdir()}
    assert {"BoxPR_curve.png", "BoxF1_curve.png", "Box_scores.png", "confusion_matrix.csv", "worst.jpg"} <= left
    assert f"{len(left)} files in runs/val/x: BoxPR_curve.png, " in err
    assert main(["val", f"data={labelled}", "--plots", "--name", "x"]) == 0
    assert (tmp_path / "runs/val/x-2/worst.jpg").is_file()


def test_a_validation_that_fails_leaves_no_folder(labelled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["val", f"data={labelled}", "split=test", "plots=True"]) == 2
    assert not list(tmp_path.glob("runs/val/*"))


def test_without_plots_nothing_is_written(labelled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["val", f"data={labelled}"]) == 0
    assert not (tmp_path / "runs").exists()


def test_tracks_have_no_pictures(capsys):
    assert main(["val", "task=track", "gt=a", "results=b", "plots=True"]) == 2
    assert "val --task track draws nothing" in capsys.readouterr().err


def test_val_needs_data(capsys):
    assert main(["val"]) == 2
    assert "val needs labelled images" in capsys.readouterr().err


def test_val_of_tracks(tmp_path, capsys):
    rows = [[frame, track, 10 * frame + 200 * track, 50, 40, 80, 1, 1, 1] for frame in range(1, 21) for track in (1, 2)]
    gt = tmp_path / "gt" / "A" / "gt"
    gt.mkdir(parents=True)
    np.savetxt(gt / "gt.txt", rows, "%d", ",")
    results = tmp_path / "results"
    results.mkdir()
    switched = [[r[0], 3 if r[1] == 2 and r[0] > 10 else r[1], *r[2:6], 0.9, -1, -1, -1] for r in rows]
    np.savetxt(results / "A.txt", switched, "%g", ",")
    words = ["val", "task=track", f"gt={tmp_path / 'gt'}", f"results={results}"]
    assert main([*words, "--json", str(tmp_path / "mot.json")]) == 0
    assert "HOTA" in capsys.readouterr().out
    combined = json.loads((tmp_path / "mot.json").read_text())
    text = json.dumps(combined)
    assert '"id_switches": 1' in text
    (results / "A.txt").rename(results / "B.txt")
    assert main(words) == 1
    assert "A has no result" in capsys.readouterr().err


def test_unknown_task(capsys):
    assert main(["val", "task=trak"]) == 2
    assert "did you mean 'track'?" in capsys.readouterr().err
