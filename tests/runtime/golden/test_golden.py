"""Making, storing and recomputing a golden sample, on a detector small enough to write down in numpy."""

import json
import logging
from dataclasses import replace

import numpy as np
import pytest

from numa_runtime.contract import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.errors import ContractError, UsageError
from numa_runtime.golden import GoldenSample, GoldenTolerance, check_sample, check_session, make_sample

OUTPUTS = (OutputSpec("boxes", (1, 96, 4)), OutputSpec("scores", (1, 96, 3)))


class Detector:
    """Cells of 8 px: the score of each class is a weighted colour, the box hangs on the brightness."""

    def __init__(self, *, size=(64, 96), color=Color.RGB, batch=1, keypoints=0, gain=4.0):
        rng = np.random.default_rng(5)
        self.weights = rng.normal(0, gain, (3, 3)).astype(np.float32)
        self.keypoints = keypoints
        self.spec = ModelSpec(
            Task.POSE if keypoints else Task.DETECT,
            ("a", "b", "c"),
            8,
            InputSpec(*size, color=color, batch=batch),
            OUTPUTS,
            Layout.CANDIDATES,
            keypoint_shape=(keypoints, 3) if keypoints else None,
        )
        self.golden = None

    def run(self, batch):
        count, _, height, width = batch.shape
        cells = batch.reshape(count, 3, height // 8, 8, width // 8, 8).mean(axis=(3, 5), dtype=np.float32) / 255
        flat = cells.reshape(count, 3, -1).transpose(0, 2, 1)
        scores = 1 / (1 + np.exp(-(flat - 0.5) @ self.weights))
        rows, columns = np.indices((height // 8, width // 8))
        centre = np.stack([columns.ravel(), rows.ravel()], axis=1)[None] * 8 + 4
        half = 5 + 40 * flat.mean(axis=2, keepdims=True)
        outputs = {
            "boxes": np.concatenate([centre - half, centre + half], axis=2).astype(np.float32),
            "scores": scores.astype(np.float32),
        }
        if self.keypoints:
            points = np.repeat((centre + half * 0.1)[:, :, None], self.keypoints, axis=2)
            outputs["keypoints"] = np.concatenate([points, np.ones_like(points[..., :1])], axis=3).astype(np.float32)
        return outputs


def photo(seed=0):
    import cv2

    rough = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return cv2.resize(rough, (160, 120), interpolation=cv2.INTER_CUBIC)


def sample_of(detector, **options):
    return make_sample(detector, [photo(0), photo(1)], **options)


@pytest.mark.parametrize("size", [(64, 96), (416, 416)])
@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("keypoints", [0, 5])
def test_the_same_network_passes_with_no_error(size, batch, keypoints):
    detector = Detector(size=size, batch=batch, keypoints=keypoints)
    detector.golden = sample_of(detector).to_text()
    report = check_session(detector)
    assert report.passed
    assert report.matched == report.expected == 32 * batch
    assert max(number.value for number in report.measured) < 1e-4
    assert report.lines()[0].startswith(f"golden ok: {32 * batch} of {32 * batch} rows found again")


def test_text_keeps_everything_and_is_small_ascii():
    sample = sample_of(Detector(size=(640, 640), keypoints=17), backend="numpy")
    text = sample.to_text()
    assert GoldenSample.from_text(text) == sample
    assert text.isascii()
    assert "\n" not in text
    assert len(text) < 60_000


def test_a_changed_weight_is_found():
    detector = Detector()
    sample = sample_of(detector)
    detector.weights[1, 1] *= 1.02
    report = check_sample(detector, sample)
    assert not report.passed
    assert any("over the limit" in line for line in report.lines())


def test_swapped_colours_are_found():
    detector = Detector(color=Color.RGB)
    sample = sample_of(detector)
    detector.spec = replace(detector.spec, input=replace(detector.spec.input, color=Color.BGR))
    assert not check_sample(detector, sample).passed


def test_rows_are_found_in_any_order():
    detector = Detector()
    sample = sample_of(detector)
    straight = detector.run
    detector.run = lambda batch: {name: values[:, ::-1] for name, values in straight(batch).items()}
    assert check_sample(detector, sample).passed


def test_lost_rows_and_nan_fail():
    detector = Detector()
    sample = sample_of(detector)
    straight = detector.run

    def lose(batch):
        outputs = straight(batch)
        best = outputs["scores"].max(axis=2).argmax(axis=1)
        outputs["boxes"][0, best] += 1000
        return outputs

    detector.run = lose
    report = check_sample(detector, sample)
    assert (report.passed, report.matched) == (False, 31)
    assert any("at least 100% of the rows" in line for line in report.lines())
    detector.run = lambda batch: {name: values * np.float32(np.nan) for name, values in straight(batch).items()}
    assert not check_sample(detector, sample).passed


def test_a_shift_of_all_unstored_rows_shows_in_the_mean():
    detector = Detector(size=(416, 416))
    sample = sample_of(detector)
    straight = detector.run

    def dim(batch):
        outputs = straight(batch)
        order = np.argsort(-outputs["scores"].max(axis=2)[0])
        outputs["scores"][0, order[40:]] *= 0.9
        return outputs

    detector.run = dim
    failed = [number.name for number in check_sample(detector, sample).measured if not number.passed]
    assert failed == ["mean score"]


def test_limits_follow_the_precision():
    full, half, eight = (GoldenTolerance.for_precision(word) for word in ("fp32", "fp16", "int8"))
    assert full.geometry_px < half.geometry_px < eight.geometry_px
    assert full.share > half.share > eight.share
    assert sample_of(Detector(), precision="int8").tolerance == eight


def test_the_strongest_photograph_is_chosen():
    detector = Detector()
    grey = np.full((64, 96, 3), 128, np.uint8)
    alone = make_sample(detector, [photo(1)])
    assert make_sample(detector, [grey, photo(1), grey]).picture == alone.picture


def test_a_network_that_sees_nothing_gives_a_weak_sample_and_says_so(caplog):
    detector = Detector(gain=0.001)
    straight = detector.run
    detector.run = lambda batch: {
        name: values * np.float32(0.01 if name == "scores" else 1) for name, values in straight(batch).items()
    }
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        sample = sample_of(detector)
    assert "the golden sample is weak: the best score in 2 frames is 0.01" in caplog.text
    assert len(sample.expected[0].rows) == 8
    assert check_sample(detector, sample).passed


def test_plain_values_have_units():
    detector = Detector()
    values = json.loads(json.dumps(check_sample(detector, sample_of(detector)).to_dict()))
    assert values["passed"] is True
    assert {"max_boxes_error_px", "max_scores_error", "max_boxes_error_px_limit"} <= values.keys()


def test_a_size_is_needed_only_where_any_fits():
    detector = Detector(size=(None, None))
    sample = make_sample(detector, [photo()], size=(96, 128))
    assert (sample.height, sample.width) == (96, 128)
    assert check_sample(detector, sample).passed


def test_errors_are_one_clear_sentence():
    detector = Detector()
    with pytest.raises(ContractError) as error:
        check_session(detector)
    assert error.value.what == "the artifact carries no golden sample, so there is nothing to recompute"
    with pytest.raises(UsageError, match="at least one frame"):
        make_sample(detector, [])
    sample = sample_of(detector)
    with pytest.raises(ContractError, match="is for 64x96 and the artifact takes 128x128"):
        check_sample(Detector(size=(128, 128)), sample)
    with pytest.raises(ContractError, match="the golden sample is damaged: its picture"):
        check_sample(detector, replace(sample, picture=sample.picture[:40] + sample.picture[44:]))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version":1}', '{"version":1,"expected":[{}]}'])
def test_damaged_text_is_a_contract_error(text):
    with pytest.raises(ContractError, match="golden sample is damaged"):
        GoldenSample.from_text(text)


def test_a_newer_version_is_refused():
    with pytest.raises(ContractError, match="version 9; this numa-deploy reads version 1"):
        GoldenSample.from_text('{"version":9}')
