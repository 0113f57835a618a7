"""What a first run's values say about a foreign layout: they confirm the reading, or show that it is another one.

Shapes alone do not tell raw YOLOX from decoded YOLOX, nor pixels from fractions. Values do: sizes of e^200 cells are
pixels, class scores of 400 are coordinates. A network that finds nothing shows nothing; then the next run is looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import Layout, ModelSpec
from numa_runtime.contract.family import Family
from numa_runtime.contract.foreign import adopt_hint, likely, rivals
from numa_runtime.errors import ContractError
from numa_runtime.vision.decode.base import Decoded, DecodeOptions, Decoder, Outputs
from numa_runtime.vision.decode.pieces import Pieces, pieces_of

_SLACK = 0.05  # rounding of half and int8 networks
_FRACTIONS = (Layout.QUERY_ROWS, Layout.QUERY_LOGITS)
_CORNERS = (
    Layout.BOXES_AND_SCORES,
    Layout.LABELLED_ROWS,
    Layout.LABELLED_BOXES,
    Layout.BATCH_ROWS,
    Layout.ULTRALYTICS_END2END,
)
_LARGEST_FRACTION = 2.0
_LONGEST_BOX = 8.0  # a box may stand over the picture's edges, but not by so many pictures
_SEEN = 0.05  # rows below this score show nothing in finished layouts: they are padding


class DoubtingDecoder:
    """Looks at the values before it decodes, until they have confirmed the layout once.

    Args:
        decoder: what decodes.
        spec: the contract.
        size: the (height, width) the network is run at; None where it is not known yet.
        where: the file's path, for the message.
    """

    def __init__(self, decoder: Decoder, spec: ModelSpec, size: tuple[int, int] | None, where: str) -> None:
        self._decoder = decoder
        self._spec = spec
        self._size = size
        self._where = where
        self._confirmed = False

    def __call__(self, outputs: Outputs, item: int, options: DecodeOptions) -> Decoded:
        """Return the detections of item `item`.

        Raises:
            ContractError: the values show that the file is laid out differently.
        """
        if not self._confirmed:
            self._look(outputs, item)
        return self._decoder(outputs, item, options)

    def _look(self, outputs: Outputs, item: int) -> None:
        pieces = pieces_of(self._spec, outputs, item)
        reason = contradiction(self._spec, pieces, self._size)
        if reason:
            raise self._refusal(reason, outputs, item)
        self._confirmed = bool(np.any(np.abs(_finite(_numbers(pieces))) > _SEEN))

    def _refusal(self, reason: str, outputs: Outputs, item: int) -> ContractError:
        fits = fitting(self._spec, outputs, item, self._size)
        return ContractError(
            f"{self._where} was read as {self._spec.layout}, and its values are not: {reason}"
            + (f"; they would fit {', '.join(fits)}" if fits else ""),
            hint=adopt_hint(self._where, fits[0]) if fits else "docs/how-to/foreign-files.md lists what is read",
        )


def contradiction(spec: ModelSpec, pieces: Pieces, size: tuple[int, int] | None = None) -> str:
    """Return what in the values cannot be in the contract's layout, "" where nothing is against it.

    Args:
        spec: the contract.
        pieces: one item of a run's outputs.
        size: the (height, width) of the run; the contract's own by default.
    """
    longest = max(size or (spec.input.height or 0, spec.input.width or 0)) or 4096
    return _of_scores(spec.layout, pieces) or _of_labels(spec, pieces) or _of_boxes(spec.layout, pieces, longest)


def fitting(spec: ModelSpec, outputs: Outputs, item: int, size: tuple[int, int] | None = None) -> list[Family]:
    """Return the families of the other readings that the values are not against, likely ones first.

    Args:
        spec: the contract that the values contradict.
        outputs: of a run.
        item: the image's place in the batch.
        size: the (height, width) of the run; the contract's own by default.
    """
    return likely(
        (family, len(other.names))
        for family, other in rivals(spec)
        if not contradiction(other, pieces_of(other, outputs, item), size)
    )


def _of_scores(layout: Layout, pieces: Pieces) -> str:
    for word, values in (("objectness", pieces.objectness), ("scores", pieces.scores)):
        known = _finite(values) if values is not None else np.zeros(0)
        if not known.size:
            continue
        low, high = float(known.min()), float(known.max())
        probable = low >= -_SLACK and high <= 1 + _SLACK
        if layout is Layout.QUERY_LOGITS:
            if probable and high > _SEEN:
                return f"what should be logits lies between {low:.3g} and {high:.3g}, as probabilities do"
        elif not probable:
            return f"{word} between {low:.3g} and {high:.3g} are no probabilities"
    return ""


def _of_labels(spec: ModelSpec, pieces: Pieces) -> str:
    if pieces.labels is None:
        return ""
    labels = np.nan_to_num(pieces.labels, posinf=0, neginf=0)
    if np.any(np.mod(labels, 1) != 0):
        return "classes are no whole numbers"
    highest = int(labels[pieces.scores > _SEEN].max(initial=-1))
    if 0 < len(spec.names) <= highest:
        return f"class {highest} of {len(spec.names)} names (--names gives all of them)"
    return ""


def _of_boxes(layout: Layout, pieces: Pieces, longest: int) -> str:
    boxes = np.nan_to_num(np.asarray(_shown(pieces), np.float32), posinf=0, neginf=0)
    if not boxes.any():
        return ""
    if layout is Layout.YOLOX_RAW:
        largest, limit = float(boxes[:, 2:].max()), np.log(_LONGEST_BOX * longest / 8)
        return f"sizes of e^{largest:.3g} cells; they are decoded already" if largest > limit else ""
    reach = float(np.abs(boxes).max())
    if layout in _FRACTIONS:
        return f"boxes reach {reach:.4g}: pixels, not fractions" if reach > _LARGEST_FRACTION else ""
    return _of_pixels(layout, boxes, reach, longest)


def _of_pixels(layout: Layout, boxes: NDArray[np.float32], reach: float, longest: int) -> str:
    if reach <= _LARGEST_FRACTION:
        return f"boxes reach {reach:.3g} only: fractions or cells, not pixels"
    if reach > _LONGEST_BOX * longest:
        return f"boxes reach {reach:.4g} pixels in a picture of {longest}"
    if layout in _CORNERS and np.any(boxes[:, 2:] < boxes[:, :2] - 1):
        return "boxes end before they begin: they are no corners"
    return ""


def _shown(pieces: Pieces) -> NDArray[Any]:
    """Return the boxes that say something: all of a grid or of queries, those with a score where rows are padded."""
    if pieces.labels is None:
        return pieces.boxes
    return pieces.boxes[pieces.scores > _SEEN]


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    """Return the numbers among the values, flat; what is none is somebody else's business."""
    known: NDArray[Any] = values[np.isfinite(values)]
    return known


def _numbers(pieces: Pieces) -> NDArray[Any]:
    return np.asarray(pieces.boxes if pieces.labels is None else pieces.scores)
