"""`val` and `YOLO.val` on rallies: balls, boxes and keypoints under their keys, the same from both."""

import json
from dataclasses import replace

import cv2
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
    assert "at score 0.99, " in capsys.readouterr().out
    metrics = YOLO(network, device="cpu").val(data, imgsz=(64, 96), ball_conf=0.99)
    assert metrics.ball.tp + metrics.ball.fp1 + metrics.ball.fp2 == 0
    assert metrics.validation.ball_conf == 0.99


ARTIFACTS = {"torchscript": "best.torchscript", "onnx": "best.onnx", "openvino": "best_openvino_model"}


def label_with(checkpoint, data):
    """Replace labels by what a network says of their frames: its surest ball, its three surest players."""
    from numa_deploy.yolo.opening import open_session
    from numa_runtime.pipeline.model import Model
    from numa_runtime.pipeline.options import PredictionOptions

    for file in data.parent.glob("val/*/annotation.json"):
        said = []
        model = Model(open_session(checkpoint, "cpu"), PredictionOptions(conf=0.001, imgsz=(64, 96)))
        count = len(list((file.parent / "frame").iterdir()))
        results = [model(cv2.imread(str(file.parent / "frame" / f"{number}.png"))) for number in range(count)]
        for number, result in enumerate(results):
            best = result.ball_records.conf.argmax()
            x, y = result.ball_records.xy[best].tolist()
            players = [
                {
                    "Bounding Box": dict(zip(("X", "Y", "Width", "Height"), box.tolist(), strict=True)),
                    "Keypoints": [{"X": a, "Y": b, "V": 2} for a, b, *_ in points.tolist()],
                }
                for box, points in zip(result.boxes.xywh[:3], result.keypoints.data[:3], strict=True)
            ]
            said.append({"Frame": number, "Balls": [{"X": x, "Y": y}], "Players": players})
        file.write_text(json.dumps(said))


@pytest.mark.slow
def test_every_format_scores_the_same(network, tmp_path, monkeypatch):
    """The checkpoint's own answers are the labels, so its balls are right, and another format's must be too."""
    for module in ("onnx", "onnxscript", "openvino"):
        pytest.importorskip(module, reason="needs the export and openvino extras")
    monkeypatch.chdir(tmp_path)
    from numa_deploy.network import build, save

    made = build(str(network), seed=3)
    for name, parameter in made.named_parameters():
        if ".cv3." in name and name.endswith("2.bias"):
            parameter.data.fill_(0.0)
        elif ".cv3." in name and name.endswith("2.weight"):  # untrained heads hardly tell cells apart; these do
            parameter.data.mul_(1e8 if len(parameter) == 10 else 3e6)
    save(made, tmp_path / "best.pt")
    data = write_rallies(tmp_path / "data", train=0, frames=12)
    label_with("best.pt", data)
    told = {}
    for file in ("best.pt", *ARTIFACTS.values()):
        if file != "best.pt":
            word = next(word for word, name in ARTIFACTS.items() if name == file)
            words = ["--model", "best.pt", "--format", word, "--imgsz", "64,96", "--output", file]
            assert main(["export", *words]) == 0
        assert main(["val", "--model", file, "--data", str(data), "--imgsz", "64,96", "--json", "v.json"]) == 0
        said = json.loads((tmp_path / "v.json").read_text())
        told[file] = {key: said[key] for key in KEYS}
    first = told["best.pt"]
    assert first["ball_f1"] == 1.0
    assert first["box_map50_95"] > 0.3
    assert first["keypoint_map50_95"] > 0.3
    for other in told.values():
        assert other == pytest.approx(first, abs=0.01)


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
