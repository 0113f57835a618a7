import pytest
from hypothesis import given
from hypothesis import strategies as st

from numa_runtime.contract.heat_maps import Clip, clip_of, clips_of, looks_like_heat_maps, map_count, possible_clips
from numa_runtime.contract.tensor import TensorInfo


@given(frames=st.integers(2, 16), kind=st.integers(0, 3))
def test_planes_and_maps_together_tell_every_clip(frames, kind):
    clip = clips_of(frames)[kind]
    assert clip_of(clip.planes, frames) == clip
    assert clip in possible_clips(clip.planes)


@pytest.mark.parametrize(
    ("planes", "maps", "clip"),
    [
        (9, 3, Clip(3, 3, False)),
        (9, 9, Clip(9, 1, False)),
        (27, 8, Clip(8, 3, True)),
        (27, 9, Clip(9, 3, False)),
        (13, 3, None),
        (32, 8, None),
        (9, 1, None),
        (10, 9, Clip(9, 1, True)),
    ],
)
def test_published_layouts(planes, maps, clip):
    assert clip_of(planes, maps) == clip


def test_what_clips_are_called():
    assert [str(clip) for clip in possible_clips(9)] == [
        "2 colour frames and their background",
        "3 colour frames",
        "8 grey frames and their background",
        "9 grey frames",
    ]


def info(*shape):
    return TensorInfo("x", shape, "float32")


def test_shapes_that_look_like_heat_maps():
    assert looks_like_heat_maps(info("batch", 9, 288, 512), [info("batch", 3, 288, 512)])
    assert looks_like_heat_maps(info(1, 3, 3, 288, 512), [info(1, 3, 1, 288, 512)])
    assert not looks_like_heat_maps(info(1, 3, 288, 512), [info(1, 3, 288, 512)])
    assert not looks_like_heat_maps(info(1, 9, 640, 640), [info(1, 84, 8400)])
    assert not looks_like_heat_maps(info(1, "planes", 288, 512), [info(1, 3, 288, 512)])


def test_maps_are_counted_with_an_axis_of_one_or_without():
    counts = [
        map_count(info(*shape)) for shape in ((1, 4, 8, 8), (1, 4, 1, 8, 8), (1, 1, 4, 8, 8), (1, 2, 4, 8, 8), (1, 4))
    ]
    assert counts == [4, 4, 4, None, None]
