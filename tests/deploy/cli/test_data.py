"""`numa-deploy data`: rallies are made and looked at; what is mistyped is named."""

import json

import pytest

from numa_deploy.cli.main import main

MADE = ["data", "rally", "--rallies", "2", "--frames", "3", "imgsz=64,96", "-o", "made"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fails(capsys, *words, code=2):
    assert main(["data", *words]) == code
    return capsys.readouterr().err


def test_rallies_are_made_and_then_looked_at(capsys, folder):
    assert main([*MADE, "sport=tennis", "--seed", "3", "--json", "made.json"]) == 0
    out = capsys.readouterr().out
    assert "made/  2 rallies (1 train, 1 val), 6 frames" in out
    assert json.loads((folder / "made.json").read_text())["rallies"] == {"train": 1, "val": 1}
    assert main(["data", "check", "made/data.yaml", "--json", "look.json"]) == 0
    out = capsys.readouterr().out
    assert "train: 1 rally, 3 frames" in out
    assert "runs/data/made/contact.jpg  labelled samples, to look at" in out
    told = json.loads((folder / "look.json").read_text())
    assert told["sheet"] == "runs/data/made/contact.jpg"
    assert (folder / told["sheet"]).stat().st_size > 1000
    assert told["splits"]["val"]["rallies"][0]["name"] == "tennis-3-0001"


@pytest.mark.parametrize("words", [["made"], ["data=made"], ["--data", "made"]])
def test_data_is_a_word_of_its_own_or_named(capsys, words):
    assert main([*MADE, "-q"]) == 0
    assert main(["data", "check", *words, "--output", "seen/sheet.png"]) == 0
    assert "seen/sheet.png  labelled samples" in capsys.readouterr().out


def test_strict_fails_where_something_is_suspicious_or_left_out(capsys, folder):
    assert main([*MADE, "-q"]) == 0
    file = next(folder.glob("made/val/*/annotation.json"))
    entries = json.loads(file.read_text())
    entries[1]["Balls"] = [{"X": 500, "Y": 5}]
    file.write_text(json.dumps(entries))
    assert main(["data", "check", "made"]) == 0
    assert "left out: 1 x ball outside the frame" in capsys.readouterr().out
    assert main(["data", "check", "made", "--strict"]) == 1


def test_a_split_that_cannot_be_opened_is_a_failure(capsys, folder):
    assert main([*MADE, "-q"]) == 0
    next(folder.glob("made/val/*/annotation.json")).write_text("[")
    assert main(["data", "check", "made"]) == 1
    assert "val: cannot be opened: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rallye"], "there is no data 'rallye' (did you mean 'rally'?); there is: rally, check, convert"),
        (["rally"], "data rally needs a folder to write to"),
        (["check"], "data check needs labelled data"),
        (["rally", "data.yaml", "-o", "x"], "data rally reads no data"),
        (["convert"], "data convert needs labelled data"),
        (["convert", "made"], "data convert needs a folder to write to"),
        (["convert", "made", "-o", "x", "--to", "voc"], "data is not converted to 'voc'"),
        (["check", "made", "--to", "yolo"], "--to has no meaning in data check"),
        (["check", "made", "--rallies", "3"], "--rallies has no meaning in data check"),
        (["check", "made", "sport=tennis"], "--sport has no meaning in data check"),
        (["rally", "--strict", "-o", "x"], "--strict has no meaning in data rally"),
        (["rally", "-o", "x", "--sport", "tenis"], "did you mean 'tennis'?"),
        (["rally", "-o", "x", "--frames", "0"], "frames is 0; it must be 1 or more"),
    ],
)
def test_what_is_mistyped_is_named(capsys, folder, words, said):
    assert said in fails(capsys, *words)
    assert list(folder.iterdir()) == []


def test_rallies_are_converted(capsys):
    assert main([*MADE, "-q"]) == 0
    assert main(["data", "convert", "made", "to=ball", "-o", "balls", "--json", "-", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["rallies"] == {"train": 1, "val": 1}
    assert main(["data", "convert", "made", "-o", "frames"]) == 0
    assert "frames/  yolo: 1 rally train, 1 rally val, 6 frames" in capsys.readouterr().out


def test_data_that_is_not_there(capsys):
    assert "none.yaml" in fails(capsys, "check", "none.yaml", code=1)


def test_rallies_are_not_written_over(capsys):
    assert main([*MADE, "-q"]) == 0
    assert "made is not empty" in fails(capsys, *MADE[1:])
