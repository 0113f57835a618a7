"""JSON lines: one object per frame, detections as `Results.summary` gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numa_runtime.jsontext import json_text
from numa_runtime.paths import utf8
from numa_runtime.results import Results
from numa_runtime.sinks.lines import LineSink


def frame_object(result: Results) -> dict[str, Any]:
    """Return one frame as plain values; times in seconds, speed in milliseconds, boxes in pixels.

    "ended" (the track ids that ended for good), "court" (metres) and "padded" are there only where they say something.
    """
    item: dict[str, Any] = {
        "frame": result.frame_index,
        "timestamp": round(result.timestamp, 6),
        "path": utf8(result.path),
        "speed": {stage: round(ms, 3) for stage, ms in result.speed.items()},
        "detections": result.summary(),
        "balls": list(_balls(result)),
    }
    if len(result.ended):
        item["ended"] = {"boxes": result.ended.boxes.tolist(), "balls": result.ended.balls.tolist()}
    if result.court is not None:
        item["court"] = result.court.to_dict()
    if result.padded:
        item["padded"] = True
    return item


def _balls(result: Results) -> Iterator[dict[str, Any]]:
    balls = result.ball_records
    for (x, y), (next_x, next_y), conf, cls, track in zip(
        balls.xy.tolist(),
        balls.next_xy.tolist(),
        balls.conf.tolist(),
        balls.cls.tolist(),
        balls.id.tolist(),
        strict=True,
    ):
        row = {
            "x": round(x, 2),
            "y": round(y, 2),
            "next_x": round(next_x, 2),
            "next_y": round(next_y, 2),
            "confidence": round(conf, 5),
            "class": cls,
        }
        yield row | {"track_id": track} if track >= 0 else row


def jsonl_sink(path: Path) -> LineSink:
    """Return a sink that writes JSON lines to `path`."""
    return LineSink(path, lambda result: (json_text(frame_object(result)),))
