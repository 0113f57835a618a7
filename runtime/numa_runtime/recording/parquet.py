"""A recording as Parquet: one row per detection, for pandas, polars, DuckDB and the like."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from numa_runtime.errors import MissingExtra
from numa_runtime.files import atomic_path
from numa_runtime.recording.reading import Recording
from numa_runtime.results import Results

_GROUP = 1000
"""Frames of one row group: memory stays flat however long the recording."""


def write_parquet(recording: Recording, path: Path) -> int:
    """Write a recording's detections; return how many there are.

    Columns: frame (from 0), time (seconds), x1, y1, x2, y2 (pixels), score, class (number), name, keypoints (a list: x,
    y, visibility, x, ...) and features (a list).

    Raises:
        MissingExtra: pyarrow is not installed.
        SinkError: the file cannot be written.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("recordings as Parquet", "pyarrow", "parquet") from error
    numbers = pa.list_(pa.float32())
    kinds = {
        "frame": pa.int64(),
        "time": pa.float64(),
        **dict.fromkeys(("x1", "y1", "x2", "y2", "score"), pa.float32()),
    }
    kinds |= {"class": pa.int32(), "name": pa.string(), "keypoints": numbers, "features": numbers}
    schema = pa.schema(list(kinds.items()))
    rows, results = 0, iter(recording)
    with atomic_path(path) as part, pq.ParquetWriter(str(part), schema, compression="zstd") as writer:
        while group := list(islice(results, _GROUP)):
            table = list(_rows(group))
            rows += len(table)
            writer.write_table(pa.Table.from_pylist(table, schema=schema))
    return rows


def _rows(results: list[Results]) -> Iterator[dict[str, Any]]:
    for result in results:
        found = result.detections
        features = [None] * len(found) if found.features is None else found.features.tolist()
        points = found.keypoints.reshape(len(found), -1).tolist() if found.keypoints.shape[1] else [None] * len(found)
        columns = (found.xyxy.tolist(), found.conf.tolist(), found.cls.tolist(), points, features)
        for (x1, y1, x2, y2), score, cls, keypoints, looks in zip(*columns, strict=True):
            yield {
                "frame": result.frame_index,
                "time": result.timestamp,
                **{"x1": x1, "y1": y1, "x2": x2, "y2": y2, "score": score},
                **{"class": cls, "name": result.names.get(cls, str(cls)), "keypoints": keypoints, "features": looks},
            }
