"""A feature never joins another's box, whatever NMS, classes and limits leave over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vision_specs import spec

from numa_runtime.contract import Layout, Task
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode import DecodeOptions, decoder_for, to_source
from numa_runtime.vision.letterbox import Transform

NAMES = ("boxes", "scores", "features")


def candidates(count, classes, seed, batch=2):
    """Boxes in clumps that suppress each other; the feature's first value is the box's x1, so it names its box."""
    rng = np.random.default_rng(seed)
    low = rng.choice([0.0, 60.0, 200.0], (batch, count, 2)) + rng.uniform(0, 20, (batch, count, 2))
    boxes = np.concatenate([low, low + rng.uniform(20, 60, low.shape)], axis=2).astype(np.float32)
    features = np.concatenate([boxes[..., :1], rng.normal(size=(batch, count, 7))], axis=2).astype(np.float32)
    return {
        "boxes": boxes,
        "scores": rng.uniform(0, 1, (batch, count, classes)).astype(np.float32),
        "features": features,
    }


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 80),
    st.integers(1, 4),
    st.integers(0, 10_000),
    st.floats(0, 0.9),
    st.floats(0.1, 0.9),
    st.integers(1, 30),
    st.booleans(),
    st.booleans(),
    st.sets(st.integers(0, 3)),
)
def test_features_follow_their_boxes(count, classes, seed, conf, iou, most, agnostic, multi_label, asked):
    outputs = candidates(count, classes, seed)
    decode = decoder_for(spec(names=classes, outputs=NAMES))
    chosen = tuple(sorted(asked)) or None
    options = DecodeOptions(conf, iou, most, classes=chosen, agnostic_nms=agnostic, multi_label=multi_label)
    for item in range(2):
        found = decode(outputs, item, options).detections
        assert found.features.shape == (len(found), 8)
        assert found.features.dtype == np.float32
        np.testing.assert_array_equal(found.features[:, 0], found.xyxy[:, 0])
        rows = [np.flatnonzero((outputs["boxes"][item] == box).all(1))[0] for box in found.xyxy]
        np.testing.assert_array_equal(found.features, outputs["features"][item][rows])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000), st.data())
def test_they_stay_together_through_cuts_and_maps(count, seed, data):
    outputs = candidates(count, 2, seed)
    decoded = decoder_for(spec(names=2, outputs=NAMES))(outputs, 0, DecodeOptions(conf=0.0, iou=1.0))
    moved = to_source(
        decoded, Transform(0.5, 0.0, 0.0, source=(400, 800), target=(400, 400), resized=(200, 400))
    ).detections
    index = data.draw(st.lists(st.integers(0, len(moved) - 1), max_size=10))
    cut = moved.select(np.array(index, int)).with_ids(np.arange(len(index)))
    for place, row in enumerate(index):
        np.testing.assert_array_equal(cut.features[place], decoded.detections.features[row])
        np.testing.assert_array_equal(cut.xyxy[place], moved.xyxy[row])


def test_without_them_there_are_none():
    outputs = candidates(10, 2, 0)
    assert decoder_for(spec(names=2))(outputs, 0, DecodeOptions()).detections.features is None


def test_no_detections_still_have_their_length():
    outputs = candidates(10, 2, 0)
    found = decoder_for(spec(names=2, outputs=NAMES))(outputs, 0, DecodeOptions(conf=1.0)).detections
    assert found.features.shape == (0, 8)


def test_they_work_beside_balls():
    outputs = candidates(10, 1, 3) | {"balls": np.zeros((2, 4, 5, 6), np.float32)}
    clip = replace(spec(Layout.MULTITASK, names=1, outputs=(*NAMES, "balls")), task=Task.MULTITASK, groups=4)
    found = decoder_for(clip)(outputs, 0, DecodeOptions(conf=0.1)).detections
    assert len(found)
    np.testing.assert_array_equal(found.features[:, 0], found.xyxy[:, 0])


def test_what_the_contract_promises_must_be_there():
    outputs, decode = candidates(10, 2, 0), decoder_for(spec(names=2, outputs=NAMES))
    with pytest.raises(ContractError, match="the artifact gives no output 'features'; it gives: boxes"):
        decode({name: outputs[name] for name in ("boxes", "scores")}, 0, DecodeOptions())
    with pytest.raises(ContractError, match=r"output 'features' has shape \(9, 8\) per image; .* needs 10 rows"):
        decode({**outputs, "features": outputs["features"][:, :9]}, 0, DecodeOptions())
