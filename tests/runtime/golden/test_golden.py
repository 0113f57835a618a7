"""Making, storing and recomputing a golden sample, on a detector small enough to write down in numpy."""

import base64
import json
import logging
import zlib
from dataclasses import replace

import numpy as np
import pytest

from numa_runtime.contract import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task, Thresholds, spec_to_json
from numa_runtime.errors import ContractError, ModelError, UsageError
from numa_runtime.golden import GoldenSample, GoldenTolerance, check_sample, check_session, make_sample
from numa_runtime.golden.agreement import changes, pack_spec

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
    assert report.matched == report.expected == 16 * max(2, batch)
    # What storing rounds away.
    most = {"boxes": 9e-5, "scores": 6e-7, "keypoints": 6e-4, "mean score": 1e-6, "class scores": 6e-4}
    assert all(number.value < most[number.name] for number in report.measured)
    rows = 16 * max(2, batch)
    assert report.lines()[0].startswith(f"golden ok: {rows} of {rows} rows found again in 2 pictures, boxes")
    assert report.lines()[1:] == []


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
    assert (report.passed, report.matched) == (False, 30)
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
    assert "mean score" in failed
    assert "boxes" not in failed


def test_limits_follow_the_precision():
    full, half, eight = (GoldenTolerance.for_precision(word) for word in ("fp32", "fp16", "int8"))
    assert full.geometry_px < half.geometry_px < eight.geometry_px
    assert full.share > half.share > eight.share
    assert sample_of(Detector(), precision="int8").tolerance == eight


def rows_alone(detector, seed):
    return make_sample(detector, [photo(seed)]).shots[0].expected[0].rows


