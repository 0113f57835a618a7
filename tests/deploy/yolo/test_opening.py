"""Checkpoints and configurations open like any artifact."""

import sys

import numpy as np
import pytest

from numa_deploy import YOLO
from numa_deploy.yolo.bundled import default_model, sample_photos
from numa_deploy.yolo.opening import is_network, open_network, open_session
from numa_runtime.errors import MissingExtra, ModelError, UsageError
from numa_runtime.installing import pip_line


def test_what_is_a_network(tmp_path):
    assert is_network("multitask-n.yaml")
    assert not is_network(default_model())
    assert not is_network(tmp_path / "missing.pt")
    (tmp_path / "best.pt").write_bytes(b"x")
    assert is_network(tmp_path / "best.pt")


def test_without_torch_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="torch, which is not installed") as caught:
        open_network("multitask-n.yaml")
    assert caught.value.hint == pip_line("train")


def test_a_checkpoint_predicts_and_tracks_like_an_artifact(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    from numa_deploy.network.builder import build
    from numa_deploy.network.checkpoint import save

    path = save(build("multitask-n", seed=1), tmp_path / "best.pt")
    model = YOLO(path, threads=1)
    assert (model.task, model.session.backend) == ("multitask", "torch")
    (result,) = model.predict(str(sample_photos()[0]), imgsz=96)
    assert result.keypoints.data.shape[1:] == (17, 3)
    results = model.track([np.full((96, 128, 3), 60, np.uint8)] * 3, imgsz=96)
    assert [r.padded for r in results] == [True] * 3
    assert "parameters" in model.info()


def test_a_foreign_checkpoint_is_refused(tmp_path):
    pytest.importorskip("torch", reason="needs the train extra")
    path = tmp_path / "best.pt"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match=r"best\.pt"):
        open_session(path)


def test_an_unknown_configuration_names_the_nearest():
    pytest.importorskip("torch", reason="needs the train extra")
    with pytest.raises(UsageError, match="multitask"):
        open_session("multitaks-n.yaml")
