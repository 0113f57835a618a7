"""Training on images: what is learnt is what is labelled; runs repeat and go on bit for bit; misfits are said."""

import csv
import json
import logging

import numpy as np
import pytest
from image_folders import write_images, write_network

torch = pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")
pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

from numa_benchmarks.labels.dataset import open_dataset  # noqa: E402
from numa_benchmarks.labels.errors import DataError  # noqa: E402
from numa_deploy.network.builder import build  # noqa: E402
from numa_deploy.network.checkpoint import load, save  # noqa: E402
from numa_deploy.training.run import train_network  # noqa: E402
from numa_deploy.training.state import KEY  # noqa: E402
from numa_deploy.training.train_options import TrainOptions  # noqa: E402
from numa_deploy.yolo import YOLO  # noqa: E402
from numa_runtime.errors import UsageError  # noqa: E402

EPOCHS = 8


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    return str(write_network(tmp_path_factory.mktemp("detect")))


@pytest.fixture(scope="module")
def poser(tmp_path_factory):
    return str(write_network(tmp_path_factory.mktemp("pose"), pose=True))


@pytest.fixture
def words(tmp_path, detector):
    data = write_images(tmp_path / "data", train=6)
    return {
        "model": detector, "data": str(data), "epochs": 2, "batch": 2, "nbs": 4, "imgsz": (64, 96), "workers": 0,
        "device": "cpu", "project": str(tmp_path / "runs"), "close_mosaic": 1,
        "plots": False, "tensorboard": False,
    }  # fmt: skip


def train(words, folder, watch=None, note=lambda line: None, **changes):
    return train_network(TrainOptions.of({**words, **changes}), folder, note, watch)


def kept(folder, name="last"):
    return torch.load(folder / "weights" / f"{name}.pt", weights_only=True)


def rows(folder):
    with (folder / "results.csv").open(newline="") as file:
        timed = ("seconds", "time")
        return [{name: value for name, value in row.items() if name not in timed} for row in csv.DictReader(file)]


def differing(one, two):
    """Names of tensors that differ in a bit: averaged, trained, and of the optimiser."""
    ours, theirs = one["extra"][KEY], two["extra"][KEY]
    pairs = [(one["state"], two["state"]), (ours["weights"], theirs["weights"])]
    states = [(kept["optimiser"]["state"]) for kept in (ours, theirs)]
    pairs += [(state, states[1][place]) for place, state in states[0].items()]
    return [name for a, b in pairs for name, value in a.items() if not torch.equal(value, b[name])]


@pytest.mark.parametrize("pose", [False, True])
def test_one_image_is_learnt(tmp_path, detector, poser, pose):
    """Losses fall, and what the network decodes are the labels: losses, targets and decoding agree."""
    data = write_images(tmp_path / "data", train=1, val=1, pose=pose)
    for part, suffix in (("images", "png"), ("labels", "txt")):
        source = (tmp_path / f"data/{part}/train/0.{suffix}").read_bytes()
        for place in ("val/0", *(f"train/{number}" for number in range(1, 64))):
            (tmp_path / f"data/{part}/{place}.{suffix}").write_bytes(source)
    still = dict.fromkeys(("fliplr", "translate", "scale", "hsv_h", "hsv_s", "hsv_v", "mosaic"), 0)
    trained = train(
        {"model": poser if pose else detector, "data": str(data)}, tmp_path / "run", epochs=EPOCHS, batch=2,
        nbs=2, imgsz=(96, 128), workers=0, device="cpu", lr0=0.005, optimizer="AdamW", val_every=EPOCHS,
        project=str(tmp_path), **still,
    )  # fmt: skip
    parts = ["box", "cls", "dfl", *(["pose", "kobj"] if pose else [])]
    found = rows(tmp_path / "run")
    for part in parts:
        first, last = (float(found[at][f"train_{part}"]) for at in (0, -1))
        assert last < 0.6 * first, part
    assert trained.figures["box_map50"] > 0.99
    if pose:
        assert trained.figures["keypoint_map50"] > 0.99
    image = open_dataset(data, "train").images[0]
    best = YOLO(trained.best, device="cpu").predict(str(image.path), conf=0.3)[0]  # at the size of the training
    assert len(best.boxes) >= 1
    assert np.abs(best.boxes.xyxy[0] - image.boxes[0]).max() < 4
    assert int(best.boxes.cls[0]) == image.classes[0]
    if pose:
        assert np.abs(best.keypoints.xy[0] - image.keypoints[0, :, :2]).max() < 6


