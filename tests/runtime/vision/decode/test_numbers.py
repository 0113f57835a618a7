"""Rows that are no numbers, in every layout and in a whole run."""

import json

import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from vision_specs import spec

from numa_runtime.contract import Layout
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.sinks.jsonl import frame_object
from numa_runtime.vision.decode import DecodeOptions, decoder_for
from numa_runtime.vision.decode.numbers import NumbersOnly

BAD = [np.nan, np.inf, -np.inf]
OPTIONS = DecodeOptions(conf=0.25, max_det=3)


OUTPUTS = {
    Layout.CANDIDATES: ("boxes", "scores"),
    Layout.ULTRALYTICS_RAW: ("output0",),
    Layout.FINAL: ("detections",),
}


def spec_for(layout):
    return spec(layout, names=2, outputs=OUTPUTS[layout])


def candidates(count=6):
    """Boxes side by side, all of class 1, the first the best."""
    boxes = np.array([[20 * k, 5, 20 * k + 15, 30] for k in range(count)], np.float32)[None]
    scores = np.zeros((1, count, 2), np.float32)
    scores[0, :, 1] = np.linspace(0.9, 0.5, count)
    return {"boxes": boxes, "scores": scores}


def raw():
    """The same as Ultralytics writes them: columns cx, cy, w, h, scores."""
    ours = candidates()
    boxes = ours["boxes"]
    centred = np.concatenate([(boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]], axis=2)
    return {"output0": np.concatenate([centred, ours["scores"]], axis=2).swapaxes(1, 2).copy()}


def finished():
    ours = candidates()
    score = ours["scores"][..., 1:]
    return {"detections": np.concatenate([ours["boxes"], score, np.ones_like(score)], axis=2)}


def left_edges(layout, outputs, where="m.onnx"):
    spec = spec_for(layout)
    sound, dropped = NumbersOnly(spec, where)(outputs)
    found = decoder_for(spec)(sound, 0, OPTIONS).detections
    assert np.isfinite(found.xyxy).all()
    return found.xyxy[:, 0].round().tolist(), dropped


CASES = [
    (Layout.CANDIDATES, candidates, lambda a, row: a["boxes"][0, row]),
    (Layout.CANDIDATES, candidates, lambda a, row: a["scores"][0, row]),
    (Layout.ULTRALYTICS_RAW, raw, lambda a, row: a["output0"][0, :4, row]),
    (Layout.ULTRALYTICS_RAW, raw, lambda a, row: a["output0"][0, 4:, row]),
    (Layout.FINAL, finished, lambda a, row: a["detections"][0, row, :4]),
    (Layout.FINAL, finished, lambda a, row: a["detections"][0, row, 4:5]),
]


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize(("layout", "make", "part"), CASES)
def test_a_row_with_a_value_that_is_no_number_is_left_out_and_takes_no_place(layout, make, part, value, caplog):
    outputs = make()
    assert left_edges(layout, outputs) == ([0, 20, 40], 0)
    part(outputs, 1)[0] = value
    assert left_edges(layout, outputs) == ([0, 40, 60], 1)
    assert caplog.messages == [
        "m.onnx gave 1 rows of 6 that hold NaN or infinity: they are left out and counted; "
        "the weights or the input may be damaged"
    ]


@pytest.mark.parametrize(("layout", "make"), [case[:2] for case in CASES[::2]])
def test_a_network_that_answers_nothing_but_nan_is_not_one_that_sees_nothing(layout, make, caplog):
    outputs = {name: array * np.float32(np.nan) for name, array in make().items()}
    assert left_edges(layout, outputs) == ([], 6)
    assert "6 rows of 6" in caplog.text


def test_sound_outputs_are_passed_on_as_they_are_and_broken_ones_are_copied():
    numbers, outputs = NumbersOnly(spec_for(Layout.CANDIDATES), "m.onnx"), candidates()
    assert numbers(outputs)[0] is outputs
    outputs["boxes"][0, 0, 0] = np.nan
    cleaned, _ = numbers(outputs)
    assert np.isnan(cleaned["scores"][0, 0]).all()
    assert np.isfinite(outputs["scores"]).all()


def test_large_numbers_are_numbers():
    outputs = candidates()
    outputs["boxes"][:] = 3e38  # their sum is infinite, they are not
    assert NumbersOnly(spec_for(Layout.CANDIDATES), "m.onnx")(outputs) == (outputs, 0)


def test_half_floats_and_whole_numbers():
    numbers = NumbersOnly(spec_for(Layout.CANDIDATES), "m.onnx")
    outputs = {name: array.astype(np.float16) for name, array in candidates().items()}
    labels = np.arange(6)[None]
    assert numbers({**outputs, "labels": labels})[1] == 0
    outputs["scores"][0, 2, 0] = np.nan
    assert numbers({**outputs, "labels": labels})[1] == 1


def test_a_logit_of_minus_infinity_is_a_class_that_cannot_be():
    numbers = NumbersOnly(spec(Layout.QUERY_LOGITS, names=2, outputs=("dets", "labels")), "m.onnx")
    outputs = {"dets": np.full((1, 6, 4), 0.5, np.float32), "labels": np.zeros((1, 6, 2), np.float32)}
    outputs["labels"][0, :, 1] = -np.inf
    assert numbers(outputs) == (outputs, 0)
    outputs["labels"][0, 0, 0] = np.nan
    assert numbers(outputs)[1] == 1


def test_keypoints_and_scores_of_one_number_belong_to_their_rows_and_balls_to_themselves():
    numbers = NumbersOnly(spec_for(Layout.CANDIDATES), "m.onnx")
    outputs = {
        **candidates(),
        "keypoints": np.zeros((1, 6, 4, 3), np.float32),
        "quality": np.ones((1, 6), np.float32),
        "balls": np.zeros((1, 3, 2, 6), np.float32),
    }
    outputs["keypoints"][0, 1, 3, 0] = np.nan
    outputs["quality"][0, 2] = np.inf
    outputs["balls"][0, 1, 1, 3] = np.nan
    cleaned, dropped = numbers(outputs)
    assert dropped == 3
    assert np.isnan(cleaned["boxes"][0, :, 0]).tolist() == [False, True, True, False, False, False]
    assert np.isnan(cleaned["balls"][0, ..., 4]).tolist() == [[False, False], [False, True], [False, False]]


class Broken(BrightSession):
    """Its left half is right; on the right it finds boxes that are no numbers."""

    path = "models/broken.onnx"

    def run(self, batch):
        outputs = super().run(batch)
        outputs["boxes"][0, 1] = np.nan
        return outputs


def test_a_run_counts_them_tells_once_and_writes_json(caplog):
    model, summary = Model(Broken()), RunSummary({0: "left", 1: "right"})
    for _ in range(3):
        result = model(frame_with((10, 20, 40, 50), (80, 20, 120, 50)))
        assert (result.boxes.cls.tolist(), result.dropped) == ([0], 1)
        json.loads(json.dumps(frame_object(result), allow_nan=False))
        summary.add(result)
    assert (summary.dropped, summary.to_dict()["dropped"]) == (3, 3)
    assert summary.lines(tracked=False)[-1] == "3 rows of the network's answers NaN or infinite and left out"
    assert [message for message in caplog.messages if "NaN" in message] == [
        "broken.onnx gave 1 rows of 2 that hold NaN or infinity: they are left out and counted; "
        "the weights or the input may be damaged"
    ]
