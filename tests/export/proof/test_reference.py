import numpy as np

from numa_export.proof.reference import anchor_grid, decode_end2end, decode_ultralytics, decode_yolox, decoder_for
from numa_runtime.contract import Layout


def test_the_grid_runs_row_by_row_through_the_levels():
    grid = anchor_grid(64, 96, (8, 16, 32))
    assert grid.shape == (8 * 12 + 4 * 6 + 2 * 3, 3)
    assert grid[0].tolist() == [0, 0, 8]
    assert grid[13].tolist() == [1, 1, 8]
    assert grid[96].tolist() == [0, 0, 16]
    assert grid[-1].tolist() == [2, 1, 32]


def test_one_yolox_anchor_by_hand():
    raw = np.zeros((1, 126, 7), np.float32)
    raw[0, 13] = [0.5, 0.25, np.log(2), np.log(4), 0.5, 0.2, 0.8]
    found = decode_yolox(raw, anchor_grid(64, 96, (8, 16, 32)), 3)
    np.testing.assert_allclose(found["boxes"][0, 0], [12 - 8, 10 - 16, 12 + 8, 10 + 16], atol=1e-5)
    np.testing.assert_allclose(found["scores"][0, 0], [0.1, 0.4])


def test_one_ultralytics_anchor_by_hand():
    raw = np.zeros((1, 4 + 1 + 4, 126), np.float32)
    raw[0, :, 20] = [50, 40, 20, 10, 0.9, 1, 2, 3, 4]
    found = decode_ultralytics(raw, 1, (2, 2), 2)
    np.testing.assert_allclose(found["boxes"][0, 0], [40, 35, 60, 45])
    np.testing.assert_allclose(found["keypoints"][0, 0], [[1, 2, 1], [3, 4, 1]])
    assert found["scores"].shape == (1, 2, 1)


def test_finished_rows_are_only_split():
    raw = np.arange(2 * 9, dtype=np.float32).reshape(1, 2, 9)
    found = decode_end2end(raw, (1, 3))
    np.testing.assert_array_equal(found["detections"], raw[..., :6])
    np.testing.assert_array_equal(found["keypoints"][0, :, 0], raw[0, :, 6:])


def test_each_layout_has_its_decoder():
    grid = anchor_grid(64, 96, (8, 16, 32))
    shapes = {
        Layout.YOLOX_RAW: (1, 126, 7),
        Layout.ULTRALYTICS_RAW: (1, 6, 126),
        Layout.ULTRALYTICS_END2END: (1, 20, 6),
    }
    names = {
        layout: set(decoder_for(layout, 2, (0, 0), grid, 10)(np.zeros(shape, np.float32)))
        for layout, shape in shapes.items()
    }
    assert names[Layout.YOLOX_RAW] == names[Layout.ULTRALYTICS_RAW] == {"boxes", "scores"}
    assert names[Layout.ULTRALYTICS_END2END] == {"detections"}
