"""The clip network: candidates of the pose head, and balls [B, T, K, 6] of every frame of the clip."""

from __future__ import annotations

import numpy as np

from numa_runtime.contract import ModelSpec
from numa_runtime.results import Detections
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, output
from numa_runtime.vision.decode.candidates import CandidatesDecoder

NEWEST = -1


class MultitaskDecoder:
    """Joins both heads; a head the contract does not list (exported with `pose=False`, `track=False`) is omitted."""

    def __init__(self, spec: ModelSpec) -> None:
        names = {out.name for out in spec.outputs}
        self._candidates = CandidatesDecoder(spec)
        self._pose = "boxes" in names or not names
        self._balls = "balls" in names or not names
        self._keypoints = spec.keypoint_shape[0] if spec.keypoint_shape else 0

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return detections of the newest frame and balls of all frames.

        A next position that equals the position to the last bit is none, and becomes NaN: heat maps know no frame after
        the newest, and arrays of a session hold numbers only.

        Raises:
            ContractError: an output that the contract lists is missing or has another shape.
        """
        found = self._candidates.detections(outputs, item, options) if self._pose else Detections.empty(self._keypoints)
        if not self._balls:
            return Decoded(found)
        window = np.asarray(output(outputs, "balls", item, 4), np.float32)
        if window.shape[2] != 6:
            raise bad_shape("balls", window.shape, "(T, K, 6): x, y, next_x, next_y, score, class")
        window = window.copy()
        window[np.all(window[..., 2:4] == window[..., :2], axis=-1), 2:4] = np.nan  # a network's way to say "unknown"
        decoded = Decoded(found, window=window)
        return Decoded(found, decoded.balls_at(NEWEST, options.conf), decoded.window)
