import shutil

import pytest

from numa_deploy.yolo import bundled
from numa_deploy.yolo.bundled import asset, clip_of, data_of, is_multitask, model_path, network_path
from numa_runtime.errors import ModelError


def test_words_name_bundled_files():
    assert model_path(None) == model_path("yolox-nano") == asset("yolox-nano.onnx")
    assert model_path("multitask") == asset("multitask-p.onnx")
    assert {path.suffix for path in map(asset, (*bundled.MODELS.values(), bundled.CHECKPOINT))} == {".onnx", ".pt"}
    for name in (*bundled.MODELS.values(), bundled.CHECKPOINT, *bundled.CLIPS.values()):
        assert 1e5 < asset(name).stat().st_size < 4e6, name


def test_a_path_is_what_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(model_path("best.onnx")) == "best.onnx"
    assert str(network_path("multitask-n.yaml")) == "multitask-n.yaml"
    assert clip_of("match.mp4", model_path(None)) == "match.mp4"
    assert clip_of(0, model_path(None)) == 0
    with pytest.raises(ModelError):
        model_path("~nobody-of-this-name/best.onnx")


def test_what_lies_here_under_a_bundled_word_goes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rally").mkdir()
    shutil.copy(asset("yolox-nano.onnx"), "multitask")
    assert clip_of("rally", model_path(None)) == "rally"
    assert str(model_path("multitask")) == "multitask"


def test_networks_come_as_checkpoints_where_torch_is(monkeypatch):
    assert network_path(None) == network_path("multitask") == network_path(asset("multitask-p.onnx"))
    assert network_path(None) == asset("multitask-p.pt")
    assert network_path("yolox-nano") == asset("yolox-nano.onnx")
    monkeypatch.setattr(bundled, "absent", list)
    assert network_path(None) == asset("multitask-p.onnx")


def test_each_model_has_a_clip_and_labels_that_suit_it():
    players, things = network_path(None), model_path(None)
    assert is_multitask(players)
    assert is_multitask(model_path("multitask"))
    assert not is_multitask(things)
    assert clip_of(None, players) == clip_of("rally", things) == asset("rally.mp4")
    assert clip_of(None, things) == clip_of("sample", players) == asset("sample.mp4")
    assert data_of(players).parent.name == "rallies"
    assert data_of(things).parent.name == "tiny"
    assert data_of(players).is_file()
