"""A contact sheet: labelled samples side by side, to see at a glance whether labels lie where they should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from numa_runtime.files import atomic_path
from numa_runtime.results.records import Detections
from numa_runtime.results.result import Results
from numa_runtime.sinks.images import encode_image
from numa_runtime.vision.draw import draw
from numa_runtime.vision.style import Style

Picture = NDArray[np.uint8]

TILE = 320
"""Width of a sample, pixels."""

MOST = 160
"""Samples of one sheet: more of them is no glance any more."""

_BAND, _GAP, _PAPER = 18, 4, 24
_RING, _BRIGHT, _DARK = 6, (60, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled picture, small already.

    Attributes:
        caption: what is written above.
        tile: uint8 (h, TILE, 3) BGR with the labels drawn onto it.
    """

    caption: str
    tile: Picture

    @classmethod
    def of(
        cls,
        caption: str,
        image: Picture,
        found: Detections,
        balls: NDArray[np.float32],
        names: Sequence[str] = ("player",),
    ) -> Self:
        """Make a sample: the picture made small first, then its labels drawn, so that lines stay sharp.

        Args:
            caption: what is written above.
            image: uint8 (h, w, 3) BGR.
            found: boxes and keypoints, pixels of the image.
            balls: float32 (n, 2), pixels of the image.
            names: of the classes.
        """
        scale = TILE / image.shape[1]
        small = cv2.resize(image, (TILE, max(1, round(image.shape[0] * scale))), interpolation=cv2.INTER_AREA)
        points = found.keypoints * np.array([scale, scale, 1], np.float32)
        said = Results(
            orig_shape=(small.shape[0], small.shape[1]),
            names=dict(enumerate(names)),
            detections=found.with_boxes(found.xyxy * scale, points),
        )
        style = Style(
            show_conf=False, show_labels=len(names) > 1, line_width=1.0, keypoint_radius=1.5, color_by="instance"
        )
        tile = np.asarray(draw(said, np.asarray(small), style), np.uint8)
        for x, y in (balls * scale).tolist():  # a ring: a disc would hide what it is to be compared with
            for width, colour in ((4, _DARK), (2, _BRIGHT)):
                cv2.circle(tile, (round(8 * x), round(8 * y)), 8 * _RING, colour, width, cv2.LINE_AA, 3)
        return cls(caption, tile)


def contact_sheet(samples: Sequence[Sample], columns: int = 4) -> Picture:
    """Return the samples, row by row, each under its caption; uint8 (H, W, 3) BGR."""
    shown = samples[:MOST]
    rows = [shown[at : at + columns] for at in range(0, len(shown), columns)]
    width = min(columns, len(shown)) * (TILE + _GAP) + _GAP
    bands = [np.full((_GAP, width, 3), _PAPER, np.uint8)]
    for row in rows:
        height = _BAND + max(sample.tile.shape[0] for sample in row) + _GAP
        band = np.full((height, width, 3), _PAPER, np.uint8)
        for place, sample in enumerate(row):
            left = _GAP + place * (TILE + _GAP)
            band[_BAND : _BAND + sample.tile.shape[0], left : left + TILE] = sample.tile
            text = sample.caption.encode("ascii", "replace").decode()[-48:]
            cv2.putText(
                band, text, (left + 2, _BAND - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (225, 225, 225), 1, cv2.LINE_AA
            )
        bands.append(band)
    return np.concatenate(bands)


def write_sheet(samples: Sequence[Sample], path: Path, columns: int = 4) -> None:
    """Write a contact sheet as a jpg or png.

    Raises:
        SinkError: it cannot be written.
    """
    suffix = ".png" if path.suffix.lower() == ".png" else ".jpg"
    with atomic_path(path) as part:
        part.write_bytes(encode_image(contact_sheet(samples, columns), suffix))


def spread(total: int, wanted: int) -> list[int]:
    """Return up to `wanted` numbers below `total`, evenly spaced, neither the first nor the last where it can be."""
    count = min(total, wanted)
    return [int((2 * place + 1) * total / (2 * count)) for place in range(count)]
