import pytest

from numa_runtime.contract import Layout
from numa_runtime.contract.arrays import arrays_of, grid_of
from numa_runtime.contract.tensor import TensorInfo

SIZE = (640, 640)
OPEN = (None, None)


def outs(**shapes):
    return [TensorInfo(name.removeprefix("_"), shape, "float32") for name, shape in shapes.items()]


@pytest.mark.parametrize(
    ("layout", "outputs", "size", "classes", "rows"),
    [
        (Layout.ULTRALYTICS_RAW, outs(o=(1, 6, 8400)), SIZE, 2, 8400),
        (Layout.ULTRALYTICS_RAW, outs(o=("b", 6, "a")), OPEN, 2, None),
        (Layout.ULTRALYTICS_END2END, outs(o=(1, 300, 6)), SIZE, None, 300),
        (Layout.YOLOX_RAW, outs(o=(1, 8400, 85)), SIZE, 80, 8400),
        (Layout.OBJECTNESS_ROWS, outs(o=(1, 25200, 6)), SIZE, 1, 25200),
        (Layout.OBJECTNESS_ROWS, outs(o=(1, 8400, 6)), SIZE, 1, 8400),
        (Layout.OBJECTNESS_ROWS, outs(o=("b", "n", 85)), OPEN, 80, None),
        (Layout.CLASS_ROWS, outs(o=(1, 8400, 84)), SIZE, 80, 8400),
        (Layout.BOXES_AND_SCORES, outs(x=(1, 8400, 80), y=(1, 8400, 4)), SIZE, 80, 8400),
        (Layout.LABELLED_ROWS, outs(o=(1, 8400, 6)), SIZE, None, 8400),
        (Layout.LABELLED_ROWS, outs(boxes=(1, 9, 4), scores=(1, 9, 1), classes=(1, 9, 1)), SIZE, None, 9),
        (Layout.QUERY_ROWS, outs(o=(1, 300, 6)), SIZE, 2, 300),
        (Layout.QUERY_LOGITS, outs(labels=(1, 300, 91), dets=(1, 300, 4)), SIZE, 91, 300),
        (Layout.QUERY_LOGITS, outs(labels=(1, 300, 4), dets=(1, 300, 4)), SIZE, 4, 300),
        (Layout.LABELLED_BOXES, outs(labels=(1, 300), boxes=(1, 300, 4), scores=(1, 300)), SIZE, None, 300),
        (
            Layout.LABELLED_BOXES,
            outs(num_dets=(1, 1), det_boxes=(1, 100, 4), det_scores=(1, 100), det_classes=(1, 100)),
            SIZE,
            None,
            100,
        ),
        (Layout.BATCH_ROWS, outs(output=("n", 7)), SIZE, None, None),
    ],
)
def test_each_layout_is_found(layout, outputs, size, classes, rows):
    found = arrays_of(layout, outputs, size)
    assert (found.layout, found.classes, found.rows, found.keypoints) == (layout, classes, rows, None)
    assert {info.name for info in found.outputs} == {info.name for info in outputs if info.name != "num_dets"}


@pytest.mark.parametrize(
    ("layout", "outputs", "names"),
    [
        (Layout.QUERY_LOGITS, outs(labels=(1, 300, 4), dets=(1, 300, 4)), ["dets", "labels"]),
        (Layout.BOXES_AND_SCORES, outs(x=(1, 8400, 80), y=(1, 8400, 4)), ["y", "x"]),
        (
            Layout.LABELLED_BOXES,
            outs(labels=(1, 9), boxes=(1, 9, 4), scores=(1, 9)),
            ["boxes", "scores", "labels"],
        ),
    ],
)
def test_arrays_come_in_the_layouts_order(layout, outputs, names):
    assert [info.name for info in arrays_of(layout, outputs, SIZE).outputs] == names


@pytest.mark.parametrize(
    ("layout", "outputs", "size"),
    [
        (Layout.ULTRALYTICS_RAW, outs(o=(1, 300, 84)), OPEN),
        (Layout.ULTRALYTICS_END2END, outs(o=(1, 8400, 6)), SIZE),
        (Layout.ULTRALYTICS_END2END, outs(o=(1, 3087, 6)), (224, 224)),
        (Layout.YOLOX_RAW, outs(o=(1, 8500, 85)), SIZE),
        (Layout.YOLOX_RAW, outs(o=("b", "n", 85)), OPEN),
        (Layout.OBJECTNESS_ROWS, outs(o=(1, 8400, 5)), SIZE),
        (Layout.OBJECTNESS_ROWS, outs(o=(1, 300, 6)), OPEN),
        (Layout.CLASS_ROWS, outs(o=(1, 8400, 4)), SIZE),
        (Layout.BOXES_AND_SCORES, outs(x=(1, 8400, 4), y=(1, 8400, 4)), SIZE),
        (Layout.QUERY_ROWS, outs(o=(1, 8400, 84)), SIZE),
        (Layout.QUERY_ROWS, outs(o=(1, 84, 1029)), (224, 224)),
        (Layout.ULTRALYTICS_END2END, outs(o=(1, 9, 8400)), SIZE),
        (Layout.QUERY_LOGITS, outs(dets=(1, 300, 4), labels=(1, 200, 91)), SIZE),
        (Layout.QUERY_LOGITS, outs(dets=(1, 300, 4), labels=(1, 300, 91), masks=(1, 300, 9, 9)), SIZE),
        (Layout.LABELLED_BOXES, outs(labels=(1, 9), boxes=(1, 9, 5), scores=(1, 9)), SIZE),
        (Layout.BATCH_ROWS, outs(o=(3, 6)), SIZE),
    ],
)
def test_near_misses_are_not_taken(layout, outputs, size):
    assert arrays_of(layout, outputs, size) is None


def test_keypoints_are_seen_where_the_shape_says_them():
    assert arrays_of(Layout.ULTRALYTICS_RAW, outs(o=(1, 56, 8400)), SIZE).keypoints == (17, 3)
    assert arrays_of(Layout.ULTRALYTICS_END2END, outs(o=(1, 300, 21)), SIZE).keypoints == (5, 3)


def test_three_candidates_a_cell_are_another_grid():
    assert grid_of(25200, SIZE, 3) == grid_of(8400, SIZE) == (8, 16, 32)
    assert grid_of(25200, SIZE) is None
    assert grid_of(25200, OPEN, 3) is None
