"""The lines of YOLO label files, of one frame."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from numa_runtime.results.records import Detections
from numa_runtime.results.views import Boxes, Keypoints


def label_rows(records: Detections, shape: tuple[int, int], *, save_conf: bool = False) -> Iterator[str]:
    """Yield "class cx cy w h [keypoints x y visibility ...] [conf] [id]", coordinates as fractions of the frame.

    Args:
        records: what was found.
        shape: the frame's (height, width).
        save_conf: write the score of each detection too.
    """
    found = Keypoints(records, shape)
    points = np.concatenate([found.xyn, found.conf[..., None]], axis=2)
    for i, (cls, box) in enumerate(zip(records.cls.tolist(), Boxes(records, shape).xywhn.tolist(), strict=True)):
        values = [*box, *points[i].ravel().tolist()]
        if save_conf:
            values.append(float(records.conf[i]))
        line = " ".join([str(cls), *(f"{value:.6g}" for value in values)])
        track = int(records.id[i])
        yield f"{line} {track}" if track >= 0 else line
