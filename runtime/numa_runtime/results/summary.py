"""What was found in one frame as plain rows: nested for JSON, flat for tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from numa_runtime.results.records import Detections
from numa_runtime.results.views import Boxes, Keypoints

_CORNERS = ("x1", "y1", "x2", "y2")
_POINT = ("x", "y", "visible")


def summary_rows(
    records: Detections, shape: tuple[int, int], names: Mapping[int, str], *, normalize: bool, decimals: int
) -> list[dict[str, Any]]:
    """Return one plain dict per detection: name, class, confidence, box, track_id, keypoints (as present)."""
    boxes, points = Boxes(records, shape), Keypoints(records, shape)
    corners = (boxes.xyxyn if normalize else boxes.xyxy).tolist()
    xy = np.round((points.xyn if normalize else points.xy).numpy().astype(float), decimals)
    visible = np.round(points.conf.numpy().astype(float), decimals)
    rows: list[dict[str, Any]] = []
    for at, (conf, cls, track) in enumerate(
        zip(records.conf.tolist(), records.cls.tolist(), records.id.tolist(), strict=True)
    ):
        row: dict[str, Any] = {"name": names.get(cls, str(cls)), "class": cls, "confidence": round(conf, decimals)}
        row["box"] = {key: round(v, decimals) for key, v in zip(_CORNERS, corners[at], strict=True)}
        if track >= 0:
            row["track_id"] = track
        if xy.shape[1]:
            parts = (xy[at, :, 0], xy[at, :, 1], visible[at])
            row["keypoints"] = {key: part.tolist() for key, part in zip(_POINT, parts, strict=True)}
        rows.append(row)
    return rows


def table_columns(keypoints: int) -> list[str]:
    """Return the columns of `table_rows` for so many keypoints; the same for every frame of a network."""
    points = [f"kpt{k}_{part}" for k in range(keypoints) for part in _POINT]
    return ["name", "class", "confidence", *_CORNERS, "track_id", *points]


def table_rows(summary: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a summary without nesting; track_id is -1 where not tracked."""
    flat: list[dict[str, Any]] = []
    for row in summary:
        points = row.get("keypoints", {})
        numbered = {f"kpt{k}_{part}": v for part, values in points.items() for k, v in enumerate(values)}
        head = {key: row[key] for key in ("name", "class", "confidence")}
        flat.append({**head, **row["box"], "track_id": row.get("track_id", -1), **numbered})
    return flat
