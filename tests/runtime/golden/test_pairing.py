import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.golden.pairing import difference, overlaps, pair
from numa_runtime.golden.rows import rows_of


def rows(count, seed, classes=3):
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 300, (1, count, 2))
    boxes = np.concatenate([low, low + rng.uniform(5, 150, low.shape)], axis=2).astype(np.float32)
    return rows_of({"boxes": boxes, "scores": rng.uniform(0, 1, (1, count, classes)).astype(np.float32)}, 0)[0]


@given(st.integers(0, 60), st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_pairing_undoes_any_shuffle(count, seed):
    one = rows(count, seed)
    order = np.random.default_rng(seed + 1).permutation(count)
    pairs = pair(one, one.select(order), iou=0.9)
    assert sorted(pairs.first.tolist()) == list(range(count))
    np.testing.assert_array_equal(order[pairs.second], pairs.first)
    errors = difference(one, one.select(order), pairs)
    assert errors.geometry.sum() == errors.scores.sum() == 0


def test_no_row_is_used_twice():
    one = rows(1, 0)
    twice = one.select(np.array([0, 0, 0]))
    assert len(pair(twice, one, iou=0.5).first) == 1


def test_overlap_of_known_boxes():
    one = np.array([[0, 0, 10, 10], [5, 5, 5, 5]], np.float32)
    two = np.array([[5, 0, 15, 10], [20, 20, 30, 30], [5, 5, 5, 5]], np.float32)
    np.testing.assert_allclose(overlaps(one, two), [[1 / 3, 0, 0], [0, 0, 1]], atol=1e-6)


def test_neighbours_on_one_object_do_not_swap():
    boxes = np.array([[[10, 10, 110, 110], [10.2, 10, 110, 110]]], np.float32)
    scores = np.array([[[0.9], [0.6]]], np.float32)
    one = rows_of({"boxes": boxes, "scores": scores}, 0)[0]
    moved = rows_of({"boxes": boxes + 0.15 * np.array([1, 0, 0, 0], np.float32), "scores": scores}, 0)[0]
    pairs = pair(one, moved, iou=0.9)
    assert dict(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == {0: 0, 1: 1}


def featured(features):
    boxes = np.array([[[10, 10, 110, 110], [200, 10, 300, 110]]], np.float32)
    outputs = {"boxes": boxes, "scores": np.array([[[0.9], [0.6]]], np.float32)}
    return rows_of(outputs if features is None else {**outputs, "features": features[None]}, 0)[0]


def test_features_differ_by_their_distance():
    one, two = featured(np.eye(2, 3, dtype=np.float32)), featured(np.float32([[1, 0, 0], [1, 0, 0]]))
    errors = difference(one, two, pair(one, two, iou=0.9))
    np.testing.assert_allclose(errors.features, [0, np.sqrt(2)], rtol=1e-6)
    plain = featured(None)
    pairs = pair(one, plain, iou=0.9)
    assert np.isinf(difference(one, plain, pairs).features).all()
    assert np.isinf(difference(one, featured(np.eye(2, dtype=np.float32)), pairs).features).all()
    assert difference(plain, plain, pairs).features.size == 0
    assert one.select(np.array([1])).features.tolist() == [[0, 1, 0]]


def spread(count, seed, noise=0.0):
    """Boxes all over 640x640; with noise, the same ones a little off and in another order."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 500, (1, count, 2))
    boxes = np.concatenate([low, low + rng.uniform(5, 150, low.shape)], axis=2)
    scores = rng.uniform(0, 1, (1, count, 4))
    if noise:
        order = rng.permutation(count)
        boxes = (boxes + rng.uniform(-noise, noise, boxes.shape))[:, order]
        scores = scores[:, order]
    return rows_of({"boxes": boxes.astype(np.float32), "scores": scores.astype(np.float32)}, 0)[0]


def test_as_many_rows_as_a_yolov5_has_take_little_memory():
    """All pairs of 25,200 rows would be 635 million: 20 GB in one go."""
    one, two = spread(25_200, 1), spread(25_200, 1, noise=0.003)
    tracemalloc.start()
    pairs = pair(one, two, iou=0.99)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pairs.first) > 25_000
    assert difference(one, two, pairs).geometry.max() < 0.004
    assert peak < 300e6


@pytest.mark.parametrize("offset", [0, 1e-3])
def test_thousands_of_rows_that_are_all_alike_are_paired_at_once(offset):
    boxes = np.tile(np.float32([10, 10, 50, 50]), (1, 20_000, 1))
    one, two = (
        rows_of({"boxes": boxes + np.float32(shift), "scores": np.zeros((1, 20_000, 4), np.float32)}, 0)[0]
        for shift in (0, offset)
    )
    pairs = pair(one, two, iou=0.9)
    assert sorted(pairs.first.tolist()) == sorted(pairs.second.tolist()) == list(range(20_000))


def test_a_crowd_on_one_spot_finds_partners_beyond_the_nearest():
    scores, place = np.ones((1, 150, 1), np.float32), np.float32([10, 10, 90, 90])
    noise = np.random.default_rng(0).uniform(0, 1e-3, (2, 1, 150, 4)).astype(np.float32)
    one, two = (rows_of({"boxes": place + some, "scores": scores}, 0)[0] for some in noise)
    assert len(pair(one, two, iou=0.9).first) > 140


def test_blocks_and_edges_lose_no_pair():
    one, two = spread(400, 5), spread(400, 5, noise=2.0)
    near = overlaps(one.geometry, two.geometry) >= 0.7
    pairs = pair(one, two, iou=0.7)
    assert near[pairs.first, pairs.second].all()
    near[pairs.first] = near[:, pairs.second] = False
    assert not near.any()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_rows_that_are_not_numbers_have_no_partner(value):
    one = rows(6, 0)
    one.geometry[2, 1] = value
    assert sorted(pair(one, one, iou=0.5).first.tolist()) == [0, 1, 3, 4, 5]
