"""A command that cannot write where it was told names the place, and only flags that it has itself."""

import re

import numpy as np
import pytest
import typer

from numa_deploy.cli.main import app, main
from numa_deploy.yolo.bundled import default_model

WRITES = ("--json", "--output")


def files(folder):
    """A command may read any of these; returns the words each command needs besides the flag under test."""
    (folder / "gt/A/gt").mkdir(parents=True)
    (folder / "results").mkdir()
    rows = [[frame, 1, 10 * frame, 50, 40, 80, 1, 1, 1] for frame in range(1, 4)]
    for path in ("gt/A/gt/gt.txt", "results/A.txt"):
        np.savetxt(folder / path, rows, "%d", ",")
    return {
        "adopt": ["theirs.onnx", "--family", "yolox"],
        "check": [str(default_model())],
        "data": ["rally", "--rallies", "1", "--frames", "2", "--imgsz", "64,96", "--output", "made"],
        "doctor": [],
        "export": ["--format", "onnx", "--output", "ours.onnx"],
        "import": ["best.pt"],
        "info": ["yolov8n.yaml"],
        "inspect": [str(default_model())],
        "val": ["--task", "track", "--gt", "gt", "--results", "results"],
        "warmup": [],
    }


def flags_of(command):
    return {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}


COMMANDS = {name: flags_of(command) for name, command in typer.main.get_command(app).commands.items()}
WITHOUT_PROJECT = [
    (name, flag) for name, flags in COMMANDS.items() if "--project" not in flags for flag in WRITES if flag in flags
]


def test_there_are_commands_of_either_kind():
    assert {"inspect", "doctor", "export"} <= {name for name, _ in WITHOUT_PROJECT} < set(COMMANDS)


@pytest.mark.parametrize(("name", "flag"), WITHOUT_PROJECT)
def test_a_command_names_no_flag_it_does_not_have(name, flag, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = files(tmp_path)[name]
    if name == "adopt":
        pytest.importorskip("onnx", reason="needs the export extra")
        import tiny_onnx

        tiny_onnx.save(tiny_onnx.yolox(), tmp_path / "theirs.onnx")
    if name == "import":
        pytest.importorskip("torch", reason="needs the train extra")
        import foreign_files

        foreign_files.write_foreign(tmp_path / "best.pt", *foreign_files.tiny("yolov8n"))
    if name == "export":
        pytest.importorskip("onnx", reason="needs the export extra")
    if name == "info":
        pytest.importorskip("torch", reason="needs the train extra")
    if name == "val":
        pytest.importorskip("trackeval", reason="needs the eval extra")
    if name == "warmup":
        monkeypatch.setattr("numa_runtime.pipeline.warming.warm_up", lambda *_, **__: [])
    (tmp_path / "taken").write_text("a file")
    suffix = ".json" if flag == "--json" else ".pt" if name == "import" else ".onnx"
    assert main([name, *words, flag, f"taken/x{suffix}"]) == 1
    said = capsys.readouterr().err
    assert f"taken/x{suffix}: a file is in the way where a folder is needed" in said
    assert set(re.findall(r"--[a-z-]+", said)) <= COMMANDS[name]
