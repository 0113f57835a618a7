"""CSV: one row per detection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from numa_runtime.paths import utf8
from numa_runtime.results import Results
from numa_runtime.sinks.lines import LineSink

COLUMNS = ("frame", "timestamp", "path", "track_id", "class", "name", "confidence", "x1", "y1", "x2", "y2")

COURT_COLUMNS = ("court_x_m", "court_y_m", "distance_m")
"""What a court view adds: where the player stands, and how far it has gone; empty beside the court."""


def _joined(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def table_header(first: Results | None) -> str:
    """Return the column names; keypoints add x, y and visibility of each ("kpt0_x", ...)."""
    count = first.detections.keypoints.shape[1] if first is not None else 0
    points = [f"kpt{k}_{part}" for k in range(count) for part in ("x", "y", "visible")]
    return _joined([*COLUMNS, *points, *(COURT_COLUMNS if first is not None and first.court is not None else ())])


def table_lines(result: Results) -> Iterator[str]:
    """Yield one row per detection; frame from 0, timestamp in seconds, pixels; track_id -1 = not tracked."""
    records = result.detections
    for box, conf, cls, track, points in zip(
        records.xyxy.tolist(),
        records.conf.tolist(),
        records.cls.tolist(),
        records.id.tolist(),
        records.keypoints,
        strict=True,
    ):
        yield _joined(
            [
                result.frame_index,
                f"{result.timestamp:.3f}",
                utf8(result.path),
                track,
                cls,
                result.names.get(cls, str(cls)),
                f"{conf:.5f}",
                *(f"{value:.2f}" for value in box),
                *(f"{value:.2f}" for value in points.ravel().tolist()),
                *_court_cells(result, track),
            ]
        )


def _court_cells(result: Results, track: int) -> tuple[str, ...]:
    if result.court is None:
        return ()
    spot = result.court.player(track)
    return ("", "", "") if spot is None else tuple(f"{value:.2f}" for value in (*spot.place, spot.distance))


def table_sink(path: Path) -> LineSink:
    """Return a sink that writes a CSV table to `path`."""
    return LineSink(path, table_lines, table_header)
