"""What a training shows: its curves, its first batch with labels, its card."""

import cv2
import numpy as np
import pytest

from numa_deploy.training.card import save_card
from numa_deploy.training.curves import save_curves
from numa_runtime.contract import Color, InputSpec

ROWS = [
    {"epoch": "1", "lr": "0.001", "train_box": "3.5", "fitness": "", "seconds": "9"},
    {"epoch": "2", "lr": "0.002", "train_box": "2.5", "fitness": "0.4", "seconds": "9"},
    {"epoch": "3", "lr": "0.001", "train_box": "nan", "fitness": "0.6", "seconds": "9"},
]


def test_curves_have_a_chart_a_column(tmp_path):
    save_curves(ROWS, tmp_path / "results.png")
    picture = cv2.imread(str(tmp_path / "results.png"))
    assert picture.shape == (190, 4 * 300, 3)  # train_box, fitness, lr and an empty place
    inked = [(picture[:, 300 * at : 300 * (at + 1)] < 250).any() for at in range(4)]
    assert inked == [True, True, True, False]


def test_a_falling_loss_falls_in_the_picture(tmp_path):
    save_curves(ROWS[:2], tmp_path / "results.png")
    picture = cv2.imread(str(tmp_path / "results.png"))[:, :300].astype(int)
    ys, xs = np.nonzero(picture[..., 0] > picture[..., 2] + 100)  # the line is blue
    assert ys[xs.argmin()] < ys[xs.argmax()] - 100  # rows count downwards


def test_no_rows_no_picture(tmp_path):
    save_curves([], tmp_path / "results.png")
    assert not (tmp_path / "results.png").exists()


def test_the_card_can_be_typed_again(tmp_path):
    words = {"model": "my net.yaml", "imgsz": (288, 512), "epochs": 3}
    data, figures = ["train: 2 rallies"], {"f": 0.51234}
    save_card(
        tmp_path / "train.md", title="net", words=words, data=data, recipe="adamw", figures=figures, seconds=1234.5
    )
    text = (tmp_path / "train.md").read_text()
    assert "numa-deploy train model='my net.yaml' imgsz=288,512 epochs=3" in text
    assert "- train: 2 rallies" in text
    assert "| f | 0.5123 |" in text
    assert "1,234 seconds." in text
    assert "- Python 3." in text


def test_the_first_batch_shows_its_labels(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    from numa_deploy.training.batch_picture import save_batch
    from numa_deploy.training.data.batch import join_clips
    from numa_deploy.training.data.clips import Clip

    frames = 10
    clip = Clip(
        frames=np.full((frames, 1, 64, 96), 40, np.uint8),
        balls=[np.array([[60, 40]], np.float32)] * frames,
        following=[np.full((1, 2), np.nan, np.float32)] * frames,
        ball_known=np.ones(frames, bool),
        boxes=np.array([[10, 20, 40, 60]], np.float32),
        keypoints=np.zeros((1, 17, 3), np.float32),
        players_known=True,
        name="rally",
    )
    spec = InputSpec(64, 96, channels=1, frames=frames, color=Color.GRAY)
    save_batch(join_clips([clip, clip]), spec, tmp_path / "batch.jpg")
    picture = cv2.imread(str(tmp_path / "batch.jpg")).astype(int)
    assert picture.shape == (2 * 64, 5 * 96, 3)
    coloured = picture[..., 1] > 80  # the clip is grey 40
    tiles = [coloured[64:, 96 * at : 96 * (at + 1)] for at in range(5)]
    assert all(tile[34:47, 54:67].any() for tile in tiles)  # the ball in every frame
    assert [bool(tile[58:62, 10:40].any()) for tile in tiles] == [False] * 4 + [True]  # the box in the newest
