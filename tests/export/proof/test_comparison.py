import numpy as np
import pytest

from numa_export.proof import Tolerance, compare
from numa_runtime.errors import ModelError

RNG = np.random.default_rng(3)


def candidates(count=60, classes=3, keypoints=0, images=2):
    low = RNG.uniform(0, 300, (images, count, 2))
    outputs = {
        "boxes": np.concatenate([low, low + RNG.uniform(20, 200, low.shape)], axis=2).astype(np.float32),
        "scores": RNG.uniform(0, 1, (images, count, classes)).astype(np.float32),
    }
    if keypoints:
        outputs["keypoints"] = RNG.uniform(0, 300, (images, count, keypoints, 3)).astype(np.float32)
    return outputs


def copy(outputs):
    return {name: values.copy() for name, values in outputs.items()}


def prove(reference, candidate, **limits):
    batch = np.zeros((len(next(iter(reference.values()))), 3, 8, 8), np.uint8)
    return compare(lambda _: reference, lambda _: candidate, [batch], tolerance=Tolerance(**limits))


def by_name(report):
    return {part.name: part for part in report.outputs}


def test_order_does_not_matter():
    one = candidates(keypoints=4)
    shuffled = RNG.permutation(60)
    report = prove(one, {name: values[:, shuffled] for name, values in one.items()})
    assert report.passed
    assert (report.images, report.matched, report.extra) == (2, report.expected, 0)
    assert all(part.max == 0 for part in report.outputs)
    assert set(by_name(report)) == {"boxes", "scores", "keypoints", "visibility"}


def test_errors_are_measured_where_they_are():
    one = candidates(keypoints=4)
    two = copy(one)
    two["boxes"][1, 5, 2] += 0.125
    two["scores"][0, 7, 1] += 0.25
    two["keypoints"][0, 9, 2, 0] += 0.5
    two["keypoints"][0, 9, 2, 2] -= 0.0625
    errors = by_name(prove(one, two, geometry_px=1, scores=1, keypoints_px=1))
    expected = {"boxes": 0.125, "scores": 0.25, "keypoints": 0.5, "visibility": 0.0625}
    assert {name: errors[name].max for name in expected} == pytest.approx(expected, abs=1e-4)
    assert errors["boxes"].mean == pytest.approx(0.125 / (120 * 4), rel=1e-2)


def test_features_are_compared_where_there_are_any():
    one = candidates()
    vectors = RNG.normal(size=(2, 60, 16)).astype(np.float32)
    one["features"] = vectors / np.linalg.norm(vectors, axis=2, keepdims=True)
    two = copy(one)
    assert by_name(prove(one, two))["features"].max == 0
    two["features"][1, 3] = -two["features"][1, 3]
    report = prove(one, two)
    assert by_name(report)["features"].max == pytest.approx(2, abs=1e-5)
    assert report.failures() == ["features 2 max is over the limit of 0.001"]
    del two["features"]
    assert not prove(one, two).passed


@pytest.mark.parametrize(
    ("name", "limit", "sentence"),
    [
        ("boxes", {"geometry_px": 0.01}, "boxes 0.5 px max is over"),
        ("scores", {"scores": 0.1}, "scores 0.5 max is over"),
    ],
)
def test_an_error_over_the_limit_fails_with_its_number(name, limit, sentence):
    one = candidates()
    one["scores"][:] = np.clip(one["scores"], 0.1, 0.4)
    two = copy(one)
    two[name][0, 3, 0] += 0.5
    report = prove(one, two, iou=0.5, **limit)
    assert not report.passed
    assert any(sentence in line for line in report.lines())


def test_lost_and_invented_rows_fail():
    one = candidates()
    lost, invented = copy(one), copy(one)
    lost["scores"][:, :5] = 0
    lost["boxes"][:, :5] += 5000
    report = prove(one, lost, share=0.99)
    assert not report.passed
    assert report.matched == report.expected - 10
    report = prove(lost, invented, share=0.99)
    assert (report.passed, report.extra) == (False, 10)
    assert "extra" in report.failures()[0]


def test_nan_never_passes():
    one = candidates()
    two = copy(one)
    two["scores"][0, 0, 0] = np.nan
    with pytest.raises(ModelError, match=r"the artifact gives 1 values of 360 in scores that are NaN or infinite"):
        prove(one, two)
    with pytest.raises(ModelError, match=r"the source gives 1 values of 360 in scores"):
        prove(two, two)
    two = copy(one)
    two["boxes"][:, 3] = np.inf
    with pytest.raises(ModelError, match=r"the artifact gives 8 values of 480 in boxes"):
        prove(one, two)


def test_a_row_below_the_floor_may_be_the_partner_of_one_above():
    one = candidates()
    one["scores"][:] = 0.0501
    two = copy(one)
    two["scores"][:] = 0.0499
    report = prove(one, two, min_score=0.05)
    assert report.passed
    assert report.expected == report.matched == 120


def test_where_nothing_is_seen_the_best_rows_stand_in():
    one = candidates(count=200)
    one["scores"] *= 1e-3
    report = prove(one, copy(one))
    assert report.weak
    assert report.passed
    assert report.expected == 100
    assert "nothing was seen" in report.lines()[1]
    two = copy(one)
    two["boxes"] += 3
    assert not prove(one, two).passed


def test_no_images_prove_nothing():
    report = compare(lambda _: {}, lambda _: {}, [])
    assert not report.passed
    assert "nothing to compare" in report.failures()[0]


def test_finished_rows_match_within_their_class_only():
    table = np.zeros((1, 4, 6), np.float32)
    table[0, :, :4] = [[0, 0, 50, 50], [100, 0, 150, 60], [0, 100, 50, 150], [100, 100, 180, 190]]
    table[0, :, 4] = [0.9, 0.8, 0.7, 0.6]
    other = table.copy()
    other[0, 2, 5] = 1
    assert prove({"detections": table}, {"detections": table[:, ::-1]}).passed
    report = prove({"detections": table}, {"detections": other})
    assert (report.matched, report.extra, report.passed) == (3, 1, False)


def test_balls_match_within_their_frame():
    balls = np.zeros((1, 3, 2, 6), np.float32)
    balls[0, :, 0] = [[10, 10, 12, 12, 0.9, 0], [12, 12, 14, 14, 0.8, 0], [14, 14, 16, 16, 0.7, 0]]
    two = balls.copy()
    two[0, 0, 0, 0] += 0.004
    report = prove({"balls": balls}, {"balls": two})
    assert report.passed
    assert by_name(report)["balls"].max == pytest.approx(0.004, abs=1e-5)
    assert not prove({"balls": balls}, {"balls": balls[:, ::-1]}).passed


def test_a_session_whose_arrays_are_reused_is_compared_with_itself():
    buffer = candidates(images=1)

    def run(batch):
        buffer["boxes"] += 1
        return buffer

    assert not compare(run, run, [np.zeros((1, 3, 8, 8), np.uint8)]).passed
