"""Each layout gives the records that were put in; one object is one record."""

from __future__ import annotations

import numpy as np
import pytest
from vision_specs import spec

from numa_runtime.contract import Layout
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode import DecodeOptions, decoder_for
from numa_runtime.vision.decode.yolox import grid

BOXES = np.array([[5, 6, 25, 30], [100, 100, 140, 180], [6, 6, 25, 31], [300, 20, 310, 60]], np.float32)
SCORES = np.array([[0.1, 0.6, 0.2], [0.9, 0.05, 0.4], [0.1, 0.5, 0.1], [0.2, 0.1, 0.1]], np.float32)
POINTS = np.arange(4 * 2 * 3, dtype=np.float32).reshape(4, 2, 3)
OPTIONS = DecodeOptions(conf=0.25, iou=0.7)
KEPT = [1, 0]
"""Box 1 is the best, 2 is hidden by 0, 3 is too weak."""


def check(found, points=None):
    np.testing.assert_allclose(found.xyxy, BOXES[KEPT], atol=1e-3)
    np.testing.assert_allclose(found.conf, [0.9, 0.6], rtol=1e-6)
    assert found.cls.tolist() == [0, 1]
    assert found.id.tolist() == [-1, -1]
    if points is None:
        assert found.keypoints.shape == (2, 0, 3)
    else:
        np.testing.assert_array_equal(found.keypoints, points[KEPT])


def batched(array):
    """Put the item second in a batch whose first is different."""
    return np.stack([np.full_like(array, 0.01), array])


def test_candidates():
    outputs = {"boxes": batched(BOXES), "scores": batched(SCORES)}
    check(decoder_for(spec())(outputs, 1, OPTIONS).detections)
    assert len(decoder_for(spec())(outputs, 0, OPTIONS).detections) == 0


def test_candidates_with_keypoints():
    outputs = {"boxes": batched(BOXES), "scores": batched(SCORES), "keypoints": batched(POINTS)}
    check(decoder_for(spec(keypoints=(2, 3)))(outputs, 1, OPTIONS).detections, POINTS)


def test_candidates_that_disagree_are_refused():
    outputs = {"boxes": batched(BOXES), "scores": batched(SCORES[:3])}
    with pytest.raises(ContractError, match=r"output 'scores' has shape \(3, 3\) per image; .* needs 4 rows"):
        decoder_for(spec())(outputs, 1, OPTIONS)
    with pytest.raises(ContractError, match=r"output 'boxes' has shape \(4, 3\) per image"):
        decoder_for(spec())({"boxes": batched(SCORES), "scores": batched(SCORES)}, 1, OPTIONS)


def test_options_reach_the_nms():
    decode, outputs = decoder_for(spec()), {"boxes": BOXES[None], "scores": SCORES[None]}
    assert decode(outputs, 0, DecodeOptions(iou=0.95)).detections.cls.tolist() == [0, 1, 1]
    assert decode(outputs, 0, DecodeOptions(max_det=1)).detections.cls.tolist() == [0]
    assert decode(outputs, 0, DecodeOptions(classes=(1,))).detections.cls.tolist() == [1]
    assert decode(outputs, 0, DecodeOptions(multi_label=True)).detections.cls.tolist() == [0, 1, 2]
    agnostic = DecodeOptions(multi_label=True, agnostic_nms=True)
    assert decode(outputs, 0, agnostic).detections.cls.tolist() == [0, 1]


def rows():
    order = [0, 1, 3]
    best = SCORES.argmax(axis=1)
    return np.column_stack([BOXES, SCORES.max(axis=1), best])[order].astype(np.float32), POINTS[order]


def test_final():
    table, points = rows()
    outputs = {"detections": batched(table), "keypoints": batched(points)}
    check(decoder_for(spec(Layout.FINAL))(outputs, 1, OPTIONS).detections)
    check(decoder_for(spec(Layout.FINAL, keypoints=(2, 3)))(outputs, 1, OPTIONS).detections, POINTS)


def test_final_rows_are_filtered_not_suppressed():
    table = np.array([[0, 0, 9, 9, 0.5, 1], [0, 0, 9, 9, 0.5, 0], [0, 0, 9, 9, 0.25, 1], [1, 1, 2, 2, 0.8, 2]], float)
    decode, outputs = decoder_for(spec(Layout.FINAL)), {"detections": table[None]}
    assert decode(outputs, 0, OPTIONS).detections.cls.tolist() == [2, 1, 0], "a score equal to conf is dropped"
    assert decode(outputs, 0, DecodeOptions(classes=(1, 2))).detections.cls.tolist() == [2, 1]
    assert decode(outputs, 0, DecodeOptions(max_det=2)).detections.cls.tolist() == [2, 1]
    with pytest.raises(ContractError, match=r"needs \(M, 6\)"):
        decode({"detections": table[None, :, :5]}, 0, OPTIONS)


def raw():
    size = BOXES[:, 2:] - BOXES[:, :2]
    return np.column_stack([BOXES[:, :2] + size / 2, size, SCORES]).T


def test_ultralytics_raw():
    check(
        decoder_for(spec(Layout.ULTRALYTICS_RAW, outputs=("output0",)))(
            {"output0": batched(raw())}, 1, OPTIONS
        ).detections
    )


@pytest.mark.parametrize("values", [2, 3])
def test_ultralytics_raw_with_keypoints(values):
    points = POINTS.copy()
    points[..., 2] = 1 if values == 2 else points[..., 2]
    table = np.concatenate([raw(), points[..., :values].reshape(4, -1).T])
    decode = decoder_for(spec(Layout.ULTRALYTICS_RAW, outputs=("output0",), keypoints=(2, values)))
    check(decode({"output0": batched(table)}, 1, OPTIONS).detections, points)


