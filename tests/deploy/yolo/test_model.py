"""YOLO on the bundled detector: real files, real photographs."""

import types

import numpy as np
import pytest
from clips import write_clip

from numa_deploy import YOLO, Results
from numa_deploy.yolo.bundled import default_model, sample_clip, sample_photos
from numa_runtime.errors import ModelError, TrackerError, UsageError


@pytest.fixture(scope="module")
def model():
    return YOLO()


@pytest.fixture(scope="module")
def astronaut():
    return next(path for path in sample_photos() if path.stem == "astronaut")


def test_bundled_files_are_there():
    assert default_model().stat().st_size > 1e6
    assert sample_clip().stat().st_size > 1e5
    assert len(sample_photos()) >= 2


def test_predict_finds_the_astronaut(model, astronaut):
    (result,) = model.predict(astronaut)
    assert isinstance(result, Results)
    assert "person" in {model.names[c] for c in result.boxes.cls.tolist()}
    best = result.boxes[0]
    x1, y1, x2, y2 = best.xyxy[0].tolist()
    assert 0 <= x1 < x2 <= result.orig_shape[1]
    assert 0 <= y1 < y2 <= result.orig_shape[0]
    assert best.conf.item() > 0.5
    assert result.boxes.id.tolist() == [-1] * len(result)


def test_calling_is_predicting(model, astronaut):
    np.testing.assert_array_equal(model(astronaut)[0].boxes.xyxy, model.predict(astronaut)[0].boxes.xyxy)


def test_stream_is_a_generator_that_keeps_frames(model, astronaut):
    stream = model.predict(astronaut, stream=True)
    assert isinstance(stream, types.GeneratorType)
    assert next(stream).orig_img is not None


def test_a_list_keeps_no_frames_and_plots_all_the_same(model, astronaut):
    (result,) = model.predict(str(astronaut))
    assert result.orig_img is None
    assert result.plot().shape == (*result.orig_shape, 3)


def test_classes_by_name_and_number(model, astronaut):
    assert set(model.predict(astronaut, classes="person")[0].boxes.cls.tolist()) == {0}
    assert set(model.predict(astronaut, classes=[0])[0].boxes.cls.tolist()) == {0}


def test_settings_do_not_stick(model, astronaut):
    few = model.predict(astronaut, max_det=1)
    again = model.predict(astronaut)
    assert len(few[0]) == 1
    assert len(again[0]) >= 1
    assert model.model.options.max_det is None


def test_track_with_persist_continues_ids(model, astronaut):
    import cv2

    frame = cv2.imread(str(astronaut))
    ids = [set(model.track(frame, persist=k > 0, classes="person")[0].boxes.id.tolist()) for k in range(3)]
    assert ids[0]
    assert ids[0] <= ids[2]
    fresh = model.track(frame, classes="person")
    assert min(fresh[0].boxes.id.tolist()) == 1


def test_save_writes_files(model, tmp_path, astronaut):
    import cv2

    picture = cv2.resize(cv2.imread(str(astronaut)), (320, 320))
    clip = write_clip(tmp_path / "still.mp4", 4, picture=lambda _: picture)
    model.track(str(clip), save=True, save_mot=True, project=tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out/track/still").iterdir()) == ["still.mp4", "still.txt"]
    assert len(model.summary.files) == 2


def test_nothing_is_written_without_being_asked(model, tmp_path, monkeypatch, astronaut):
    monkeypatch.chdir(tmp_path)
    model.predict(astronaut)
    assert not list(tmp_path.iterdir())


def test_task_is_checked():
    assert YOLO(task="detect").task == "detect"
    with pytest.raises(UsageError, match="does detect, not pose"):
        YOLO(task="pose")


def test_unknown_words(model, astronaut):
    with pytest.raises(UsageError, match=r"no setting 'con' \(did you mean 'conf'\?\)"):
        model.predict(astronaut, con=0.3)
    with pytest.raises(TrackerError, match=r"there is no tracker 'deepsort.yaml'"):
        model.track(astronaut, tracker="deepsort.yaml")
    with pytest.raises(UsageError, match="track_bufer"):
        model.track(astronaut, track_bufer=30)


def test_missing_weights_say_where_to_get_them():
    with pytest.raises(ModelError, match="yolo11n"):
        YOLO("yolo11n.pt")


def test_a_run_may_name_the_device_there_is(model, astronaut):
    for word in ("cpu", None, "", "auto", torch_device("cpu")):
        assert len(model.predict(astronaut, device=word)[0])
        assert len(model.track(astronaut, device=word)[0])
    with pytest.raises(UsageError, match="this model runs on cpu; a run does not move it to cuda:0") as error:
        model.predict(astronaut, device=0)
    assert error.value.hint == ('open it there: YOLO(..., device="cuda:0"), or model.to("cuda:0") before the run')


class torch_device:
    """What torch.device("cpu") shows of itself."""

    def __init__(self, word):
        self.word = word

    def __str__(self):
        return self.word


def test_verbose_prints_a_line_per_frame_and_nothing_else_does(model, astronaut, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model.predict(astronaut, verbose=True)
    line, *rest = capsys.readouterr().out.splitlines()
    assert line.startswith("astronaut.jpg 1/1: 512x512 1 person, ")
    assert line.endswith(" ms")
    assert not rest
    frames = [np.zeros((64, 64, 3), np.uint8)] * 2
    model.track(frames, verbose=True)
    assert [text.rpartition(", ")[0] for text in capsys.readouterr().out.splitlines()] == [
        "frames 1/2: 64x64 nothing",
        "frames 2/2: 64x64 nothing",
    ]
    model.predict(astronaut, verbose=False)
    assert not capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_results_of_a_run_travel(model, astronaut):
    import pickle

    frame = cv2_read(astronaut)
    for source in (astronaut, frame, [frame]):
        (result,) = model.predict(source)
        sent = pickle.loads(pickle.dumps(result))
        assert np.array_equal(sent.plot(), result.plot())
        assert sent.boxes.data.tolist() == result.boxes.data.tolist()


def cv2_read(path):
    import cv2

    return cv2.imread(str(path))
