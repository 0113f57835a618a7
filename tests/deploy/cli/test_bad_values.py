"""Whatever is typed for whatever option: an answer, or one sentence about it; never "a fault of numa-deploy"."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from tiny_models import detect_spec, tiny_onnx

from numa_deploy.cli.main import app, main
from numa_runtime.contract import SPEC_KEY, spec_to_json

VALUES = (
    "",
    "-1",
    "3.7",
    "nan",
    "inf",
    "1" * 20,
    "folder",
    "/no/such/thing",
    "binary",
    "🦄" * 80,
    "~nosuchuser/x",
    "[",
)
RUNS = {
    "predict": ["--model", "tiny.onnx", "--source", "small.jpg"],
    "track": ["--model", "tiny.onnx", "--source", "small.jpg"],
    "val": ["--model", "tiny.onnx", "--data", "data.yaml"],
    "tune": ["--gt", "gt", "--trials", "1", "--folds", "0"],
    "benchmark": ["--model", "tiny.onnx", "--data", "data.yaml"],
    "export": ["--model", "tiny.onnx"],
    "adopt": ["tiny.onnx", "--family", "yolox"],
    "inspect": ["tiny.onnx"],
    "info": ["tiny.onnx"],
    "check": ["tiny.onnx"],
    "data": ["rally", "--rallies", "1", "--frames", "1", "--imgsz", "64", "--output", "made"],
    "doctor": [],
}
NEEDS = {"tune": "optuna", "val": "faster_coco_eval", "export": "onnx", "adopt": "onnx"}
LEFT_OUT = {("tune", "trials"), ("tune", "device"), ("tune", "source"), ("tune", "model")}
"""What these ask for takes long and is no mistake; the same options are tried in other modes."""


def options():
    for mode, command in typer.main.get_command(app).commands.items():
        for parameter in command.params:
            takes = not getattr(parameter, "is_flag", False) and parameter.name != "help"
            if mode in RUNS and takes and (mode, parameter.name) not in LEFT_OUT:
                yield pytest.param(mode, parameter, id=f"{mode}-{parameter.name}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Small things that each mode really runs on."""
    root = tmp_path_factory.mktemp("bad")
    (root / "folder").mkdir()
    (root / "binary").write_bytes(bytes(range(256)) * 20)
    spec = detect_spec()
    outputs = {output.name: output.shape for output in spec.outputs}
    door = (1, spec.input.planes, spec.input.height, spec.input.width)
    tiny_onnx(root / "tiny.onnx", outputs, shape=door, dtype=spec.input.dtype, metadata={SPEC_KEY: spec_to_json(spec)})
    for name in ("images/val", "labels/val", "gt/A/gt", "gt/A/det"):
        (root / name).mkdir(parents=True)
    for name in ("small.jpg", "images/val/a.jpg"):
        cv2.imwrite(str(root / name), np.full((48, 64, 3), 90, np.uint8))
    (root / "labels/val/a.txt").write_text("0 .5 .5 .2 .2\n")
    (root / "data.yaml").write_text("path: .\nval: images/val\nnames: [player]\n")
    rows = [[frame, 1, 10 * frame, 50, 40, 80, 1, 1, 1] for frame in range(1, 4)]
    for name in ("gt/A/gt/gt.txt", "gt/A/det/det.txt"):
        np.savetxt(root / name, rows, "%d", ",")
    return root


@pytest.fixture(autouse=True)
def _there(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("numa_benchmarks.formats.format_benchmark.run_format_benchmark", lambda *_, **__: ())
    monkeypatch.setattr("numa_benchmarks.formats.format_report.FormatReport.measured", True)


@pytest.mark.parametrize(("mode", "parameter"), list(options()))
def test_a_bad_value_is_told(mode, parameter, capsys):
    if mode in NEEDS:
        pytest.importorskip(NEEDS[mode], reason="needs an extra")
    for value in VALUES:
        words = list(RUNS[mode])
        if parameter.param_type_name == "argument":
            words[0] = value
        else:
            flag = next(flag for flag in parameter.opts if flag.startswith("--"))
            if flag in words:
                del words[words.index(flag) : words.index(flag) + 2]
            words += [flag, value]
        code = main([mode, *words])
        heard = capsys.readouterr().err
        assert "fault of numa-deploy" not in heard, (words, heard)
        assert code in (0, 1, 2)
        assert code == 0 or "error: " in heard, words


def test_every_option_of_every_mode_was_tried():
    tried = {param.values[0] for param in options()}
    assert tried == set(RUNS)
    assert len(list(options())) > 100


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ("predict max_det=99999999999999999999", 2, "max_det is 1e+20; it must be 2147483647 or less"),
        ("predict imgsz=100000", 2, "imgsz='100000' is too large: 16384 pixels is the most"),
        ("predict source=~nosuchuser/x.jpg", 1, "there is no home folder of ~nosuchuser here"),
        ("predict project=~nosuchuser/x", 1, "there is no home folder of ~nosuchuser here"),
        ("predict --json .", 1, ".: this is a folder, and a file is to be written"),
        ("doctor --json folder", 1, "folder: this is a folder, and a file is to be written"),
        ("doctor --json small.jpg/x.json", 1, "small.jpg/x.json: a file is in the way where a folder is needed"),
        ("benchmark --markdown folder", 1, "folder: this is a folder, and a file is to be written"),
        ("tune --gt gt --output folder", 1, "folder: this is a folder, and a file is to be written"),
        ("track track_high_thresh=2", 2, "track_high_thresh=2.0 is not a number from 0 to 1"),
        ("track --set foo=1", 2, "no tracker has a parameter 'foo'"),
        ("predict line_width=1e9", 2, "line_width is 1e+09; it must be 1000 or less"),
    ],
)
def test_the_reason_is_the_real_one(words, code, sentence, capsys, folder):
    mode, *rest = words.split()
    given = {word.partition("=")[0].strip("-") for word in rest}
    base = [] if mode in ("doctor", "tune") else RUNS[mode]
    words = [word for at in range(0, len(base), 2) if base[at].strip("-") not in given for word in base[at : at + 2]]
    before = sorted(path.name for path in folder.iterdir())
    assert main([mode, *rest, *words]) == code
    assert sentence in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before  # nothing was begun


def test_a_folder_one_may_not_enter(capsys, folder, monkeypatch):
    exists = Path.exists

    def refuse(self, *words, **options):
        if "shut" in str(self):
            raise PermissionError(13, "Permission denied", str(self))
        return exists(self, *words, **options)

    monkeypatch.setattr(Path, "exists", refuse)
    assert main(["predict", "--source", "shut/x.jpg"]) == 1
    heard = capsys.readouterr().err
    assert "shut" in heard
    assert "permission denied" in heard.lower()
    assert "fault" not in heard
