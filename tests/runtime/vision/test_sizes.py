"""Which size a frame is run at."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vision_specs import spec

from numa_runtime.errors import UsageError
from numa_runtime.vision.sizes import input_size

STATIC = spec(size=(384, 640))
DYNAMIC = spec(size=(None, None))


@pytest.mark.parametrize("wish", [None, 640, (384, 640), [384, 640]])
def test_a_static_artifact_gives_its_own_size(wish):
    assert input_size(STATIC, (720, 1280), wish) == (384, 640)


@pytest.mark.parametrize(("wish", "text"), [(320, "320"), ((640, 640), "640x640"), (384, "384")])
def test_a_static_artifact_refuses_another_size_and_names_both(wish, text):
    with pytest.raises(UsageError, match=f"imgsz={text} was asked for, but this artifact takes 384x640 only") as error:
        input_size(STATIC, (720, 1280), wish)
    assert "imgsz=640" in error.value.hint


@pytest.mark.parametrize(
    ("trained", "wish", "size"),
    [
        (320, None, (192, 320)),
        ((288, 512), None, (288, 512)),
        ((288, 512), 640, (384, 640)),
        (320, (64, 96), (64, 96)),
        (None, None, (384, 640)),
    ],
)
def test_a_dynamic_one_runs_at_the_size_it_was_trained_at(trained, wish, size):
    contract = replace(DYNAMIC, input=replace(DYNAMIC.input, imgsz=trained))
    assert input_size(contract, (720, 1280), wish) == size


@pytest.mark.parametrize(
    ("source", "wish", "size"),
    [
        ((720, 1280), None, (384, 640)),
        ((1280, 720), None, (640, 384)),
        ((720, 1280), 320, (192, 320)),
        ((480, 640), 640, (480, 640)),
        ((500, 500), 640, (640, 640)),
        ((10, 5000), 640, (32, 640)),
        ((720, 1280), (640, 640), (640, 640)),
        ((720, 1280), [320], (192, 320)),
    ],
)
def test_a_dynamic_artifact_takes_the_source_aspect(source, wish, size):
    assert input_size(DYNAMIC, source, wish) == size


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 8000), st.integers(1, 8000), st.integers(1, 60).map(lambda n: 32 * n))
def test_a_dynamic_size_is_aligned_and_as_long_as_asked(h, w, longest):
    size = input_size(DYNAMIC, (h, w), longest)
    assert max(size) == longest
    assert all(side % 32 == 0 and side > 0 for side in size)
    exact = min(h, w) * longest / max(h, w)
    assert exact - 1e-3 <= min(size) < exact + 32 + 1e-3


def test_rounding_up_is_said(caplog):
    with caplog.at_level(logging.WARNING, "numa_runtime"):
        assert input_size(DYNAMIC, (500, 500), 500) == (512, 512)
        assert input_size(DYNAMIC, (500, 500), (100, 512)) == (128, 512)
    assert caplog.messages == [
        "imgsz 500 is not a multiple of the stride 32: 512x512 is used",
        "imgsz 100x512 is not a multiple of the stride 32: 128x512 is used",
    ]


def test_only_one_side_may_be_fixed():
    assert input_size(spec(size=(None, 640)), (720, 1280), None) == (384, 640)


@pytest.mark.parametrize("wish", [0, -32, (640, 0), 640.5, (1, 2, 3), (), True])
def test_what_is_no_size_is_refused(wish):
    with pytest.raises(UsageError, match="is not a size"):
        input_size(DYNAMIC, (720, 1280), wish)
