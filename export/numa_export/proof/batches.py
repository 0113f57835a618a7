"""Images as the batches a proof runs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.vision.prepare import Preparer

Image = NDArray[np.uint8]
_CLIP_SHIFT_PX = 4


def letterboxed(
    spec: ModelSpec, images: Sequence[Image], size: tuple[int, int], batch: int = 1
) -> Iterator[NDArray[Any]]:
    """Yield all images letterboxed to one size, in batches of one size (filled by repeating).

    An image becomes a clip, where one is wanted, by moving a little from frame to frame, the newest frame unmoved:
    a network that mixes its frames up would go unnoticed on ten equal ones.

    Args:
        spec: the contract.
        images: BGR or grey.
        size: (height, width).
        batch: images per batch, exactly.
    """
    prepare = Preparer(spec, size)
    for start in range(0, len(images), batch):
        chunk = list(islice(cycle(images[start : start + batch]), batch))
        yield _moving(prepare(chunk)[0].copy(), spec)


def _moving(clips: NDArray[Any], spec: ModelSpec) -> NDArray[Any]:
    model_input = spec.input
    for frame in range(model_input.frames - 1):
        place = frame + model_input.background
        planes = slice(place * model_input.channels, (place + 1) * model_input.channels)
        clips[:, planes] = np.roll(clips[:, planes], (model_input.frames - 1 - frame) * _CLIP_SHIFT_PX, axis=3)
    return clips
