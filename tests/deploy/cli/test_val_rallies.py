"""`val` and `YOLO.val` on rallies: balls, boxes and keypoints under their keys, the same from both."""

import json

import pytest
from rally_files import write_rallies

from numa_deploy import YOLO
from numa_deploy.cli.main import main

pytest.importorskip("faster_coco_eval", reason="needs the eval extra")
KEYS = {"ball_f1", "ball_precision", "ball_recall", "box_map50_95", "keypoint_map50_95"}


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
