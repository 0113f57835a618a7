"""Heat-map ball networks (the TrackNet family): how many frames of what kind a number of planes is.

They take T frames stacked along the channels and give T maps, one a frame: TrackNetV2 and WASB 9 -> 3 (RGB), VballNet
9 -> 9 (grey), TrackNetV3 27 -> 8 (RGB with the median background in front). The number of maps is the number of frames,
so that it decides between 9 grey and 3 colour frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numa_runtime.contract.tensor import TensorInfo, fixed

FEWEST_FRAMES, MOST_FRAMES = 2, 16


@dataclass(frozen=True, slots=True)
class Clip:
    """What a heat-map network takes.

    Attributes:
        frames: T, frames of the clip, oldest first.
        channels: of each: 1 grey, 3 colour.
        background: whether the median background stands in front of them.
    """

    frames: int
    channels: int
    background: bool

    @property
    def planes(self) -> int:
        """Size of the channel axis."""
        return (self.frames + self.background) * self.channels

    def __str__(self) -> str:
        kind = "grey" if self.channels == 1 else "colour"
        return f"{self.frames} {kind} frames" + (" and their background" if self.background else "")


def clips_of(frames: int) -> tuple[Clip, ...]:
    """Return every clip of a number of frames, from the fewest planes to the most."""
    return tuple(Clip(frames, channels, background) for channels in (1, 3) for background in (False, True))


def clip_of(planes: int, maps: int) -> Clip | None:
    """Return the clip of `planes` channels for which `maps` maps come out, None where there is none.

    T, T + 1, 3 T and 3 (T + 1) are four different numbers for every T, so that there is never more than one.
    """
    if not FEWEST_FRAMES <= maps <= MOST_FRAMES:
        return None
    return next((clip for clip in clips_of(maps) if clip.planes == planes), None)


def possible_clips(planes: int) -> tuple[Clip, ...]:
    """Return what a number of planes alone can be: so many grey frames, fewer of colour, or with a background."""
    found = (clip_of(planes, frames) for frames in range(FEWEST_FRAMES, MOST_FRAMES + 1))
    return tuple(clip for clip in found if clip is not None)


def looks_like_heat_maps(model_input: TensorInfo, outputs: Sequence[TensorInfo]) -> bool:
    """Whether the shapes are those of a heat-map network: planes of a clip in, as many maps as frames out."""
    shape = model_input.shape
    if len(shape) == 5:
        counts = {fixed(shape[1]), fixed(shape[2])}
        return any(map_count(info) in counts - {None} for info in outputs)
    if len(shape) != 4 or fixed(shape[1]) is None:
        return False
    planes = fixed(shape[1]) or 0
    return planes > 3 and any(clip_of(planes, map_count(info) or 0) for info in outputs)


def map_count(info: TensorInfo) -> int | None:
    """Return how many maps an output [B, T, H, W] or [B, T, 1, H, W] holds, None where it is no such output."""
    shape = info.shape
    if len(shape) == 4:
        return fixed(shape[1])
    if len(shape) == 5 and 1 in (shape[1], shape[2]):
        return fixed(shape[2] if shape[1] == 1 else shape[1])
    return None
