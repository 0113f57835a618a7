"""What Ultralytics users call on a model: there, or an error with the way out."""

import copy

import numpy as np
import pytest

from numa_deploy import YOLO
from numa_deploy.yolo.bundled import default_model, tiny_data
from numa_deploy.yolo.familiar import WAYS
from numa_runtime.errors import DeviceError, UsageError


@pytest.fixture(scope="module")
def model():
    return YOLO()


@pytest.fixture(scope="module")
def metrics(model):
    pytest.importorskip("faster_coco_eval")
    return model.val(data=tiny_data(), imgsz=416, batch=16, device="cpu", plots=False, workers=8, verbose=False)


def test_val_gives_what_the_command_gives(metrics, tmp_path):
    import json

    from numa_deploy.cli.main import main

    main(["val", "--data", str(tiny_data()), "--imgsz", "416", "--json", str(tmp_path / "val.json"), "--quiet"])
    told = json.loads((tmp_path / "val.json").read_text())
    assert metrics.box.map == told["box_map50_95"]
    assert metrics.box.map50 == told["box_map50"]
    assert metrics.box.map75 == told["box_map75"]
    assert (metrics.box.mp, metrics.box.mr) == (told["box_precision"], told["box_recall"])
    by_class = {row["class"]: row["box_map50_95"] for row in told["rows"]}
    assert {metrics.names[k]: metrics.box.maps[k] for k in metrics.box.ap_class_index.tolist()} == by_class


def test_metrics_under_their_names(metrics, model):
    box = metrics.box
    assert model.metrics is metrics
    assert metrics.results_dict == {
        "metrics/precision(B)": box.mp,
        "metrics/recall(B)": box.mr,
        "metrics/mAP50(B)": box.map50,
        "metrics/mAP50-95(B)": box.map,
        "fitness": box.map,
    }
    assert metrics.keys == list(metrics.results_dict)[:-1]
    assert metrics.mean_results() == box.mean_results() == list(metrics.results_dict.values())[:-1]
    assert box.map == pytest.approx(box.ap.mean())
    assert box.map50 == pytest.approx(box.ap50.mean())
    assert box.map < box.map75 < box.map50
    assert box.maps.shape == (len(metrics.names),)
    assert metrics.class_result(1) == [box.p[1], box.r[1], box.ap50[1], box.ap[1]]
    assert np.all((box.f1 > 0) & (box.f1 <= 1))
    assert set(metrics.speed) == {"preprocess", "inference", "postprocess"}
    assert str(metrics).startswith("class")
    assert metrics.to_csv().splitlines()[0] == "Class,Images,Instances,Box-P,Box-R,Box-mAP50,Box-mAP50-95"
    assert len(metrics.summary()) == len(box.ap_class_index)


def test_the_confusion_matrix_is_where_users_look_for_it(metrics):
    matrix = metrics.confusion_matrix
    count = len(metrics.names)
    assert matrix.matrix.shape == (count + 1, count + 1)
    assert matrix.matrix[:, :count].sum() == sum(row["Instances"] for row in metrics.summary())
    assert np.trace(matrix.matrix) > 0
    assert matrix.summary()[-1]["Predicted"] == "background"


def test_val_draws_when_it_is_asked_to(model, tmp_path):
    pytest.importorskip("faster_coco_eval")
    metrics = model.val(data=tiny_data(), imgsz=416, plots=True, project=tmp_path, name="x")
    assert metrics.save_dir == tmp_path / "val" / "x"
    assert (metrics.save_dir / "confusion_matrix_normalized.png").is_file()


@pytest.mark.parametrize("word", ["pose", "save_dir", "seg"])
def test_figures_that_are_not_there(metrics, word):
    with pytest.raises(AttributeError, match=f"Metrics has no '{word}': "):
        getattr(metrics, word)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, "val needs labelled images"),
        ({"data": "d.yaml", "half": True}, "precision lives in the artifact"),
        ({"data": "d.yaml", "device": "cuda:0"}, "this model runs on cpu"),
        ({"data": "d.yaml", "imgz": 640}, r"val has no setting 'imgz' \(did you mean 'imgsz'\?\)"),
        ({"data": "d.yaml", "conf": 2}, "conf is 2"),
    ],
)
def test_val_refuses_what_it_cannot_do(model, words, sentence):
    with pytest.raises(UsageError, match=sentence):
        model.val(**words)


def test_devices(model):
    assert (model.device, model.device.type) == ("cpu", "cpu")
    before = model.session
    assert model.to("cpu") is model.cpu() is model.to("") is model
    assert model.session is before
    with pytest.raises(DeviceError, match="cuda:0 was asked for"):
        model.cuda()
    assert model.session is before
    with pytest.raises(UsageError, match="is not a device"):
        model.to("?")


def test_another_device_opens_the_file_there_and_keeps_ids(monkeypatch, model):
    frame = np.zeros((64, 64, 3), np.uint8)
    moved = YOLO()
    moved.track(frame, persist=True)
    first, follower = moved.session, moved._follower
    opened = []

    def open_there(path, device, threads):
        opened.append((path, device))
        return YOLO().session

    monkeypatch.setattr("numa_deploy.yolo.familiar.open_session", open_there)
    assert moved.to(1) is moved
    assert opened == [(default_model(), "cuda:1")]
    assert moved.session is not first
    moved.track(frame, persist=True)
    assert moved.model.session is moved.session
    assert moved._follower is follower


def test_what_asks_for_nothing_gives_the_model(model):
    assert model.fuse() is model.eval() is model
    assert model.overrides == {"model": str(default_model()), "task": "detect"}
    assert model.ckpt_path == model.model_name == str(default_model())


@pytest.mark.parametrize("word", sorted(WAYS))
def test_what_is_not_there_says_the_way_out(model, word):
    with pytest.raises(AttributeError, match=f"YOLO has no '{word}': "):
        getattr(model, word)
    with pytest.raises(AttributeError, match=f"YOLO has no '{word}': "):
        setattr(model, word, None)
    assert not hasattr(model, word)


def test_a_misspelt_word_gets_the_nearest(model):
    with pytest.raises(AttributeError, match=r"YOLO has no attribute 'predit' \(did you mean 'predict'\?\)"):
        _ = model.predit
    assert copy.copy(model).names == model.names


def test_verbose_says_what_was_opened(capsys):
    YOLO()
    assert not capsys.readouterr().out
    YOLO(None, "detect", True)
    assert capsys.readouterr().out == "yolox-nano.onnx: detect, 80 classes, onnxruntime on cpu\n"
