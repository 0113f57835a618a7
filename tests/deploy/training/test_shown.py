"""What a training on images shows of itself; pictures that cannot be drawn cost no training."""

import csv

import cv2
import pytest
from image_folders import write_images, write_network

pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")
pytest.importorskip("faster_coco_eval", reason="needs the eval extra")

from numa_deploy.training.run import train_network
from numa_deploy.training.train_options import TrainOptions

PLOTS = {"BoxPR_curve.png", "BoxF1_curve.png", "Box_scores.png", "confusion_matrix.png", "confusion_matrix.csv"}


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shown")
    return {
        "model": str(write_network(folder)), "data": str(write_images(folder / "data", train=8)), "epochs": 1,
        "batch": 2, "nbs": 2, "imgsz": (64, 96), "workers": 0, "device": "cpu", "project": str(folder / "runs"),
        "tensorboard": False,
    }  # fmt: skip


def train(words, folder, watch=None, **changes):
    told = []
    trained = train_network(TrainOptions.of({**words, **changes}), folder, told.append, watch)
    return trained, told, {file.name for file in folder.iterdir()}


def test_batches_a_line_an_epoch_and_the_best_epoch(words, tmp_path):
    trained, told, left = train(words, tmp_path)
    assert left >= PLOTS | {"train_batch0.jpg", "train_batch1.jpg", "train_batch2.jpg", "results.png", "train.md"}
    assert "train_batch3.jpg" not in left
    assert cv2.imread(str(tmp_path / "train_batch0.jpg")).shape == (64, 2 * 96, 3)
    (line,) = (line for line in told if line.startswith("epoch 1/1  box "))
    assert f"fitness {trained.fitness:.3f} box mAP50 " in line
    assert line.split()[-1] in ("MB", "GB")
    assert f"about the best epoch in {tmp_path}" in told[-1]
    with (tmp_path / "results.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["time"]) == pytest.approx(float(row["seconds"]))
    seconds = f"{float(row['time']):,.0f} seconds."
    assert seconds in (tmp_path / "train.md").read_text()


def test_none_are_drawn_where_none_are_wanted(words, tmp_path):
    _, told, left = train(words, tmp_path, plots=False)
    assert not left & PLOTS
    assert not {name for name in left if name.startswith("train_batch")}
    assert any(line.startswith("epoch 1/1  ") for line in told)


def test_pictures_that_cannot_be_written_are_said(words, tmp_path):
    (tmp_path / "BoxPR_curve.png" / "in the way").mkdir(parents=True)
    trained, told, left = train(words, tmp_path)
    assert trained.best.is_file()
    assert told[-1].startswith("the pictures of the best epoch could not be drawn: ")
    assert "train.md" in left


def test_a_training_that_goes_on_keeps_its_first_batches(words, tmp_path):
    def stop(place):
        if place.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(words, tmp_path, stop, epochs=2)
    (tmp_path / "train_batch0.jpg").write_bytes(b"as the first epoch had it")
    _, told, left = train(words, tmp_path, epochs=2, resume=True)
    assert (tmp_path / "train_batch0.jpg").read_bytes() == b"as the first epoch had it"
    assert [line.split()[1] for line in told if line.startswith("epoch ")] == ["2/2"]
    assert left >= PLOTS


def test_events_of_each_epoch(words, tmp_path):
    pytest.importorskip("tensorboard", reason="needs the tensorboard extra")
    _, _, left = train(words, tmp_path, tensorboard=True, plots=False)
    assert sum(name.startswith("events.out.tfevents") for name in left) == 1