def test_photographs_with_colour_are_chosen_the_strongest_first_and_three_at_most():
    detector = Detector()
    grey = np.repeat(photo(1).mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    alone = {make_sample(detector, [photo(seed)]).shots[0].picture: seed for seed in range(6)}
    chosen = make_sample(detector, [grey, *map(photo, range(6)), grey]).shots
    assert len(chosen) == 3
    assert {shot.picture for shot in chosen} <= alone.keys()
    strongest = max(alone.values(), key=lambda seed: sum(row[4] for row in rows_alone(detector, seed)))
    assert alone[chosen[0].picture] == strongest


@pytest.mark.parametrize("planes", [2, 3])
def test_where_all_photographs_are_grey_they_are_tinted(planes):
    grey = photo(1).mean(axis=2).astype(np.uint8)
    frame = grey if planes == 2 else np.repeat(grey[..., None], 3, axis=2)
    detector = Detector()
    sample = make_sample(detector, [frame])
    assert check_sample(detector, sample).passed
    detector.weights = detector.weights[::-1]  # red and blue exchanged inside the network
    assert not check_sample(detector, sample).passed


def test_a_class_that_another_picture_shows_goes_before_more_of_the_same():
    """Four pictures of one class, each stronger than the one of another class: that one is among the three."""

    class ByColour(Detector):
        def run(self, batch):
            outputs = super().run(batch)
            share = batch[:, :, 16, 16].astype(np.float32) / 255  # red, green, blue of one place
            outputs["scores"][:] = share[:, None] * np.float32(0.99)
            return outputs

    pictures = [np.full((64, 96, 3), 30, np.uint8) for _ in range(5)]
    for shade, one in enumerate(pictures[:4]):
        one[..., 2] = 220 + shade * 8
    pictures[4][..., 0] = 160
    classes = [shot.expected[0].rows[0][5] for shot in make_sample(ByColour(), pictures).shots]
    assert classes == [0, 2, 0]


def test_a_network_that_sees_nothing_gives_a_weak_sample_and_says_so(caplog):
    detector = Detector(gain=0.001)
    straight = detector.run
    detector.run = lambda batch: {
        name: values * np.float32(0.01 if name == "scores" else 1) for name, values in straight(batch).items()
    }
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        sample = sample_of(detector)
    assert "the golden sample is weak: the best score in 2 frames is 0.01" in caplog.text
    assert [len(shot.expected[0].rows) for shot in sample.shots] == [8, 8]
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
    torn = sample.shots[0].picture[:40] + sample.shots[0].picture[44:]
    with pytest.raises(ContractError, match="the golden sample is damaged: its picture"):
        check_sample(detector, replace(sample, shots=(replace(sample.shots[0], picture=torn),)))


DAMAGED = ["", "{", "[]", "{}", '{"version":1}', '{"version":1,"expected":[{}]}', '{"version":2,"shots":[]}']


@pytest.mark.parametrize("text", [*DAMAGED, '{"version":2,"shots":[1]}', '{"version":2,"shots":{"a":1}}'])
def test_damaged_text_is_a_contract_error(text):
    with pytest.raises(ContractError, match="golden sample is damaged"):
        GoldenSample.from_text(text)


def test_a_newer_version_is_refused():
    with pytest.raises(ContractError, match="version 9; this numa-deploy reads version 2"):
        GoldenSample.from_text('{"version":9}')


def written_by_version_1(sample):
    """The text an older numa-deploy wrote: one picture on the top level, no levels, no contract."""
    (shot, *_), data = sample.shots, json.loads(sample.to_text())
    part = data["shots"][0]["expected"][0]
    del part["levels"], data["tolerance"]["class_scores"]
    kept = {key: data[key] for key in ("height", "width", "factor", "tolerance", "backend")}
    return json.dumps({"version": 1, **kept, "picture": shot.picture, "expected": [part]})


@pytest.mark.parametrize("batch", [1, 3])
def test_a_sample_of_version_1_is_checked_and_says_what_it_cannot_see(batch):
    detector = Detector(batch=batch)
    detector.golden = written_by_version_1(sample_of(detector))
    report = check_session(detector)
    assert (report.passed, report.version, report.pictures) == (True, 1, 1)
    assert report.expected == 16 * batch
    assert report.lines()[-1] == (
        "       (sample version 1; it cannot see an edited contract; classes that its one picture does not show; "
        "colours, if that is grey)"
    )
    detector.spec = replace(detector.spec, names=("x", "y", "z"))
    assert check_session(detector).passed
    detector.weights[1, 1] *= 1.02
    assert not check_session(detector).passed


class ManyClasses(Detector):
    """Only the first class is ever best; each of the last 18 stays at a level of its own, far below."""

    def __init__(self):
        super().__init__()
        self.spec = replace(self.spec, names=tuple(f"c{k}" for k in range(20)))
        self.order = np.arange(20)
        self.level = np.concatenate([[1, 0.9], np.exp(-np.linspace(6, 13, 18))]).astype(np.float32)

    def run(self, batch):
        outputs = super().run(batch)
        every = np.tile(outputs["scores"][..., :1], (1, 1, 20)) * self.level
        return {**outputs, "scores": every[..., self.order]}


def test_classes_that_no_picture_shows_are_pinned_too():
    detector = ManyClasses()
    sample = sample_of(detector)
    assert check_sample(detector, sample).passed
    assert {row[5] for shot in sample.shots for row in shot.expected[0].rows} == {0}
    for one, two in ((2, 3), (10, 11), (18, 19)):
        detector.order = np.arange(20)
        detector.order[[one, two]] = two, one
        report = check_sample(detector, sample)
        assert [number.name for number in report.measured if not number.passed] == ["class scores"]
        assert any(f"(class {k}, c{k})" in report.lines()[1] for k in (one, two))


def test_a_class_that_was_switched_off_is_named():
    detector = ManyClasses()
    sample = sample_of(detector)
    detector.level[7] = 0
    report = check_sample(detector, sample)
    assert not report.passed
    assert report.lines()[1].startswith("       class scores off by a factor of ")
    assert report.lines()[1].endswith("is over the limit of 5.0% (class 7, c7)")


def test_another_scale_of_the_input_is_found():
    detector = Detector()
    sample = sample_of(detector)
    straight = detector.run
    detector.run = lambda batch: straight(batch * (255 / 256))
    assert not check_sample(detector, sample).passed


def test_an_artifact_that_answers_for_its_neighbour_is_found():
    detector = Detector(batch=2)
    sample = sample_of(detector)
    straight = detector.run
    detector.run = lambda batch: {name: values[::-1] for name, values in straight(batch).items()}
    assert not check_sample(detector, sample).passed


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"names": ("a", "x", "c")}, 'names[1] was "b" and is "x"'),
        ({"thresholds": Thresholds(conf=0.1)}, "thresholds.conf was 0.25 and is 0.1"),
        ({"name": "other"}, 'name was "" and is "other"'),
        ({"names": ("a", "b")}, "names had 3 entries and has 2"),
        ({"keypoint_shape": (5, 3)}, "keypoint_shape was null and is [5, 3]"),
    ],
)
def test_an_edited_contract_fails_and_the_field_is_named(change, phrase):
    detector = Detector()
    sample = sample_of(detector)
    detector.spec = replace(detector.spec, **change)
    report = check_sample(detector, sample)
    assert not report.passed
    assert report.lines()[1] == f"       the contract was changed since the file was proved: {phrase}"
    assert report.to_dict()["contract_changes"] == [phrase]