@pytest.fixture
def whole(words, tmp_path):
    return train(words, tmp_path / "whole")


def test_what_a_training_leaves(words, whole, tmp_path):
    folder = tmp_path / "whole"
    assert whole.epochs == 2
    assert {"box_map50", "box_map50_95", "box_precision", "box_recall"} <= set(whole.figures)
    assert {"train_box", "train_cls", "train_dfl", "fitness", "box_map50", "lr"} <= set(rows(folder)[0])
    network = load(folder / "weights/best.pt")
    assert network.spec.names == ("red", "green")
    assert network.detect_head.nc == 2
    assert "train: 6 images, 12 objects" in (folder / "train.md").read_text()


def test_the_same_seed_gives_the_same_bits_with_any_workers_and_cache(words, whole, tmp_path):
    train(words, tmp_path / "again", workers=2, cache="disk")
    assert differing(kept(tmp_path / "whole"), kept(tmp_path / "again")) == []
    assert rows(tmp_path / "whole") == rows(tmp_path / "again")
    train(words, tmp_path / "other", epochs=1, seed=1)
    assert differing(kept(tmp_path / "whole"), kept(tmp_path / "other"))


@pytest.mark.parametrize("changes", [{}, {"optimizer": "SGD", "multi_scale": 0.5, "freeze": 2, "cls_pw": 0.5},
                                     {"rect": True, "fraction": 0.5}])  # fmt: skip
def test_interrupted_and_resumed_is_not_interrupted(words, tmp_path, changes):
    def stop(told):
        if (told.epoch, told.batch) == (2, 1):
            raise KeyboardInterrupt

    train(words, tmp_path / "whole", **changes)
    with pytest.raises(KeyboardInterrupt):
        train(words, tmp_path / "part", stop, **changes)
    train(words, tmp_path / "part", resume=True, **changes)
    assert differing(kept(tmp_path / "whole"), kept(tmp_path / "part")) == []
    assert rows(tmp_path / "whole") == rows(tmp_path / "part")


def test_frozen_layers_keep_weights_and_statistics(words, tmp_path):
    train(words, tmp_path / "run", freeze=[0, 2])
    first, now = build(words["model"], nc=2).state_dict(), kept(tmp_path / "run")["extra"][KEY]["weights"]
    changed = {name.split(".")[1] for name, value in now.items() if not torch.equal(value, first[name])}
    assert changed == {"1", "3", "4"}
    with pytest.raises(UsageError, match=r"tiny has no layer 30; they go from 0 to 4"):
        train(words, tmp_path / "none", freeze=[30])
    with pytest.raises(UsageError, match="all layers of tiny are frozen"):
        train(words, tmp_path / "all", freeze=5)


def test_a_damaged_image_is_said_and_the_rest_is_learnt(words, tmp_path, caplog):
    damaged = tmp_path / "data/images/train/3.png"
    damaged.write_bytes(damaged.read_bytes()[:60])
    said = []
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert train(words, tmp_path / "run", note=said.append, cache="none").epochs == 2
    assert caplog.text.count("cannot be read") == 1
    assert f"{damaged} cannot be read: it is left out (1 so far)" in caplog.text
    train(words, tmp_path / "kept", note=said.append, cache="ram")
    assert f"{damaged} cannot be read: it is left out" in said
    assert differing(kept(tmp_path / "run"), kept(tmp_path / "kept")) == []


def test_images_without_objects_are_learnt_from(words, tmp_path):
    for label in (tmp_path / "data/labels/train").iterdir():
        label.write_text("")
    trained = train(words, tmp_path / "run", epochs=1)
    assert float(rows(tmp_path / "run")[0]["train_box"]) == 0
    assert float(rows(tmp_path / "run")[0]["train_cls"]) > 0
    assert trained.epochs == 1


def test_labels_of_no_class_and_nan_are_named_and_mostly_bad_ones_refused(words, tmp_path):
    said = []
    (tmp_path / "data/labels/train/2.txt").write_text("0 nan 0.5 0.2 0.2\n5 0.5 0.5 0.2 0.2\n")
    train(words, tmp_path / "run", note=said.append, epochs=1)
    assert "left out: 2 x malformed row" in said[0]
    assert "2.txt:1: nan" in said[0]
    for label in (tmp_path / "data/labels/train").iterdir():
        label.write_text("5 0.5 0.5 0.2 0.2\n")
    with pytest.raises(DataError, match=r"0.txt:1: class 5 is outside the names"):
        train(words, tmp_path / "bad")


