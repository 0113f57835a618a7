"""NMS against a plain reference, in all three modes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.vision.nms import nms


def reference(boxes, scores, conf, iou, max_det, classes, multi_label, agnostic, max_nms=30_000):
    """Textbook NMS with full sorting and no shortcuts."""
    found = []
    for i, row in enumerate(scores):
        labels = range(len(row)) if multi_label else [int(np.argmax(row))]
        found += [(i, c, row[c]) for c in labels if row[c] > conf and (classes is None or c in classes)]
    found.sort(key=lambda entry: -entry[2])
    kept = []
    for i, c, s in found[:max_nms]:
        if all((c != d and not agnostic) or not overlap(boxes[i], boxes[j], iou) for j, d, _ in kept):
            kept.append((i, c, s))
    return kept[:max_det]


def overlap(a, b, iou):
    a, b = a.astype(float), b.astype(float)
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return False
    area_a, area_b = (a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])
    return w * h > iou * (area_a + area_b - w * h)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 60),
    st.integers(1, 5),
    st.sampled_from([0.0, 0.25, 0.6]),
    st.sampled_from([0.1, 0.5, 0.7, 1.0]),
    st.sampled_from([1, 5, 300]),
    st.sampled_from([None, (0,), (1, 3), (), (99,)]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_equals_the_reference(seed, count, nc, conf, iou, max_det, classes, multi_label, agnostic, coarse):
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 60, (count, 2))
    boxes = np.hstack([corner, corner + rng.uniform(0, 50, (count, 2))]).astype(np.float32)
    scores = rng.random((count, nc)).astype(np.float32)
    if coarse:
        boxes, scores = np.round(boxes / 10) * 10, np.round(scores, 1)
    wanted = reference(boxes, scores, conf, iou, max_det, classes, multi_label, agnostic)
    index, label, score = nms(
        boxes, scores, conf, iou, max_det, classes=classes, multi_label=multi_label, agnostic=agnostic
    )
    assert list(zip(index.tolist(), label.tolist(), score.tolist(), strict=True)) == [
        (i, c, float(s)) for i, c, s in wanted
    ]


TWINS = np.array([[0, 0, 10, 10], [0, 0, 10, 10], [50, 50, 60, 60]], np.float32)


def test_ties_go_to_the_lower_index():
    index, label, _ = nms(TWINS, np.full((3, 2), 0.5, np.float32), 0.25, 0.5, 10)
    assert (index.tolist(), label.tolist()) == ([0, 2], [0, 0])


def test_the_three_modes_differ_as_they_should():
    scores = np.array([[0.9, 0.4], [0.3, 0.8], [0.1, 0.2]], np.float32)
    keep = {"conf": 0.25, "iou": 0.5, "max_det": 10}
    assert nms(TWINS, scores, **keep)[0].tolist() == [0, 1], "two classes do not hide each other"
    assert nms(TWINS, scores, agnostic=True, **keep)[0].tolist() == [0]
    index, label, _ = nms(TWINS, scores, multi_label=True, **keep)
    assert list(zip(index.tolist(), label.tolist(), strict=True)) == [(0, 0), (1, 1)], "a twin goes in each class"
    apart = TWINS + np.array([[0], [100], [0]], np.float32)
    index, label, _ = nms(apart, scores, multi_label=True, **keep)
    assert list(zip(index.tolist(), label.tolist(), strict=True)) == [(0, 0), (1, 1), (0, 1), (1, 0)]


def test_an_unwanted_class_hides_nothing():
    scores = np.array([[0.9, 0], [0, 0.8], [0, 0]], np.float32)
    assert nms(TWINS, scores, 0.25, 0.5, 10, classes=(1,), agnostic=True)[0].tolist() == [1]


def test_scores_equal_to_the_threshold_are_dropped():
    assert len(nms(TWINS, np.full((3, 1), 0.25, np.float32), 0.25, 0.5, 10)[0]) == 0


def test_max_nms_bounds_the_candidates_best_first():
    rng = np.random.default_rng(0)
    boxes = np.arange(400, dtype=np.float32)[:, None] * 20 + np.array([0, 0, 10, 10], np.float32)
    scores = rng.random((400, 1)).astype(np.float32)
    index, _, score = nms(boxes, scores, 0.0, 0.7, 1000, max_nms=7)
    assert index.tolist() == np.argsort(-scores[:, 0], kind="stable")[:7].tolist()
    assert (np.diff(score) <= 0).all()


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
def test_scores_that_are_not_numbers_are_dropped(bad):
    assert len(nms(TWINS, np.full((3, 2), bad, np.float32), 0.0, 0.5, 10)[0]) == 0


def test_dtypes_are_the_same_even_when_empty():
    for count in (0, 2):
        index, label, score = nms(np.zeros((count, 4)), np.ones((count, 2)), 0.5, 0.5, 10)
        assert (index.dtype, label.dtype, score.dtype) == (np.int64, np.int64, np.float32)
        assert index.ndim == label.ndim == score.ndim == 1
