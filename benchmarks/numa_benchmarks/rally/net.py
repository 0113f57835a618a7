"""The net, over what stands behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.painter import Painter
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]


def paint_net(picture: Picture, camera: Camera, court: Court, shade: Array, alpha: float) -> None:
    """Paint a veil with a bright tape, and its posts.

    Args:
        picture: uint8 (H, W, 3) BGR, painted on.
        camera: what sees it.
        court: how high and how wide the net is.
        shade: BGR of the veil and the posts.
        alpha: how opaque the veil is, 0-1.
    """
    half, low = court.width / 2 + 0.1, court.surface + (0.05 if court.net < 2 else court.net - 1.0)
    if court.surface == 0 and court.net > 1.2 and court.net < 2:
        low = court.net - 0.76
    corners = np.array([[-half, 0, low], [half, 0, low], [half, 0, court.net], [-half, 0, court.net]])
    painter = Painter(picture, camera)
    painter.area(corners, shade, alpha)
    tape = corners.copy()
    tape[:2, 2] = court.net - (0.075 if court.surface == 0 else 0.015)
    painter.area(tape, np.clip(shade + 150, 0, 250), 0.6)
    if court.surface == 0:
        for x in (-half, half):
            post = np.array(
                [[x - 0.025, 0, 0], [x + 0.025, 0, 0], [x + 0.025, 0, court.net], [x - 0.025, 0, court.net]]
            )
            painter.area(post, shade)