def test_ultralytics_raw_multi_label_keeps_weaker_classes():
    decode = decoder_for(spec(Layout.ULTRALYTICS_RAW, outputs=("output0",)))
    found = decode({"output0": raw()[None]}, 0, DecodeOptions(multi_label=True)).detections
    assert found.cls.tolist() == [0, 1, 2]


def test_ultralytics_raw_that_does_not_fit_the_names_is_refused():
    decode = decoder_for(spec(Layout.ULTRALYTICS_RAW, outputs=("output0",), names=80))
    with pytest.raises(ContractError, match=r"'output0' has shape \(7, 4\) per image; .* \(4 \+ 80 classes, anchors\)"):
        decode({"output0": raw()[None]}, 0, OPTIONS)


def test_ultralytics_end_to_end():
    table, points = rows()
    plain = decoder_for(spec(Layout.ULTRALYTICS_END2END, outputs=("output0",)))
    check(plain({"output0": batched(table)}, 1, OPTIONS).detections)
    pose = decoder_for(spec(Layout.ULTRALYTICS_END2END, outputs=("output0",), keypoints=(2, 3)))
    wide = np.hstack([table, points.reshape(3, -1)])
    check(pose({"output0": batched(wide)}, 1, OPTIONS).detections, POINTS)
    with pytest.raises(ContractError, match=r"needs \(M, 12\)"):
        pose({"output0": batched(table)}, 1, OPTIONS)


def yolox_raw(height, width, names=3):
    """Invert the grid decode for BOXES, each in the cell and level that a trainer would choose."""
    strides = (8, 16, 32)
    cells, lengths = grid(height, width, strides)
    table = np.zeros((len(cells), 5 + names), np.float32)
    for at, box in enumerate(BOXES):
        centre, size = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
        row = np.flatnonzero((lengths == strides[at % 3]) & (cells == centre // strides[at % 3]).all(axis=1))[0]
        table[row, :2] = centre / lengths[row] - cells[row]
        table[row, 2:4] = np.log(size / lengths[row])
        table[row, 4], table[row, 5:] = 0.95, SCORES[at] / 0.95
    return table


@pytest.mark.parametrize("size", [(416, 416), (192, 416)])
def test_yolox(size):
    decode = decoder_for(spec(Layout.YOLOX_RAW, outputs=("output",), size=size))
    check(decode({"output": batched(yolox_raw(*size))}, 1, OPTIONS).detections)
    dynamic = decoder_for(spec(Layout.YOLOX_RAW, outputs=("output",), size=(None, None)), size)
    check(dynamic({"output": batched(yolox_raw(*size))}, 1, OPTIONS).detections)


def test_yolox_that_does_not_fit_is_refused():
    decode = decoder_for(spec(Layout.YOLOX_RAW, outputs=("output",), size=(416, 416)))
    with pytest.raises(ContractError, match=r"\(3000, 8\) per image; .* with the anchors of a 416x416 input"):
        decode({"output": np.zeros((1, 3000, 8), np.float32)}, 0, OPTIONS)
    dynamic = decoder_for(spec(Layout.YOLOX_RAW, outputs=("output",), size=(None, None)))
    with pytest.raises(ContractError, match="its input size is not known") as error:
        dynamic({"output": np.zeros((1, 3549, 8), np.float32)}, 0, OPTIONS)
    assert error.value.hint == "decoder_for(spec, size) takes it"


def test_grid_counts_the_cells():
    cells, strides = grid(416, 416, (8, 16, 32))
    assert len(cells) == len(strides) == 3549
    assert cells[53].tolist() == [1, 1], "row by row, x first"


BALLS = np.array(
    [[[10 * t + k, t, 10 * t + k + 3, t, 0.9 - 0.2 * k - 0.01 * t, 0] for k in range(5)] for t in range(10)], np.float32
)


def test_multitask_gives_the_newest_frames_balls_and_all_of_them():
    decode = decoder_for(spec(Layout.MULTITASK, outputs=("boxes", "scores", "keypoints", "balls"), keypoints=(2, 3)))
    outputs = {
        "boxes": batched(BOXES),
        "scores": batched(SCORES),
        "keypoints": batched(POINTS),
        "balls": batched(BALLS),
    }
    found = decode(outputs, 1, OPTIONS)
    check(found.detections, POINTS)
    assert found.balls.xy[:, 0].tolist() == [90, 91, 92], "frame 9, scores above .25"
    assert np.array_equal(found.window, BALLS)
    assert found.balls_at(0, 0.6).xy[:, 0].tolist() == [0, 1]
    assert len(decode(outputs, 1, DecodeOptions(conf=0.7)).balls) == 1
    outputs["balls"][1] = 0
    assert found.window[3, 0, 0] == 30, "the window outlives the session's memory"


def test_multitask_without_one_head():
    balls_only = decoder_for(spec(Layout.MULTITASK, outputs=("balls",)))({"balls": BALLS[None]}, 0, OPTIONS)
    assert (len(balls_only.detections), len(balls_only.balls)) == (0, 3)
    pose_only = decoder_for(spec(Layout.MULTITASK, outputs=("boxes", "scores")))(
        {"boxes": BOXES[None], "scores": SCORES[None]}, 0, OPTIONS
    )
    check(pose_only.detections)
    assert len(pose_only.balls) == len(pose_only.window) == 0


def test_multitask_balls_of_another_shape_are_refused():
    decode = decoder_for(spec(Layout.MULTITASK, outputs=("balls",)))
    with pytest.raises(ContractError, match=r"output 'balls' has shape \(10, 5, 5\) per image"):
        decode({"balls": BALLS[None, ..., :5]}, 0, OPTIONS)
