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
    assert main(["val", f"data={labelled}", "split=test", "plots=True"]) == 1
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


def test_comparing_two_trackers(tmp_path, capsys):
    for name in "ABCD":
        rows = [
            [frame, track, 10 * frame + 200 * track, 50, 40, 80, 1, 1, 1] for frame in range(1, 21) for track in (1, 2)
        ]
        (tmp_path / "gt" / name / "gt").mkdir(parents=True)
        np.savetxt(tmp_path / "gt" / name / "gt" / "gt.txt", rows, "%d", ",")
        for folder, cut in (("good", 30), ("bad", 10)):
            (tmp_path / folder).mkdir(exist_ok=True)
            found = [[r[0], r[1] + 9 * (r[0] > cut), *r[2:6], 0.9, -1, -1, -1] for r in rows]
            np.savetxt(tmp_path / folder / f"{name}.txt", found, "%g", ",")
    words = [
        "val",
        "task=track",
        f"gt={tmp_path / 'gt'}",
        f"results={tmp_path / 'good'}",
        f"compare={tmp_path / 'bad'}",
    ]
    assert main([*words, "--json", str(tmp_path / "mot.json")]) == 0
    out = capsys.readouterr().out
    assert "HOTA better on 4 of 4, +" in out
    assert "with 4 sequences such intervals are somewhat too short" in out
    told = json.loads((tmp_path / "mot.json").read_text())
    assert [each["metric"] for each in told["evidence"]] == ["hota", "mota", "idf1"]
    assert told["evidence"][0]["difference_points"] == pytest.approx(told["hota"] - told["other"]["hota"])
    (tmp_path / "other").mkdir()
    (tmp_path / "bad" / "A.txt").rename(tmp_path / "other" / "A.txt")
    with pytest.raises(SystemExit, match="1"):  # three are missing there: said, and scored on one
        main([*words[:-1], f"compare={tmp_path / 'other'}"])
    assert "without B, C, D, which only one has" in capsys.readouterr().out.replace("\n", " ")


def test_only_tracks_are_compared(capsys):
    assert main(["val", "data=x", "compare=y"]) == 2
    assert "--compare compares tracking results" in capsys.readouterr().err


def test_unknown_task(capsys):
    assert main(["val", "task=trak"]) == 2
    assert "did you mean 'track'?" in capsys.readouterr().err
