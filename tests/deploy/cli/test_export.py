"""export and info from the command line, on the bundled detector and a small network."""

import json

import pytest

from numa_deploy.cli.main import main
from numa_deploy.yolo.bundled import asset
from numa_runtime.sessions.describe import describe

pytest.importorskip("onnx", reason="needs the export extra")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_bundled_detector_becomes_openvino(tmp_path, capsys):
    pytest.importorskip("openvino", reason="needs the openvino extra")
    words = ["model=yolox-nano", "format=openvino", f"output={tmp_path}", "--json", "report.json"]
    assert main(["export", *words]) == 0
    out = capsys.readouterr().out
    assert "proof" in out
    folder = tmp_path / "yolox-nano_openvino_model"
    assert describe(folder).contract_origin == "numa"
    assert main(["check", str(folder)]) == 0
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["format"] == "openvino"


def test_what_is_made_of_a_bundled_model_lies_here_and_not_in_the_package(tmp_path):
    for package in ("torch", "onnxscript"):
        pytest.importorskip(package, reason="needs the train extra")
    before = {path: path.stat().st_mtime_ns for path in asset("").rglob("*")}
    assert main(["export", "--quiet"]) == 0
    assert main(["check", "multitask-p.onnx"]) == 0
    assert {path: path.stat().st_mtime_ns for path in asset("").rglob("*")} == before


def test_a_network_becomes_onnx_and_runs(tmp_path, capsys):
    pytest.importorskip("torch", reason="needs the train extra")
    assert main(["export", "--model", "yolov8n.yaml", "--imgsz", "64", "96", "-o", "small.onnx", "-q"]) == 0
    card = describe(tmp_path / "small.onnx")
    assert [tuple(i.shape) for i in card.inputs] == [(1, 3, 64, 96)]
    assert main(["check", "small.onnx"]) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["format=onx"], "did you mean 'onnx'?"),
        (["format=onnx", "target=sm89"], "format onnx does not take target"),
        (["format=onnx", "opset=16"], "opset 16 is refused"),
    ],
)
def test_what_cannot_be_meant(words, sentence, capsys):
    assert main(["export", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_checkpoint(capsys):
    assert main(["export", "model=best.pt"]) == 1
    assert "best.pt does not exist" in capsys.readouterr().err


def test_info_counts_a_network(capsys):
    pytest.importorskip("torch", reason="needs the train extra")
    assert main(["info", "yolov8n.yaml"]) == 0
    assert "3,157,200 parameters" in capsys.readouterr().out
    assert main(["info", "match.mp4"]) == 2
    assert "numa-deploy inspect match.mp4" in capsys.readouterr().err
