import numpy as np
import pytest
from bright_session import BrightSession, frame_with

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.model import FrameInfo, Model
from numa_runtime.pipeline.options.prediction import PredictionOptions, class_indices


def test_boxes_come_back_in_source_pixels():
    result = Model(BrightSession())(frame_with((10, 20, 40, 50)))
    assert result.orig_shape == (96, 128)
    np.testing.assert_allclose(result.boxes.xyxy, [[10, 20, 40, 50]], atol=2.0)
    assert result.verbose() == "1 left"
    assert set(result.speed) == {"preprocess", "inference", "postprocess"}


def test_where_a_frame_came_from_is_kept():
    result = Model(BrightSession())(frame_with(), FrameInfo("a.mp4", 7, 0.28))
    assert (result.path, result.frame_index, result.timestamp) == ("a.mp4", 7, 0.28)
    assert result.boxes.xyxy.shape == (0, 4)


def test_frames_of_another_size_are_fitted_anew():
    model = Model(BrightSession())
    model(frame_with((10, 20, 40, 50)))
    result = model(frame_with((20, 40, 80, 100), size=(192, 256)))
    np.testing.assert_allclose(result.boxes.xyxy, [[20, 40, 80, 100]], atol=4.0)


def test_class_filter_and_conf():
    frame = frame_with((10, 20, 40, 50), (80, 20, 120, 50))
    both = Model(BrightSession())(frame)
    assert sorted(both.boxes.cls.tolist()) == [0, 1]
    assert Model(BrightSession(), PredictionOptions(classes=(1,)))(frame).boxes.cls.tolist() == [1]
    assert len(Model(BrightSession(score=0.3), PredictionOptions(conf=0.5))(frame)) == 0


def test_clip_network_sees_the_window_oldest_first():
    session = BrightSession(frames=3)
    model = Model(session)
    padded = [model(np.full((64, 64, 3), level, np.uint8)).padded for level in (10, 20, 30, 40)]
    assert padded == [True, True, False, False]
    assert [clip[:, 32, 32].tolist() for clip in session.seen] == [[10] * 3, [10, 10, 20], [10, 20, 30], [20, 30, 40]]


def test_start_begins_a_new_window_and_stills_are_copies():
    session = BrightSession(frames=3)
    model = Model(session)
    model(np.full((64, 64, 3), 10, np.uint8))
    model.start()
    model(np.full((64, 64, 3), 50, np.uint8))
    model.start(still=True)
    model(np.full((64, 64, 3), 60, np.uint8))
    model(np.full((64, 64, 3), 70, np.uint8))
    model.start()
    model(np.full((64, 64, 3), 80, np.uint8))
    model(np.full((64, 64, 3), 90, np.uint8))
    assert [clip[:, 32, 32].tolist() for clip in session.seen[1:]] == [
        [50] * 3,
        [60] * 3,
        [70] * 3,
        [80] * 3,
        [80, 80, 90],
    ]


def test_class_names_and_numbers():
    spec = BrightSession().spec
    assert class_indices(["Right", 0, "1"], spec.names) == (1, 0, 1)
    assert class_indices(None, spec.names) is None
    with pytest.raises(UsageError, match=r"no class 'rigth' \(did you mean 'right'\?\)"):
        class_indices(["rigth"], spec.names)
    with pytest.raises(UsageError, match="class 2 does not exist: the model has classes 0 to 1"):
        class_indices([2], spec.names)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"conf": 1.5}, "conf is 1.5; it must lie between 0 and 1"),
        ({"max_det": 0}, "max_det is 0; it must be 1 or more"),
    ],
)
def test_options_out_of_range(words, sentence):
    with pytest.raises(UsageError, match=sentence):
        PredictionOptions(**words)
