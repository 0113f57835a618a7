"""Our default layout: boxes [B, K, 4], scores [B, K, nc], keypoints [B, K, kpts, 3], features [B, K, C]; NMS here."""

from __future__ import annotations

from numa_runtime.contract import ModelSpec
from numa_runtime.contract.spec import FEATURES
from numa_runtime.results import Detections
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs, bad_shape, output
from numa_runtime.vision.decode.suppress import suppress


class CandidatesDecoder:
    """Suppresses the candidates of one item; boxes and keypoints are in input pixels already."""

    def __init__(self, spec: ModelSpec) -> None:
        self._pose = spec.keypoint_shape is not None
        self._features = spec.has_features

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`."""
        return Decoded(self.detections(outputs, item, options))

    def detections(self, outputs: Outputs, item: int, options: DecodeOptions) -> Detections:
        """Return the detections alone (the multitask layout adds balls).

        Raises:
            ContractError: an output is missing, or the arrays disagree on the number of candidates.
        """
        boxes = output(outputs, "boxes", item, 3)
        scores = output(outputs, "scores", item, 3)
        keypoints = output(outputs, "keypoints", item, 4) if self._pose else None
        features = output(outputs, FEATURES, item, 3) if self._features else None
        if boxes.shape[1] != 4:
            raise bad_shape("boxes", boxes.shape, "(K, 4)")
        for name, array in (("scores", scores), ("keypoints", keypoints), (FEATURES, features)):
            if array is not None and len(array) != len(boxes):
                raise bad_shape(name, array.shape, f"{len(boxes)} rows, as many as boxes")
        return suppress(boxes, scores, keypoints, options, features)
