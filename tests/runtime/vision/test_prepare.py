"""Frames to the batch of the contract's dtype."""

from __future__ import annotations

import numpy as np
import pytest
from vision_specs import spec

from numa_runtime.contract import Color, LetterboxRule
from numa_runtime.errors import ContractError
from numa_runtime.vision.letterbox import letterbox
from numa_runtime.vision.prepare import ClipPreparer, Preparer

RNG = np.random.default_rng(1)


def frame(height: int = 40, width: int = 70) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("dtype", "scale", "color"),
    [
        ("uint8", 1.0, Color.RGB),
        ("float32", 1.0, Color.BGR),
        ("float32", 1 / 255, Color.RGB),
        ("float16", 1 / 255, Color.RGB),
        ("float32", 1 / 255, Color.GRAY),
    ],
)
def test_dtype_and_scale_are_the_contracts(dtype, scale, color):
    channels = 1 if color is Color.GRAY else 3
    picture = frame()
    batch, transforms = Preparer(spec(dtype=dtype, scale=scale, color=color, channels=channels), (64, 96))([picture])
    plain = np.empty((channels, 64, 96), np.uint8)
    transform = letterbox(picture, plain, color, LetterboxRule())
    assert batch.dtype == dtype
    assert batch.shape == (1, channels, 64, 96)
    assert transforms == [transform]
    np.testing.assert_allclose(batch[0], (plain * np.float64(scale)).astype(dtype), rtol=2e-7)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float16", 2e-3)])
def test_a_mean_and_a_std_for_each_channel_are_applied_in_the_inputs_order(dtype, tolerance):
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    door = spec(dtype=dtype, scale=1 / 255, color=Color.RGB, mean=mean, std=std)
    blue_green_red = np.zeros((64, 64, 3), np.uint8)
    blue_green_red[:] = 255, 128, 0
    batch, _ = Preparer(door, (64, 64))([blue_green_red])
    for plane, value, middle, spread in zip(batch[0], (0, 128 / 255, 1), mean, std, strict=True):
        np.testing.assert_allclose(plane, (value - middle) / spread, rtol=tolerance)


def test_frames_of_different_sizes_share_a_batch_and_memory_is_kept():
    prepare = Preparer(spec(dtype="float32", scale=1 / 255), (64, 64))
    batch, transforms = prepare([frame(40, 70), frame(90, 30), frame(64, 64)])
    assert batch.shape == (3, 3, 64, 64)
    assert [t.source for t in transforms] == [(40, 70), (90, 30), (64, 64)]
    again, _ = prepare([frame()])
    assert np.shares_memory(batch, again)
    assert again.shape == (1, 3, 64, 64)


def test_a_still_image_is_a_clip_of_copies():
    prepare = Preparer(spec(frames=10, channels=1, color=Color.GRAY), (64, 64))
    batch, _ = prepare([frame()])
    assert batch.shape == (1, 10, 64, 64)
    assert batch[0].any()
    assert (batch[0] == batch[0, 0]).all()


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_video_frames_become_clips(dtype):
    door = spec(frames=3, channels=1, color=Color.GRAY, dtype=dtype, scale=1.0)
    prepare, single = ClipPreparer(door, (32, 32)), Preparer(spec(channels=1, color=Color.GRAY, dtype=dtype), (32, 32))
    frames = [frame() for _ in range(5)]
    planes = [single([f])[0][0, 0].copy() for f in frames]
    for number, picture in enumerate(frames):
        clip, transform = prepare.push(picture)
        assert np.array_equal(clip[0], np.stack(([planes[0]] * 3 + planes[: number + 1])[-3:]))
        assert clip.flags.c_contiguous
        assert transform.source == (40, 70)
        assert prepare.padded == (number < 2)
    prepare.reset()
    clip, _ = prepare.push(frames[4])
    assert (clip[0] == planes[4]).all()


def test_an_unknown_dtype_is_named():
    with pytest.raises(
        ContractError, match="input of type 'int32'; frames can be converted to uint8, float32, float16"
    ):
        Preparer(spec(dtype="int32"), (64, 64))


def test_the_background_stands_in_front_of_the_clip_and_is_what_stays():
    door = spec(color=Color.GRAY, channels=1, frames=3, background=True, size=(8, 40))
    prepare = ClipPreparer(door, (8, 40))
    for at in range(6):
        picture = np.full((8, 40, 3), 50, np.uint8)
        picture[:, at] = 250
        clip, _ = prepare.push(picture)
    assert clip.shape == (1, 4, 8, 40)
    assert (clip[0, 0] == 50).all()
    assert [int(plane[0].argmax()) for plane in clip[0, 1:]] == [3, 4, 5]
    prepare.reset()
    still = np.full((8, 40, 3), 9, np.uint8)
    assert (prepare.push(still)[0] == 9).all(), "the background of the video before is forgotten"


def test_a_still_picture_is_its_own_background():
    door = spec(color=Color.RGB, channels=3, frames=2, background=True)
    (batch,), _ = Preparer(door, (64, 64))([frame()])
    assert batch.shape == (9, 64, 64)
    assert (batch[:3] == batch[3:6]).all()
    assert (batch[:3] == batch[6:]).all()
