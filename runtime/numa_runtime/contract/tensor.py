"""What one input or output array of an artifact looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_IMAGE_AXES = ("batch", "channels", "height", "width")


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One input or output of an artifact.

    Attributes:
        name: its name in the file.
        shape: one entry per axis: an int, or a word where dynamic.
        dtype: numpy dtype name.
    """

    name: str
    shape: tuple[int | str, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name} {shape_text(self.shape)} {self.dtype}"


def shape_text(shape: Sequence[int | str]) -> str:
    """Return a shape as people write it: `[1, 3, 640, 640]`, `[batch, 3, height, width]`."""
    return f"[{', '.join(map(str, shape))}]"


def named_axes(shape: Sequence[object]) -> tuple[int | str, ...]:
    """Give every dynamic axis a word: the file's own, else batch, channels, height, width (rank 4) or batch, dim1 ...

    Axes that are positive integers stay; None, "" and negative numbers are dynamic.
    """
    return tuple(_axis(axis, index, len(shape)) for index, axis in enumerate(shape))


def _axis(axis: object, index: int, rank: int) -> int | str:
    if isinstance(axis, int) and axis >= 0:
        return axis
    if isinstance(axis, str) and axis and axis != "?":
        return axis
    if rank == len(_IMAGE_AXES):
        return _IMAGE_AXES[index]
    return "batch" if index == 0 else f"dim{index}"


def fixed(axis: int | str) -> int | None:
    """Return the axis as an int, or None where it is dynamic."""
    return axis if isinstance(axis, int) else None
