"""`val` and `YOLO.val` on rallies: balls, boxes and keypoints under their keys, the same from both."""

import json
from dataclasses import replace

import pytest
from rally_files import write_rallies

from numa_deploy import YOLO
from numa_deploy.cli.main import main

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
KEYS = {
    "ball_f1", "ball_precision", "ball_recall", "ball_accuracy", "ball_ap", "ball_conf", "ball_next_px",
    "box_map50", "box_map50_95", "keypoint_map50", "keypoint_map50_95",
}  # fmt: skip


@pytest.fixture
def network(tmp_path):
    """A narrow multitask network's configuration."""
    pytest.importorskip("torch", reason="needs the train extra")
    from numa_deploy.network.config.names import find_config

    path, _ = find_config("multitask-n.yaml")
    text = path.read_text().replace("  n: [0.33, 0.25, 1024]", "  n: [0.33, 0.0625, 512]")
    (tmp_path / "narrow-n.yaml").write_text(text)
    return tmp_path / "narrow-n.yaml"


def test_rallies_are_scored_frame_by_frame(network, tmp_path, capsys):
    data = write_rallies(tmp_path / "data", train=0)
    words = ["--model", str(network), "--data", str(data), "--imgsz", "64,96", "--json", str(tmp_path / "v.json")]
    assert main(["val", *words]) == 0
    out, err = capsys.readouterr()
    assert "1 rally, 4 frames" in err
    assert "ball     F1" in out
    told = json.loads((tmp_path / "v.json").read_text())
    assert set(told) >= KEYS
    assert told["frames"] == 4

    metrics = YOLO(network, device="cpu").val(data, imgsz=(64, 96))
    assert metrics.ball.f1 == told["ball_f1"]
    assert metrics.ball.recall == told["ball_recall"]
    assert metrics.box.map == told["box_map50_95"]
    assert metrics.pose.map == told["keypoint_map50_95"]
    assert set(metrics.results_dict) >= {"metrics/mAP50-95(B)", "metrics/mAP50-95(P)", "fitness"}
    assert str(metrics).splitlines()[0] == "4 frames"


def test_a_threshold_that_is_given_is_the_one_used(network, tmp_path, capsys):
    data = write_rallies(tmp_path / "data", train=0)
    words = ["--model", str(network), "--data", str(data), "--imgsz", "64,96", "--ball-conf", "0.99"]
    assert main(["val", *words]) == 0
    assert "at score 0.99, F1 would be" in capsys.readouterr().out
    metrics = YOLO(network, device="cpu").val(data, imgsz=(64, 96), ball_conf=0.99)
    assert metrics.ball.tp + metrics.ball.fp1 + metrics.ball.fp2 == 0
    assert metrics.validation.ball_conf == 0.99


FORMATS = ("torchscript", "onnx", "openvino")


def test_every_format_scores_the_same(network, tmp_path, monkeypatch):
    """Within what float32 sums in another order may change; thresholds would hide nothing, for scores are compared."""
    for module in ("onnx", "onnxscript", "openvino"):
        pytest.importorskip(module, reason="needs the export and openvino extras")
    monkeypatch.chdir(tmp_path)
    from numa_deploy.network import build, save

    save(build(str(network), seed=3), tmp_path / "best.pt")
    data = write_rallies(tmp_path / "data", train=0, size=(64, 96))
    files = [tmp_path / "best.pt"]
    for word in FORMATS:
        output = (
            tmp_path / {"torchscript": "best.torchscript", "onnx": "best.onnx", "openvino": "best_openvino_model"}[word]
        )
        assert (
            main(["export", "--model", "best.pt", "--format", word, "--imgsz", "64,96", "--output", str(output)]) == 0
        )
        files.append(output)
    told = []
    for file in files:
        report = tmp_path / f"{file.name}.json"
        assert main(["val", "--model", str(file), "--data", str(data), "--imgsz", "64,96", "--json", str(report)]) == 0
        told.append(
            {key: value for key, value in json.loads(report.read_text()).items() if key in KEYS | {"ball_ap_16px"}}
        )
    for other in told[1:]:
        assert other == pytest.approx(told[0], abs=0.02)


def test_pictures_and_figures_under_the_names_users_know(network, tmp_path):
    data = write_rallies(tmp_path / "data", train=0)
    metrics = YOLO(network, device="cpu").val(data, imgsz=(64, 96), plots=True, project=tmp_path / "runs", name="x")
    assert metrics.save_dir == tmp_path / "runs/val/x"
    left = {file.name for file in metrics.save_dir.iterdir()}
    assert {"BallF1_curve.png", "BallPR_curve.png", "BallTolerance_curve.png", "Ball_scores.png"} <= left
    assert {"BoxPR_curve.png", "PosePR_curve.png", "confusion_matrix.png", "worst.jpg"} <= left
    labels = sum(row["Instances"] for row in metrics.summary())
    assert metrics.confusion_matrix.matrix[:, 0].sum() == labels
    assert metrics.confusion_matrix.names == ("player",)
    told = metrics.validation.to_dict()
    assert (metrics.box.map, metrics.box.map50, metrics.box.map75) == (
        told["box_map50_95"], told["box_map50"], told["box_map75"],
    )  # fmt: skip
    assert metrics.pose.map == told["keypoint_map50_95"]
    named = metrics.results_dict
    assert (named["metrics/mAP50-95(B)"], named["metrics/mAP50-95(P)"]) == (metrics.box.map, metrics.pose.map)
    assert (named["metrics/F1(ball)"], named["fitness"]) == (told["ball_f1"], metrics.fitness)
    with pytest.raises(AttributeError, match=r"val\(plots=True\)"):
        replace(metrics, folder=None).save_dir  # noqa: B018


def test_labels_that_do_not_count_are_said(network, tmp_path, capsys):
    data = write_rallies(tmp_path / "data", train=0)
    file = next(tmp_path.glob("data/val/*/annotation.json"))
    said = json.loads(file.read_text())
    said[0]["Balls"].append({"X": 500, "Y": 5})
    file.write_text(json.dumps(said))
    assert main(["val", "--model", str(network), "--data", str(data), "--imgsz", "64,96"]) == 0
    assert "left out: 1 x ball outside the frame" in capsys.readouterr().out


def test_single_images_have_no_balls():
    from numa_deploy.yolo.bundled import tiny_data

    metrics = YOLO().val(tiny_data(), imgsz=416)
    with pytest.raises(AttributeError, match="Metrics has no 'ball': no balls were scored"):
        _ = metrics.ball
