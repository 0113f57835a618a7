"""ReID networks of others: crops in, vectors out, and what is no such network is told so."""

import cv2
import numpy as np
import pytest
from onnx import TensorProto
from reid_files import reid
from tiny_onnx import fixed_answers, photograph, save

from numa_runtime.errors import ModelError
from numa_runtime.sessions.reid import ReidExtractor

BOXES = np.array([[5, 4, 40, 80], [60, 10, 110, 70], [-20, -20, 30, 40.0]])


def by_hand(frame, box, size=(64, 32)):
    """What torchreid's transform gives, averaged in 4 x 2 parts: numpy and cv2 alone."""
    x1, y1, x2, y2 = np.clip(box, 0, [frame.shape[1], frame.shape[0]] * 2).astype(int)
    crop = cv2.resize(frame[y1:y2, x1:x2], size[::-1])[..., ::-1] / 255.0
    crop = (crop - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    vector = crop.reshape(4, size[0] // 4, 2, size[1] // 2, 3).mean(axis=(1, 3)).transpose(2, 0, 1).ravel()
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("how", [{}, {"batch": 1}, {"batch": 2}, {"last": True}, {"rank4": True}])
def test_vectors_are_those_of_the_crops(tmp_path, how):
    frame = photograph()
    vectors = ReidExtractor(reid(tmp_path / "osnet.onnx", **how))(frame, BOXES)
    assert vectors.shape == (3, 24)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [by_hand(frame, box) for box in BOXES], atol=1e-5)


def test_many_boxes_are_the_same_as_one_by_one(tmp_path):
    frame, rng = photograph(), np.random.default_rng(0)
    corner = rng.uniform(0, 60, (75, 2))
    boxes = np.hstack([corner, corner + rng.uniform(2, 50, (75, 2))])
    together = ReidExtractor(reid(tmp_path / "many.onnx"))(frame, boxes)
    one = ReidExtractor(reid(tmp_path / "one.onnx", batch=1))(frame, boxes)
    np.testing.assert_allclose(together, one, atol=1e-5)


def test_uint8_inputs_get_pixels_as_they_are(tmp_path):
    frame = np.zeros((64, 32, 3), np.uint8)
    frame[:] = (10, 20, 200)  # blue, green, red
    vector = ReidExtractor(reid(tmp_path / "raw.onnx", kind=TensorProto.UINT8))(frame, [[0, 0, 32, 64]])[0]
    expected = np.repeat([200, 20, 10], 8)
    np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), atol=1e-6)


def test_nothing_to_see_is_zeros(tmp_path):
    extractor = ReidExtractor(reid(tmp_path / "osnet.onnx"))
    assert extractor(photograph(), np.zeros((0, 4))).shape == (0, 24)
    outside = extractor(photograph(), [[500, 500, 600, 600], [5, 4, 40, 80]])
    assert not outside[0].any()
    assert np.linalg.norm(outside[1]) == pytest.approx(1, abs=1e-5)


def test_sizes_are_the_files_and_usual_where_it_leaves_them_open(tmp_path):
    assert ReidExtractor(reid(tmp_path / "a.onnx", (128, 64))).size == (128, 64)
    free = ReidExtractor(reid(tmp_path / "b.onnx", (None, None), spatial=False))
    assert free.size == (256, 128)
    assert free.batch == 32


def test_grey_frames_are_looked_at_too(tmp_path):
    grey = photograph()[..., 0]
    extractor = ReidExtractor(reid(tmp_path / "osnet.onnx"))
    np.testing.assert_allclose(extractor(grey, BOXES), extractor(np.dstack([grey] * 3), BOXES), atol=1e-6)


def test_what_is_no_reid_network_is_told(tmp_path):
    spatial = reid(tmp_path / "map.onnx", spatial=True)
    with pytest.raises(ModelError, match=r"map\.onnx is no ReID network: it gives features .*and no vector"):
        ReidExtractor(spatial)
    detector = save(fixed_answers({"boxes": np.zeros((1, 9, 4), np.float32)}), tmp_path / "yolo.onnx")
    with pytest.raises(ModelError, match=r"gives boxes \[1, 9, 4\] float32, and no vector"):
        ReidExtractor(detector)
    two = save(fixed_answers({"v": np.zeros((1, 9), np.float32)}, sizes_input=True), tmp_path / "two.onnx")
    with pytest.raises(ModelError, match=r"it takes images .*orig_target_sizes"):
        ReidExtractor(two)
    with pytest.raises(ModelError, match=r"none\.onnx"):
        ReidExtractor(tmp_path / "none.onnx")
    (tmp_path / "osnet.txt").write_text("weights")
    with pytest.raises(ModelError):
        ReidExtractor(tmp_path / "osnet.txt")


def test_an_answer_that_is_not_a_vector_for_each_crop_is_refused(tmp_path):
    short = save(fixed_answers({"v": np.zeros((2, 9), np.float32)}), tmp_path / "short.onnx")
    with pytest.raises(ModelError, match=r"gave \(2, 9\) for 1 crops"):
        ReidExtractor(short)(photograph(), BOXES)
    bad = save(fixed_answers({"v": np.full((1, 9), np.nan, np.float32)}), tmp_path / "bad.onnx")
    with pytest.raises(ModelError, match="not finite"):
        ReidExtractor(bad)(photograph(), BOXES)
