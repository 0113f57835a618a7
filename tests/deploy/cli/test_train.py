"""`numa-deploy train` and `YOLO.train`: a folder of results, a run that goes on, and errors before any work."""

import json

import pytest
from rally_files import write_rallies

from numa_deploy.cli.main import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with rallies and a narrow network's configuration, made the current one."""
    from numa_deploy.network.config.names import find_config

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("numa_runtime.sessions.threads.usable_cores", lambda: 1)
    write_rallies(tmp_path / "data")
    path, _ = find_config("multitask-n.yaml")
    text = path.read_text().replace("  n: [0.33, 0.25, 1024]", "  n: [0.33, 0.0625, 512]")
    (tmp_path / "narrow-n.yaml").write_text(text)
    return tmp_path


def needs_training():
    for module in ("torch", "lightning_fabric", "faster_coco_eval", "onnx", "onnxscript"):
        pytest.importorskip(module, reason="needs the train, export and eval extras")


WORDS = [
    "train", "--model", "narrow-n.yaml", "--data", "data/data.yaml", "--imgsz", "64,96", "--batch", "8",
    "--workers", "0", "--name", "x",
]  # fmt: skip


def test_from_data_to_a_checkpoint_that_goes_on(folder, capsys):
    needs_training()
    assert main([*WORDS, "--epochs", "1", "--json", "one.json"]) == 0
    out, err = capsys.readouterr()
    assert "train: 2 rallies, 16 frames" in err
    assert "the untrained network exports to ONNX, and the artifact answers alike" in err
    assert "runs/train/x/weights/best.pt" in out
    told = json.loads((folder / "one.json").read_text())
    assert {"best", "epochs", "fitness", "ball_f1", "box_map50_95", "keypoint_map50_95"} <= set(told)
    assert told["best"] == "runs/train/x/weights/best.pt"
    assert not list(folder.glob("**/untrained*"))
    run = folder / "runs/train/x"
    left = {file.name for file in run.iterdir() if not file.name.startswith("events.out.tfevents")}
    assert left >= {"weights", "words.json", "results.csv", "results.png", "train.md"}
    assert left >= {"train_batch0.jpg", "train_batch1.jpg", "BallF1_curve.png", "confusion_matrix.csv", "worst.jpg"}
    assert "epoch 1/1  " in err
    assert "about the best epoch in runs/train/x: worst.jpg first of all" in err
    assert "imgsz=64,96" in (run / "train.md").read_text()

    assert main(["train", "--resume", "--name", "x"]) == 0  # its words are remembered; there is nothing left to do
    assert "going on in epoch 2" in capsys.readouterr().err
    assert main(["train", "--resume", "--name", "x", "--epochs", "2"]) == 2
    assert "had epochs=1 (now 2)" in capsys.readouterr().err


def test_python_trains_and_is_the_best_checkpoint_then(folder):
    needs_training()
    from numa_deploy import YOLO

    model = YOLO("narrow-n.yaml", device="cpu")
    trained = model.train(
        data="data/data.yaml", epochs=1, imgsz=(64, 96), batch=8, workers=0, export_check=False, name="py"
    )
    assert trained.best.is_file()
    assert model.path == trained.best
    assert model.session.path == str(trained.best)
    assert model.task == "multitask"


def test_a_network_that_cannot_ship_is_not_trained(folder, capsys, monkeypatch):
    needs_training()
    from numa_runtime.errors import ModelError

    def refuse(*_, **__):
        raise ModelError("no operator for Wobble")

    monkeypatch.setattr("numa_export.exporting.run.export", refuse)
    assert main([*WORDS, "--epochs", "1"]) == 1
    said = capsys.readouterr().err
    assert "cannot be exported, so it was not trained: no operator for Wobble" in said
    assert "--no-export-check" in said
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "train needs labelled data"),
        (["--data", "d.yaml", "--optimizer", "sdg"], "there is no optimizer 'sdg' (did you mean 'sgd'?)"),
        (["--data", "d.yaml", "--precision", "fp16"], "there is no precision 'fp16'"),
        (["--data", "d.yaml", "--no-track", "--no-pose"], "no head is left to train"),
        (["--data", "d.yaml", "--resume", "--name", "y"], "there is no training in runs/train/y"),
        (["--data", "d.yaml", "--epochs", "0"], "epochs is 0"),
    ],
)
def test_what_makes_no_sense_is_said_before_any_work(folder, capsys, words, sentence):
    assert main(["train", *words]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert not (folder / "runs").exists()


def test_missing_data_leaves_no_folder(folder, capsys):
    needs_training()
    assert main(["train", "--model", "narrow-n.yaml", "--data", "nowhere.yaml"]) == 1
    assert "nowhere.yaml" in capsys.readouterr().err
    assert not (folder / "runs").exists()


def test_artifacts_do_not_learn():
    from numa_deploy import YOLO
    from numa_runtime.errors import UsageError

    with pytest.raises(UsageError, match=r"yolox-nano.onnx is an artifact, which cannot learn"):
        YOLO().train(data="data.yaml")


def test_keypoints_of_another_number_are_refused(folder, capsys):
    needs_training()
    for file in folder.glob("data/*/*/annotation.json"):
        said = json.loads(file.read_text())
        for player in [player for frame in said for player in frame["Players"]]:
            del player["Keypoints"][13:]
        file.write_text(json.dumps(said))
    data = folder / "data/data.yaml"
    data.write_text(data.read_text().replace("kpt_shape: [17, 3]", "kpt_shape: [13, 3]"))
    assert main([*WORDS, "--epochs", "1"]) == 2
    assert "its players have 13 keypoints, those of narrow-n 17" in " ".join(capsys.readouterr().err.split())


def test_weights_of_another_network_are_a_start(folder, capsys):
    needs_training()
    from numa_deploy.network import build, save

    save(build("narrow-n.yaml", seed=5), folder / "start.pt")
    words = [*WORDS, "--epochs", "1", "--no-export-check"]
    assert main([*words, "--weights", "start.pt"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "start.pt: " in said
    assert " tensors taken over" in said
    assert (folder / "runs/train/x/weights/best.pt").is_file()
    save(build("yolov8s"), folder / "other.pt")
    assert main([*words, "weights=other.pt"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "tensors taken over; left as they were: model.0.conv.weight, model.0.bn.weight," in said
