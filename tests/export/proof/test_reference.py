import numpy as np
import pytest

from numa_export.proof.reference import anchor_grid, decode_end2end, decode_rows, decode_ultralytics, decoder_for
from numa_runtime.contract import InputSpec, Layout, ModelSpec, OutputSpec, Task


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
    found = decode_rows(raw, 5, anchor_grid(64, 96, (8, 16, 32)), 3)
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


SHAPES = {
    Layout.YOLOX_RAW: [(1, 126, 7)],
    Layout.OBJECTNESS_ROWS: [(1, 126, 7)],
    Layout.CLASS_ROWS: [(1, 126, 6)],
    Layout.BOXES_AND_SCORES: [(1, 126, 4), (1, 126, 2)],
    Layout.LABELLED_ROWS: [(1, 126, 6)],
    Layout.ULTRALYTICS_RAW: [(1, 6, 126)],
    Layout.ULTRALYTICS_END2END: [(1, 20, 6)],
    Layout.QUERY_ROWS: [(1, 20, 6)],
    Layout.QUERY_LOGITS: [(1, 20, 4), (1, 20, 2)],
    Layout.LABELLED_BOXES: [(1, 20, 4), (1, 20), (1, 20)],
    Layout.BATCH_ROWS: [(20, 7)],
    Layout.HEAT_MAPS: [(1, 3, 64, 96)],
    Layout.HEAT_MAP_LOGITS: [(1, 3, 64, 96)],
}


@pytest.mark.parametrize("layout", [layout for layout in Layout if not layout.is_ours])
def test_each_layout_has_its_decoder(layout):
    outputs = tuple(OutputSpec(f"out{at}", shape) for at, shape in enumerate(SHAPES[layout]))
    spec = ModelSpec(Task.DETECT, ("a", "b"), 32, InputSpec(64, 96), outputs, layout)
    arrays = {output.name: np.zeros(output.shape, np.float32) for output in outputs}
    found = decoder_for(spec, 10, (8, 16, 32))(arrays, (64, 96))
    if layout.is_heat_maps:
        assert found["balls"].shape == (1, 3, 5, 6)
    elif layout.needs_nms:
        assert {name: array.shape for name, array in found.items()} == {"boxes": (1, 10, 4), "scores": (1, 10, 2)}
    else:
        assert {name: array.shape for name, array in found.items()} == {"detections": (1, 20, 6)}


def test_a_query_by_hand():
    spec = ModelSpec(Task.DETECT, ("a", "b"), 32, InputSpec(64, 96), (OutputSpec("q", (1, 1, 6)),), Layout.QUERY_ROWS)
    raw = np.float32([[[0.5, 0.25, 0.5, 0.5, 0.2, 0.7]]])
    found = decoder_for(spec, 10)({"q": raw}, (64, 96))["detections"]
    np.testing.assert_allclose(found[0, 0], [24, 0, 72, 32, 0.7, 1])