def test_a_checkpoint_for_other_classes_is_built_anew_and_says_so(words, tmp_path):
    save(build(words["model"], names=["cat", "dog", "bird"], seed=3), tmp_path / "other.pt")
    said = []
    train(words, tmp_path / "run", note=said.append, epochs=1, model=str(tmp_path / "other.pt"), lr0=0.0)
    line = next(line for line in said if line.startswith("other.pt had other classes"))
    assert "left as they were: model.4.cv3.0.2.weight" in line
    assert load(tmp_path / "run/weights/last.pt").spec.names == ("red", "green")


def test_data_of_another_task_is_refused_with_both_named(words, tmp_path, poser, rallies):
    with pytest.raises(UsageError, match=r"data.yaml labels boxes of single images .*; tiny is a pose network"):
        train(words, tmp_path / "a", model=poser)
    pose = str(write_images(tmp_path / "posed", pose=True))
    with pytest.raises(UsageError, match=r"labels keypoints of single images .*; tiny is a detect network"):
        train(words, tmp_path / "b", data=pose)
    with pytest.raises(UsageError, match=r"labels boxes of single images .*; multitask-n is a multitask network"):
        train(words, tmp_path / "c", model="multitask-n.yaml")
    with pytest.raises(UsageError, match=r"labels rallies, .*; tiny is a detect network"):
        train(words, tmp_path / "d", data=str(rallies))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reverse": 0.5}, "reverse is not for images"),
        ({"imgsz": 100}, "imgsz is 100 x 100; tiny takes multiples of 8"),
        ({"rect": True, "mosaic": 1.0}, "mosaics are as high and wide as imgsz"),
        ({"freeze": "x"}, "freeze='x' is not a number"),
        ({"freeze": -1}, "layers count from 0"),
        ({"cache": "tape"}, "there is no cache 'tape'"),
    ],
)
def test_what_makes_no_sense_is_refused(words, tmp_path, changes, sentence):
    with pytest.raises(UsageError, match=sentence):
        train(words, tmp_path / "run", **changes)


@pytest.mark.parametrize("changes", [{"mosaic": 1.0}, {"hsv_h": 0.1}, {"rect": True}, {"cls_pw": 0.5},
                                     {"cache": "none"}])  # fmt: skip
def test_words_that_clips_have_no_use_for_are_said(recipe, tmp_path, changes):
    with pytest.raises(UsageError):
        train(recipe, tmp_path, **changes)


def test_clips_freeze_and_change_their_size(recipe, tmp_path):
    train(recipe, tmp_path, epochs=1, freeze=1, multi_scale=0.5)
    first, now = build(recipe["model"]).state_dict(), kept(tmp_path)["extra"][KEY]["weights"]
    assert torch.equal(now["model.0.conv.weight"], first["model.0.conv.weight"])
    assert not torch.equal(now["model.1.conv.weight"], first["model.1.conv.weight"])


def test_python_gives_the_familiar_figures(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = YOLO(words["model"], device="cpu")
    said = {word: value for word, value in words.items() if word != "model"}
    metrics = model.train(**{**said, "epochs": 1, "export_check": False})
    assert 0 <= metrics.box.map <= metrics.box.map50 <= 1
    assert set(metrics.results_dict) >= {"metrics/mAP50(B)", "metrics/mAP50-95(B)", "fitness"}
    assert metrics.fitness == pytest.approx(metrics.trained.fitness, abs=1e-9)
    assert metrics.save_dir == metrics.best.parent.parent
    assert model.names == {0: "red", 1: "green"}
    words = json.loads((metrics.save_dir / "words.json").read_text())
    assert words["epochs"] == 1


@pytest.mark.slow
def test_eight_images_are_learnt(tmp_path):
    data = write_images(tmp_path / "data", train=8, val=1)
    data.write_text(data.read_text().replace("val: images/val", "val: images/train"))
    trained = train(
        {"model": "yolov8n.yaml", "data": str(data)}, tmp_path / "run", epochs=150, batch=4, nbs=4, imgsz=(96, 128),
        workers=0, device="cpu", lr0=0.002, optimizer="AdamW", val_every=150, project=str(tmp_path), mosaic=0,
    )  # fmt: skip
    assert trained.figures["box_map50"] > 0.99
