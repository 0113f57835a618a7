"""Each foreign layout gives the boxes that were put in, and a first run's values confirm or refuse it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from vision_specs import spec

from numa_runtime.contract import Layout, OutputSpec
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode import DecodeOptions, decoder_for

SIZE = (320, 640)
BOXES = np.array([[5, 6, 25, 30], [100, 100, 140, 180], [6, 6, 25, 31], [300, 20, 310, 60]], np.float32)
SCORES = np.array([[0.1, 0.6, 0.2], [0.9, 0.05, 0.4], [0.1, 0.5, 0.1], [0.2, 0.1, 0.1]], np.float32)
BEST, LABELS = SCORES.max(axis=1), SCORES.argmax(axis=1).astype(np.float32)
CENTRED = np.hstack([(BOXES[:, :2] + BOXES[:, 2:]) / 2, BOXES[:, 2:] - BOXES[:, :2]])
FRACTIONS = CENTRED / np.float32([640, 320, 640, 320])
LOGITS = np.log(SCORES / (1 - SCORES))
ROWS = np.hstack([BOXES, BEST[:, None], LABELS[:, None]])
ARRAYS = {
    Layout.OBJECTNESS_ROWS: [np.hstack([CENTRED, np.full((4, 1), 0.95, np.float32), SCORES / 0.95])],
    Layout.CLASS_ROWS: [np.hstack([CENTRED, SCORES])],
    Layout.BOXES_AND_SCORES: [BOXES, SCORES],
    Layout.LABELLED_ROWS: [ROWS],
    Layout.QUERY_ROWS: [np.hstack([FRACTIONS, SCORES])],
    Layout.QUERY_LOGITS: [FRACTIONS, LOGITS],
    Layout.LABELLED_BOXES: [BOXES, BEST, LABELS],
}


def contract(layout, arrays, size=SIZE):
    outputs = tuple(OutputSpec(f"out{at}", array.shape) for at, array in enumerate(arrays))
    return replace(spec(layout, size=size), outputs=outputs)


def batches(layout):
    """Put the item second in a batch whose first shows nothing."""
    arrays = [np.stack([np.full_like(array, 0), array]) for array in ARRAYS[layout]]
    if layout is Layout.QUERY_LOGITS:
        arrays[1][0] = -9
    return contract(layout, arrays), {f"out{at}": array for at, array in enumerate(arrays)}


@pytest.mark.parametrize("layout", ARRAYS)
def test_what_was_put_in_comes_out(layout):
    told, outputs = batches(layout)
    decode = decoder_for(told, SIZE)
    assert len(decode(outputs, 0, DecodeOptions()).detections) == 0
    found = decode(outputs, 1, DecodeOptions()).detections
    kept = [1, 0] if layout.needs_nms else [1, 0, 2]  # 2 is hidden by 0 where anything is suppressed
    np.testing.assert_allclose(found.xyxy, BOXES[kept], atol=1e-3)
    np.testing.assert_allclose(found.conf, BEST[kept], rtol=1e-5)
    assert found.cls.tolist() == LABELS[kept].tolist()


@pytest.mark.parametrize("layout", ARRAYS)
def test_options_reach_every_layout(layout):
    told, outputs = batches(layout)
    decode = decoder_for(told, SIZE)
    assert decode(outputs, 1, DecodeOptions(max_det=1)).detections.cls.tolist() == [0]
    assert decode(outputs, 1, DecodeOptions(conf=0.7)).detections.cls.tolist() == [0]
    assert set(decode(outputs, 1, DecodeOptions(classes=(1,))).detections.cls.tolist()) == {1}
    assert len(decode(outputs, 1, DecodeOptions(conf=0.99)).detections) == 0


def test_rows_of_a_batch_say_which_image_they_are_of():
    table = np.array([[0, *BOXES[0], 1, 0.6], [1, *BOXES[1], 0, 0.9], [1, *BOXES[0], 1, 0.6]], np.float32)
    decode = decoder_for(contract(Layout.BATCH_ROWS, [table]))
    np.testing.assert_allclose(decode({"out0": table}, 0, DecodeOptions()).detections.xyxy, BOXES[:1])
    np.testing.assert_allclose(decode({"out0": table}, 1, DecodeOptions()).detections.xyxy, BOXES[[1, 0]])
    assert len(decode({"out0": table[:0]}, 0, DecodeOptions()).detections) == 0


def test_deepstreams_three_outputs_are_the_same_rows():
    arrays = [BOXES[None], BEST[None, :, None], LABELS[None, :, None]]
    decode = decoder_for(contract(Layout.LABELLED_ROWS, arrays))
    found = decode({f"out{at}": array for at, array in enumerate(arrays)}, 0, DecodeOptions()).detections
    np.testing.assert_allclose(found.xyxy, BOXES[[1, 0]])


def test_fractions_of_a_dynamic_input_follow_the_size_it_is_run_at():
    told, outputs = batches(Layout.QUERY_ROWS)
    told = replace(told, input=replace(told.input, height=None, width=None))
    np.testing.assert_allclose(decoder_for(told, SIZE)(outputs, 1, DecodeOptions()).detections.xyxy[0], BOXES[1])
    with pytest.raises(ContractError, match="its size is not known"):
        decoder_for(told)(outputs, 1, DecodeOptions())


@pytest.mark.parametrize(
    ("layout", "arrays", "sentence"),
    [
        (Layout.OBJECTNESS_ROWS, [np.zeros((1, 4, 9), np.float32)], r"\(n, 5 \+ 3 classes\)"),
        (Layout.BOXES_AND_SCORES, [BOXES[None], SCORES[None, :3]], "a box for each row of scores"),
        (Layout.LABELLED_BOXES, [BOXES[None], BEST[None, :3], LABELS[None]], "a box for each score"),
        (Layout.BATCH_ROWS, [np.zeros((2, 6), np.float32)], r"\(n, 7\): image"),
    ],
)
def test_arrays_of_another_shape_are_refused(layout, arrays, sentence):
    outputs = {f"out{at}": array for at, array in enumerate(arrays)}
    with pytest.raises(ContractError, match=sentence):
        decoder_for(contract(layout, arrays), SIZE)(outputs, 0, DecodeOptions())


def grid_file(row):
    """All rows of a 640x640 grid, one of which says something."""
    table = np.zeros((1, 8400, len(row)), np.float32)
    table[0, 7] = row
    return table


@pytest.mark.parametrize(
    ("row", "sentence", "families"),
    [
        ([200, 260, 200, 280, 0.9, 0.99], "sizes of e^280 cells; they are decoded already", ["yolov6", "yolox"]),
        ([100, 120, 300, 400, 0.9, 5], "scores between 0 and 5 are no probabilities", ["deepstream"]),
        ([0.1, 0.2, 0.3, 0.4, -3, 6], "objectness between -3 and 0 are no probabilities", []),
    ],
)
def test_rows_that_only_look_like_yolox_are_refused_with_who_may_have_written_them(row, sentence, families):
    table = grid_file(row)
    told = replace(contract(Layout.YOLOX_RAW, [table], (640, 640)), names=("a",))
    with pytest.raises(ContractError) as error:
        decoder_for(told, (640, 640), "/far/best.onnx")({"out0": table}, 0, DecodeOptions())
    assert error.value.what.startswith("/far/best.onnx was read as yolox-raw, and its values are not: ")
    assert sentence in error.value.what
    assert all(word in error.value.what for word in families)
    if families:
        assert error.value.hint.startswith("numa-deploy adopt /far/best.onnx --family ")
    else:
        assert "docs/how-to/foreign-files.md" in error.value.hint


@pytest.mark.parametrize(
    ("layout", "instead", "sentence"),
    [
        (Layout.QUERY_ROWS, [np.hstack([CENTRED, SCORES])], "pixels, not fractions"),
        (Layout.ULTRALYTICS_END2END, [np.hstack([FRACTIONS, ROWS[:, 4:]])], "fractions or cells, not pixels"),
        (Layout.CLASS_ROWS, [np.hstack([FRACTIONS, SCORES])], "fractions or cells, not pixels"),
        (Layout.QUERY_LOGITS, [FRACTIONS, SCORES], "what should be logits lies between 0.05 and 0.9"),
        (Layout.BOXES_AND_SCORES, [CENTRED, SCORES], "they are no corners"),
        (Layout.LABELLED_ROWS, [np.hstack([BOXES, LABELS[:, None] + 0.5, BEST[:, None]])], "are no probabilities"),
        (Layout.LABELLED_BOXES, [BOXES, BEST, LABELS + 0.5], "classes are no whole numbers"),
        (Layout.LABELLED_BOXES, [BOXES, BEST, LABELS + 7], "class 8 of 3 names"),
        (Layout.OBJECTNESS_ROWS, [np.hstack([CENTRED * 99, SCORES[:, :1], SCORES])], "in a picture of 640"),
    ],
)
def test_values_of_another_layout_are_refused(layout, instead, sentence):
    arrays = [array[None].astype(np.float32) for array in instead]
    outputs = {f"out{at}": array for at, array in enumerate(arrays)}
    with pytest.raises(ContractError, match=sentence):
        decoder_for(contract(layout, arrays), SIZE)(outputs, 0, DecodeOptions())


def test_nothing_is_held_against_a_network_that_sees_nothing_and_nothing_after_it_was_confirmed():
    told, outputs = batches(Layout.QUERY_ROWS)
    decode = decoder_for(told, SIZE)
    wrong = {"out0": np.hstack([CENTRED, SCORES])[None]}
    decode(outputs, 0, DecodeOptions())
    with pytest.raises(ContractError, match="pixels, not fractions"):
        decode(wrong, 0, DecodeOptions())
    decode(outputs, 1, DecodeOptions())
    decode(wrong, 0, DecodeOptions())


@pytest.mark.parametrize("layout", ARRAYS)
def test_what_is_no_number_is_not_held_against_a_layout(layout):
    told, outputs = batches(layout)
    with np.errstate(invalid="ignore"):
        for value in (np.nan, np.inf, -np.inf):
            broken = {name: np.full_like(array, value) for name, array in outputs.items()}
            for array in broken.values():
                array[:, 2:] = 0
            decoder_for(told, SIZE)(broken, 1, DecodeOptions())
