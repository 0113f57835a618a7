"""What every decoder takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ContractError
from numa_runtime.results import BallRecords, Detections

Outputs = Mapping[str, NDArray[Any]]


class PointMap(Protocol):
    """The way from network input to source pixels; `vision.letterbox.Transform` is the one there is."""

    def to_source(self, points: Any) -> NDArray[Any]: ...
    def boxes_to_source(self, xyxy: Any) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """Which detections are kept.

    Attributes:
        conf: only scores above it.
        iou: NMS overlap.
        max_det: at most so many.
        classes: only these classes (None: all).
        agnostic_nms: lets boxes of different classes suppress each other.
        multi_label: counts a box once for every class above `conf`, as validation does.
    """

    conf: float = 0.25
    iou: float = 0.7
    max_det: int = 300
    classes: tuple[int, ...] | None = None
    agnostic_nms: bool = False
    multi_label: bool = False


def _no_window() -> NDArray[np.float32]:
    return np.zeros((0, 0, 6), np.float32)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One item's detections and balls.

    Attributes:
        detections: the item's boxes.
        balls: those of the clip's newest frame.
        window: every frame's rows (T, K, 6) x, y, next_x, next_y, score, class, oldest first and unfiltered, T = 0
            for networks without balls.
    """

    detections: Detections
    balls: BallRecords = field(default_factory=BallRecords.empty)
    window: NDArray[np.float32] = field(default_factory=_no_window)

    def balls_at(self, frame: int, conf: float) -> BallRecords:
        """Return the balls of clip frame `frame` with a score above `conf`; none where the clip has no such frame."""
        if not -len(self.window) <= frame < len(self.window):
            return BallRecords.empty()
        rows = self.window[frame]
        return BallRecords.of(rows[rows[:, 4] > conf])


class Decoder(Protocol):
    """Reads one item of a session's outputs; everything is in pixels of the network's input."""

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded: ...


def to_source(decoded: Decoded, transform: PointMap) -> Decoded:
    """Map boxes (clipped to the frame), keypoints and balls from network-input to source pixels."""
    found, balls, keypoints, window = decoded.detections, decoded.balls, decoded.detections.keypoints, decoded.window
    if keypoints.size:
        keypoints = keypoints.copy()
        keypoints[..., :2] = transform.to_source(keypoints[..., :2])
    if window.size:
        window = window.copy()
        window[..., :4] = transform.to_source(window[..., :4])
    return Decoded(
        found.with_boxes(transform.boxes_to_source(found.xyxy), keypoints),
        replace(balls, xy=transform.to_source(balls.xy), next_xy=transform.to_source(balls.next_xy)),
        window,
    )


def output(outputs: Outputs, name: str, item: int | slice, rank: int) -> NDArray[Any]:
    """Return one item of one output.

    Args:
        outputs: the session's outputs by name.
        name: the output wanted.
        item: its place in the batch; `slice(None)` where the first axis is no batch.
        rank: axes the output must have (the batch included).

    Raises:
        ContractError: no such output, or it has another number of axes; the existing ones are named.
    """
    if name not in outputs:
        raise ContractError(f"the artifact gives no output {name!r}; it gives: {_listing(outputs)}", hint=_HINT)
    array = outputs[name]
    if array.ndim != rank:
        raise ContractError(
            f"output {name!r} must have {rank} axes; the artifact gives: {_listing(outputs)}", hint=_HINT
        )
    return array[item]


def only_output(spec: ModelSpec, outputs: Outputs, item: int) -> NDArray[Any]:
    """Return item `item` of a foreign file's one output [B, ., .], whatever its name."""
    name = spec.outputs[0].name if spec.outputs else next(iter(outputs), "")
    return output(outputs, name, item, 3)


def bad_shape(name: str, shape: tuple[int, ...], wanted: str) -> ContractError:
    """Return the error for an output (one item of it) whose shape is not what its layout says."""
    return ContractError(f"output {name!r} has shape {shape} per image; its layout needs {wanted}", hint=_HINT)


_HINT = "numa-deploy inspect FILE shows what the file's contract promises"


def _listing(outputs: Outputs) -> str:
    return ", ".join(f"{name} {list(array.shape)}" for name, array in outputs.items()) or "nothing"
