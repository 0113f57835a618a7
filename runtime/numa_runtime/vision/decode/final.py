"""Finished detections from the graph: detections [B, M, 6], keypoints [B, M, kpts, 3]; no NMS here."""

from __future__ import annotations

from numa_runtime.contract import ModelSpec
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, output
from numa_runtime.vision.decode.suppress import rows_to_detections


class FinalDecoder:
    """Drops rows whose score is not above the threshold; `iou`, `agnostic_nms` and `multi_label` have no effect."""

    def __init__(self, spec: ModelSpec) -> None:
        self._pose = spec.keypoint_shape is not None

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`, best first.

        Raises:
            ContractError: an output is missing or has another shape.
        """
        rows = output(outputs, "detections", item, 3)
        if rows.shape[1] != 6:
            raise bad_shape("detections", rows.shape, "(M, 6): x1, y1, x2, y2, score, class")
        keypoints = output(outputs, "keypoints", item, 4) if self._pose else None
        return Decoded(rows_to_detections(rows, keypoints, options))