def test_a_contract_with_which_nothing_runs_is_named_as_the_cause():
    detector = Detector()
    sample = sample_of(detector)
    detector.spec = replace(detector.spec, input=replace(detector.spec.input, height=128))
    with pytest.raises(ContractError, match=r"was changed since the file was proved: input\.height was 64 and is 128"):
        check_sample(detector, sample)


def test_fields_that_another_version_does_not_know_are_no_changes():
    spec = Detector().spec
    before = json.loads(spec_to_json(spec))
    del before["ball_names"], before["input"]["scale"]
    before["thresholds"]["later"] = 1
    packed = base64.b64encode(zlib.compress(json.dumps(before).encode())).decode()
    assert changes(packed, spec) == ()
    many = replace(spec, names=tuple("abcdefgh"))
    phrases = changes(pack_spec(many), replace(many, names=tuple("hgfedcba")))
    assert phrases[-1] == "5 more of names differ"
    with pytest.raises(ValueError, match="its copy of the contract is damaged"):
        changes("AAAA", spec)


def test_finished_rows_say_which_classes_stay_open():
    class Finished(Detector):
        def run(self, batch):
            outputs = super().run(batch)
            best, scores = outputs["scores"].argmax(axis=2), outputs["scores"].max(axis=2)
            return {"detections": np.concatenate([outputs["boxes"], np.stack([scores, best % 2], axis=2)], axis=2)}

    detector = Finished()
    outputs = (OutputSpec("detections", (1, 96, 6)),)
    detector.spec = replace(detector.spec, names=tuple("abcdefgh"), layout=Layout.FINAL, outputs=outputs)
    report = check_sample(detector, sample_of(detector))
    assert report.passed
    assert report.lines()[-1] == "       (sample version 2; it cannot see an exchange among 6 of 8 classes (boxes))"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_answers_that_are_not_numbers_are_not_pinned(value):
    detector = Detector()
    straight = detector.run

    def broken(batch):
        outputs = straight(batch)
        outputs["boxes"][0, 50, 1] = value
        return outputs

    detector.run = broken
    with pytest.raises(ModelError, match=r"the network gives NaN or infinite values \(boxes\)"):
        sample_of(detector)


def test_a_failed_check_is_json_even_where_an_error_is_nan():
    detector = Detector()
    sample = sample_of(detector)
    straight = detector.run
    detector.run = lambda batch: {name: values * np.float32(np.nan) for name, values in straight(batch).items()}
    report = check_sample(detector, sample)
    assert not report.passed
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["max_mean_score_error_relative"] is None
