"""Files of other families: rows on a grid (suppressed here), queries and finished rows (not suppressed at all)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Outputs
from numa_runtime.vision.decode.pieces import Pieces, pieces_of
from numa_runtime.vision.decode.suppress import rows_to_detections, suppress
from numa_runtime.vision.decode.ultralytics import corners

_CENTRED = (Layout.OBJECTNESS_ROWS, Layout.CLASS_ROWS, Layout.QUERY_ROWS, Layout.QUERY_LOGITS)
_FRACTIONS = (Layout.QUERY_ROWS, Layout.QUERY_LOGITS)


class ForeignDecoder:
    """Decodes only rows whose best score passes; a query counts with its best class.

    Args:
        spec: the contract.
        size: the (height, width) the network is run at, for files of dynamic size whose boxes are fractions.
    """

    def __init__(self, spec: ModelSpec, size: tuple[int, int] | None = None) -> None:
        self._spec = spec
        height, width = size or (None, None)
        self._size = spec.input.height or height, spec.input.width or width

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`.

        Raises:
            ContractError: an output is missing, or its shape is not its layout's.
        """
        pieces = _passed(_probable(self._spec.layout, pieces_of(self._spec, outputs, item)), options.conf)
        boxes = self._pixels(pieces.boxes)
        scores = pieces.scores if pieces.objectness is None else pieces.scores * pieces.objectness[:, None]
        if self._spec.layout.needs_nms:
            every = scores if pieces.labels is None else _spread(scores, pieces.labels, len(self._spec.names))
            return Decoded(suppress(boxes, every, None, options))
        best, labels = (scores, pieces.labels) if pieces.labels is not None else _best(scores)
        rows = np.concatenate([boxes, best[:, None], np.asarray(labels, np.float32)[:, None]], axis=1)
        return Decoded(rows_to_detections(rows, None, options))

    def _pixels(self, boxes: NDArray[Any]) -> NDArray[np.float32]:
        """Return corners in pixels of the input."""
        found = corners(boxes) if self._spec.layout in _CENTRED else np.asarray(boxes, np.float32)
        if self._spec.layout not in _FRACTIONS:
            return found
        height, width = self._size
        if not (height and width):
            raise ContractError(
                "boxes that are fractions of an input of dynamic size cannot be decoded: its size is not known",
                hint="decoder_for(spec, size) takes it",
            )
        return found * np.array([width, height, width, height], np.float32)


def _probable(layout: Layout, pieces: Pieces) -> Pieces:
    if layout is not Layout.QUERY_LOGITS:
        return pieces
    logits = np.clip(np.asarray(pieces.scores, np.float32), -80, 80)
    return Pieces(pieces.boxes, 1 / (1 + np.exp(-logits)))


def _passed(pieces: Pieces, conf: float) -> Pieces:
    """Return the rows whose best score can be above `conf`: with objectness, no class score exceeds it."""
    judged = pieces.scores if pieces.objectness is None else pieces.objectness
    best = judged if judged.ndim == 1 else judged.max(axis=1, initial=-np.inf)
    index = np.flatnonzero(best > conf)
    labels, objectness = (
        None if array is None else np.asarray(array[index], np.float32) for array in (pieces.labels, pieces.objectness)
    )
    return Pieces(pieces.boxes[index], np.asarray(pieces.scores[index], np.float32), labels, objectness)


def _best(scores: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    labels = scores.argmax(axis=1) if len(scores) else np.zeros(0, np.int64)
    return scores[np.arange(len(scores)), labels], labels


def _spread(scores: NDArray[Any], labels: NDArray[Any], count: int) -> NDArray[np.float32]:
    """Return (n, count) with each score at its class; a class that there is not scores nothing."""
    return np.where(labels[:, None] == np.arange(count), scores[:, None], np.float32(0)).astype(np.float32)
