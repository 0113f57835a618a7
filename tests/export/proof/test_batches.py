from itertools import pairwise

import numpy as np
import tiny_onnx
from vision_specs import spec

from numa_export.proof.batches import letterboxed
from numa_runtime.contract import Color


def test_images_fill_batches_by_repeating():
    batches = list(letterboxed(spec(), tiny_onnx.photographs(3), (64, 96), 2))
    assert [batch.shape for batch in batches] == [(2, 3, 64, 96)] * 2
    assert batches[0].dtype == np.uint8
    assert not np.array_equal(batches[0][0], batches[0][1])
    np.testing.assert_array_equal(batches[1][0], batches[1][1])


def test_a_clip_moves_and_ends_with_the_image():
    clip = spec(channels=1, frames=10, color=Color.GRAY)
    (batch,) = letterboxed(clip, tiny_onnx.photographs(1), (64, 96))
    frames = batch[0]
    assert len(frames) == 10
    for older, newer in pairwise(frames):
        np.testing.assert_array_equal(np.roll(newer, 4, axis=1), older)
        assert not np.array_equal(older, newer)
