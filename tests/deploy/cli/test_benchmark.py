"""`numa-deploy benchmark` on the bundled detector and pictures, with real processes."""

import json
import os
import subprocess
import sys

import pytest

from numa_deploy.cli.main import main
from numa_deploy.yolo import benchmarking
from numa_runtime.errors import UsageError

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
QUICK = ["--rounds", "2", "--frames", "1"]
DETECTOR = ["--model", "yolox-nano", *QUICK]


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_bundled_detector_on_bundled_pictures(tmp_path, capsys):
    pytest.importorskip("onnx", reason="needs the export extra")
    pytest.importorskip("openvino", reason="needs the openvino extra")
    words = ["benchmark", "formats=torch,onnx,openvino", "--json", "b.json", "--markdown", "b.md", *DETECTOR]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "needs a checkpoint: yolox-nano.onnx is an ONNX file (--model best.pt)" in out
    assert "<- fastest within 1 point of the reference" in out
    assert "timing onnx, openvino in turns: 2 rounds of 1 frames" in err
    data = json.loads((tmp_path / "b.json").read_text())
    torch, onnx, openvino = data["rows"]
    assert [row["status"] for row in data["rows"]] == ["unavailable", "ok", "ok"]
    assert torch["fps"] is None
    for row in (onnx, openvino):
        assert row["box_map50_95"] == pytest.approx(0.725, abs=0.02)
        assert 0 < row["load_s"] < row["first_result_s"]
        assert row["rss_mb"] > 50
        assert row["timed_frames"] == 2
        assert row["preprocess_ms"] + row["inference_ms"] + row["postprocess_ms"] == pytest.approx(row["total_ms"])
    assert abs(openvino["map_delta_points"]) < 0.5
    assert openvino["max_box_error_px"] < 0.1
    assert data["environment"]["packages"]["onnxruntime"]
    assert (tmp_path / "runs/benchmark/yolox-nano/yolox-nano_openvino_model").is_dir()
    assert json.loads((tmp_path / "runs/benchmark/yolox-nano/benchmark.json").read_text()) == data
    assert "| onnx | fp32 |" in (tmp_path / "b.md").read_text().replace("**", "")


@pytest.mark.slow
def test_the_bundled_network_on_bundled_rallies(tmp_path):
    """Without a word: all heads are scored, in torch and in what is made from it."""
    for package in ("torch", "onnx", "onnxscript"):
        pytest.importorskip(package, reason="needs the train and export extras")
    assert main(["benchmark", "formats=torch,onnx", "--json", "b.json", *QUICK]) == 0
    data = json.loads((tmp_path / "b.json").read_text())
    assert (data["model"], data["data"]) == ("multitask-p.pt (bundled)", "the bundled rallies set")
    torch, onnx = data["rows"]
    assert [row["status"] for row in data["rows"]] == ["ok", "ok"]
    for figure in ("ball_f1", "box_map50_95", "keypoint_map50_95"):
        assert torch[figure] == pytest.approx(onnx[figure], abs=0.005)
        assert torch[figure] > 0.4


def test_strict_fails_on_an_explained_row(capsys):
    words = ["benchmark", "--formats", "onnx,torch", *DETECTOR]
    assert main(words) == 0
    assert main([*words, "--strict"]) == 1
    assert "needs a checkpoint" in capsys.readouterr().out


def test_a_table_without_a_measured_row_is_a_failure(capsys):
    assert main(["benchmark", "--formats", "torch,torchscript", "--json", "-", "-q", *DETECTOR]) == 1
    assert [row["status"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["unavailable"] * 2


def test_a_size_the_artifact_does_not_take_is_a_sentence_in_its_row(capsys):
    assert main(["benchmark", "--formats", "onnx", "--imgsz", "640", *DETECTOR]) == 1
    assert "imgsz=640 was asked for, but this artifact takes 416x416 only" in capsys.readouterr().out


def test_a_broken_export_is_a_sentence_in_its_row(tmp_path, capsys):
    child = ["--model", "x.onnx", "--format", "openvino", "--output", "x_openvino_model", "--json", "x.json"]
    from numa_deploy.cli import worker

    assert worker.main(["export", *child]) == 1
    error = json.loads((tmp_path / "x.json").read_text())["error"]
    assert error["kind"] == "ModelError"
    assert "x.onnx" in error["what"]
    assert f"error: {error['what']}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--formats", "onxn"], "did you mean 'onnx'?"),
        (["model=none.onnx"], "none.onnx"),
        (["data=none.yaml"], "none.yaml"),
        (["rounds=0"], "rounds"),
    ],
)
def test_bad_input_stops_before_anything_runs(words, sentence, capsys, tmp_path):
    assert main(["benchmark", *words]) in (1, 2)
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_yolo_and_the_package_offer_it(monkeypatch):
    import numa_deploy

    asked = []
    monkeypatch.setattr(benchmarking, "benchmark", lambda *places, **words: asked.append((places, words)))
    numa_deploy.YOLO().benchmark(format="onnx", rounds=3)
    (((model, data), words),) = asked
    assert str(model).endswith("yolox-nano.onnx")
    assert data is None
    assert words == {"format": "onnx", "rounds": 3}


def test_a_misspelt_word_gets_the_nearest():
    import numa_deploy

    with pytest.raises(UsageError, match="did you mean 'rounds'"):
        numa_deploy.benchmark(round=3)
    with pytest.raises(UsageError, match="did you mean 'openvino'"):
        numa_deploy.YOLO().benchmark(format="onnx,openvno")


BLOCK = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "onnx", "openvino", "faster_coco_eval", "tensorrt_rtx"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""


def test_the_lean_base_times_what_it_cannot_score_and_explains_what_it_cannot_make(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(BLOCK)
    words = ["benchmark", "--formats", "onnx,openvino", "--json", "-", "--quiet", *DETECTOR]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from numa_deploy.cli.main import main; sys.exit(main(sys.argv[1:]))",
            *words,
        ],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    onnx, openvino = json.loads(done.stdout)["rows"]
    assert onnx["status"] == "ok"
    assert onnx["fps"] > 0
    assert onnx["reason"].startswith("not scored: ")
    assert "faster-coco-eval, which is not installed" in onnx["reason"]
    assert openvino["status"] == "unavailable"
    assert "not installed" in openvino["reason"]
