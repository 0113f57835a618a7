"""What a data.yaml says of its rallies: where boxes begin, which frames are taken, and how keypoints are mirrored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.yolo_yaml import YoloConfig


@dataclass(frozen=True, slots=True)
class RallyRules:
    """How rallies are read.

    Attributes:
        top_left: a box's X, Y is its corner; its centre otherwise.
        frame_step: every how many-th frame is taken; None: `fps` decides.
        fps: about how many frames a second are taken of each video; None: `frame_step` decides.
        shared: a rally may be in two splits.
    """

    top_left: bool = False
    frame_step: int | None = None
    fps: float | None = None
    shared: bool = False

    @classmethod
    def of(cls, config: YoloConfig) -> RallyRules:
        """Read `box_xy`, `frame_step`, `fps` and `shared_rallies` of a data.yaml.

        Raises:
            DataError: one of them has no such value, or two contradict each other.
        """
        corner, step, fps = (config.extra.get(word) for word in ("box_xy", "frame_step", "fps"))
        if corner not in (None, "center", "top-left"):
            raise DataError(f"{config.file}: box_xy is {corner!r}", hint="box_xy: center, or box_xy: top-left")
        if step is not None and (not _whole(step) or step < 1):
            raise DataError(f"{config.file}: frame_step is {step!r}", hint="frame_step: 2 takes every second frame")
        if fps is not None and (isinstance(fps, bool) or not isinstance(fps, int | float) or not 0 < fps < 1e4):
            raise DataError(f"{config.file}: fps is {fps!r}", hint="fps: 30 takes every fourth frame of 120 a second")
        if step is not None and fps is not None:
            raise DataError(f"{config.file}: frame_step and fps both say which frames are taken", hint="leave one out")
        shared = config.extra.get("shared_rallies", False)
        if not isinstance(shared, bool):
            raise DataError(
                f"{config.file}: shared_rallies is {shared!r}", hint="shared_rallies: true, or no such line"
            )
        return cls(corner == "top-left", step, fps, shared)

    def step(self, fps: float | None, where: str) -> int:
        """Return every how many-th frame is taken of footage with so many frames a second.

        Raises:
            DataError: `fps` is asked for, and nobody knows how many there are.
        """
        if self.fps is None:
            return self.frame_step or 1
        if fps is None:
            raise DataError(
                f"{where}: images do not say how many there are a second", hint="say frame_step: 2 instead of fps"
            )
        return max(1, round(fps / self.fps))


def flip_table(config: YoloConfig, keypoints: int) -> tuple[int, ...] | None:
    """Return `flip_idx`, each keypoint's partner in a mirror; None where the data.yaml does not say it.

    Args:
        config: the data.yaml.
        keypoints: K of the players.

    Raises:
        DataError: it is no exchange of K keypoints.
    """
    said: Any = config.extra.get("flip_idx")
    if said is None or not keypoints:
        return None
    fits = isinstance(said, list) and all(map(_whole, said)) and sorted(said) == list(range(keypoints))
    if not fits or any(said[said[at]] != at for at in range(keypoints)):
        raise DataError(
            f"{config.file}: flip_idx does not pair {keypoints} keypoints: {said!r}",
            hint="place k holds the number of k's partner in a mirror, its own where it has none: [0, 2, 1]",
        )
    return tuple(said)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
