import json

import pytest

from numa_export.proof import OutputError, ParityReport, Tolerance
from numa_export.proof.parity_report import number


def report(**changes):
    values = {
        "images": 4,
        "expected": 312,
        "matched": 312,
        "extra": 0,
        "outputs": (OutputError("boxes", "px", 0.003, 0.0002, 0.01), OutputError("scores", "", 4e-4, 1e-5, 1e-3)),
        "tolerance": Tolerance(),
    }
    return ParityReport(**{**values, **changes})


def test_one_line_says_it_all():
    assert report().lines() == [
        "proof  boxes 0.003 px max 2e-4 mean, scores 4e-4 max 1e-5 mean, 312 of 312 matched on 4 images"
    ]
    line = report(images=1, note="through the ONNX").lines()[0]
    assert line.endswith("312 of 312 matched on 1 image (through the ONNX)")


def test_plain_values_have_units_in_their_keys():
    values = json.loads(json.dumps(report().to_dict()))
    assert values["max_box_error_px"] == 0.003
    assert values["mean_score_error"] == 1e-5
    assert values["passed"] is True


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.00004, "4e-5"), (0.003, "0.003"), (12.5, "12.5"), (1.0, "1"), (float("nan"), "NaN")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_half_precision_is_granted_more_than_full():
    full, half, eight = (Tolerance.for_precision(word) for word in ("fp32", "fp16", "int8"))
    assert full.geometry_px < half.geometry_px < eight.geometry_px
    assert Tolerance.for_source("int8") == Tolerance.for_source("fp32") == full
    assert Tolerance.for_source("fp16").geometry_px > full.geometry_px
