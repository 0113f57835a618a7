"""From made-up rallies to a benchmark: the commands of docs/how-to/train.md, with smaller numbers."""

import csv
import importlib.util
import json

import pytest
from doc_pages import blocks
from support import ROOT

from numa_deploy.cli.main import main

PAGE, HEADING = ROOT / "docs" / "how-to" / "train.md", "The whole way, on made-up rallies"
MODES = ["data", "data", "train", "val", "export", "val", "export", "data", "track", "benchmark"]
SHORT = {
    "--rallies 16": "3", "--frames": "6", "--imgsz": "64,96", "--epochs": "1",
    "--model multitask-p.yaml": "narrow-n.yaml",
}  # fmt: skip
LONGER = {
    **SHORT, "--rallies 16": "4", "--frames": "40", "--imgsz": "96,160", "--epochs": "24",
}  # fmt: skip
MORE = {
    "train": ["--workers", "0", "--no-export-check", "--device", "cpu"],
    "val": ["--json", "val.json", "--device", "cpu"],
    "benchmark": [  # the artifact that is there already, so that nothing is exported twice
        "--model", "made.onnx", "--formats", "onnx,engine", "--rounds", "1", "--frames", "2", "--device", "cpu",
        "--json", "benchmark.json",
    ],
}  # fmt: skip
ENGINES = any(importlib.util.find_spec(name) for name in ("tensorrt", "tensorrt_rtx", "tensorrt_rtx_bindings"))


def commands(short, more):
    """Return the page's command lines without the program, with other values where `short` says so."""
    (block,) = [one for one in blocks(PAGE) if one.heading == HEADING and one.language == "bash"]
    for program, *words in block.commands:
        assert program == "numa-deploy"
        for at, word in enumerate(words[:-1]):
            words[at + 1] = short.get(word) or short.get(f"{word} {words[at + 1]}") or words[at + 1]
        yield [*words, *more.get(words[0], ())]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a network of an eighth of the channels."""
    for module in ("torch", "lightning_fabric", "faster_coco_eval", "onnx", "onnxscript"):
        pytest.importorskip(module, reason="needs the train, export and eval extras")
    from numa_deploy.network.config.names import find_config

    monkeypatch.chdir(tmp_path)
    path, _ = find_config("multitask-n.yaml")
    text = path.read_text().replace("  n: [0.33, 0.25, 1024]", "  n: [0.33, 0.0625, 512]")
    (tmp_path / "narrow-n.yaml").write_text(text)
    return tmp_path


def run(words, capsys):
    code = main(words)
    out, err = capsys.readouterr()
    if words[0] == "export" and "engine" in words and not ENGINES:
        assert code != 0
        assert "tensorrt" in err
    else:
        assert code == 0, f"{words}: {err}"
    return out


@pytest.mark.slow
def test_some_minutes_teach_something(folder, capsys):
    """Both heads: what the balls and the boxes cost falls to two thirds (seen: 0.55); good figures take hours."""
    for words in list(commands(LONGER, {**MORE, "train": [*MORE["train"], "--val-every", "24"]}))[:4]:
        run(words, capsys)
    with (folder / "runs/train/made/results.csv").open(newline="") as file:
        first, *_, last = csv.DictReader(file)
    for loss in ("train_ball", "train_box", "train_cls", "train_dfl"):
        assert float(last[loss]) < 0.67 * float(first[loss])


def test_the_page_shows_every_step():
    assert [words[0] for words in commands({}, {})] == MODES


def test_the_whole_way(folder, capsys):
    figures = []
    for words in commands(SHORT, MORE):
        out = run(words, capsys)
        if words[0] == "val":
            figures.append(json.loads((folder / "val.json").read_text()))
        if words[0] == "track":
            assert "video.mp4" in out
    assert (folder / "made" / "contact.jpg").is_file()
    assert (folder / "runs" / "data" / "made" / "contact.jpg").is_file()
    assert list(folder.glob("runs/track/**/video*.mp4"))
    checkpoint, artifact = figures
    assert artifact["frames"] == checkpoint["frames"] == 6
    assert artifact["box_map50_95"] == pytest.approx(checkpoint["box_map50_95"], abs=0.01)
    report = json.loads((folder / "benchmark.json").read_text())
    onnx, engine = report["rows"]
    assert (onnx["format"], onnx["status"]) == ("onnx", "ok")
    assert engine["status"] == "ok" or "NVIDIA" in engine["reason"] or "tensorrt" in engine["reason"]
    assert {"box_map50_95", "keypoint_map50_95", "ball_f1"} <= set(onnx)
    assert onnx["ball_f1"] is not None
    assert report["images"] == 6
    assert "mAP50-95 mAP50-95(K) ball F1 delta" in " ".join(out.split())
