import json

import cv2
import pytest
from clips import write_clip
from support import shared_data

from numa_deploy import YOLO
from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import sample_photos
from numa_runtime.errors import UsageError


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def clip(tmp_path):
    picture = cv2.resize(cv2.imread(str(sample_photos()[0])), (320, 240))
    return write_clip(tmp_path / "photo.mp4", 6, picture=lambda _: picture)


def test_track_explains_ids(clip, tmp_path, capsys):
    assert main(["track", f"source={clip}", "explain=1", "json=out.json"]) == 0
    printed = capsys.readouterr().out
    assert "id 1 · " in printed
    assert "frame 1 (0.00 s)  born\n    A detection of score 0." in printed
    assert "runs/track/photo/explain-1/  explain.md  explain.json  2 pictures" in printed
    assert all(len(line) <= 110 for line in printed.splitlines() if line.startswith("    "))
    folder = tmp_path / "runs/track/photo"
    assert {"photo.mp4", "photo.txt", "explain-1"} <= {path.name for path in folder.iterdir()}
    (explained,) = json.loads((tmp_path / "out.json").read_text())["explained"]
    assert (explained["id"], explained["folder"]) == (1, "runs/track/photo/explain-1")


def test_without_other_files_there_is_still_a_folder(clip, tmp_path):
    words = ["--explain", "1", "--no-save", "--no-save-mot", "--no-save-jsonl", "-q"]
    assert main(["track", "-s", str(clip), *words]) == 0
    assert (tmp_path / "runs/track/photo/explain-1/explain.md").is_file()


def test_an_id_that_never_was_is_an_error_after_the_run(clip, tmp_path, capsys):
    assert main(["track", "-s", str(clip), "--explain", "1,99"]) == 1
    assert "error: there is no id 99\n       the ids are 1" in capsys.readouterr().err
    assert (tmp_path / "runs/track/photo/photo.txt").is_file()


def test_all_ids_are_counted(clip, tmp_path, capsys):
    assert main(["track", "-s", str(clip), "--explain", "all", "--json", "out.json"]) == 0
    printed = capsys.readouterr().out
    assert " shown in " in printed
    assert "what one change gives" in printed
    assert "explain-all/  explain.md  explain.json" in printed
    data = json.loads((tmp_path / "out.json").read_text())
    assert data["all_ids"][0]["ids"] == data["ids"]
    assert json.loads((tmp_path / "runs/track/photo/explain-all/explain.json").read_text())["ids"] == data["ids"]


def test_what_is_no_id(clip, capsys):
    assert main(["track", "-s", str(clip), "--explain", "seven"]) == 2
    assert "--explain 'seven' is not a list of ids" in capsys.readouterr().err


def test_the_class_explains(clip):
    model = YOLO()
    with pytest.raises(UsageError, match="no tracking run was remembered"):
        model.explain(1)
    told = model.track(clip, explain=True)
    plain = YOLO().track(clip)
    assert [r.boxes.id.tolist() for r in told] == [r.boxes.id.tolist() for r in plain]
    explanation = model.explain(1)
    assert len(explanation.course.seen) == 6
    assert "seen 6 times · tracked to the last frame" in str(explanation)


@pytest.mark.slow
@pytest.mark.parametrize("tracker", ["bytetrack", "ocsort", "botsort"])
def test_a_street_can_be_explained(tracker, tmp_path):
    source = shared_data("video", "street", "traffic.small.mp4")
    words = ["--tracker", tracker, "--explain", "all,1,2", "--no-save", "--name", "street", "-q", "--json", "out.json"]
    assert main(["track", "-s", str(source), *words]) == 0
    data = json.loads((tmp_path / "out.json").read_text())
    (counted,) = data["all_ids"]
    assert counted["ids"] == data["ids"]
    assert counted["breaks"] > 10
    for explained in data["explained"]:
        folder = tmp_path / explained["folder"]
        drawn = [event for event in explained["events"] if event["event"] in ("lost", "found again", "ended")]
        assert drawn
        assert len(list(folder.glob("*.jpg"))) >= len(drawn)
