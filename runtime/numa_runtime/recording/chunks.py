"""Some frames as one compressed block of arrays (NumPy's .npz), and back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results import BallRecords, Detections, Results

Arrays = Mapping[str, NDArray[Any]]


def pack(results: Sequence[Results]) -> bytes:
    """Return frames as a block; row i of every array belongs to the i-th detection, ball or frame.

    Attributes of frames: index, time (seconds), shape (height, width), padded, dropped, warp (2, 3) of NaN where the
    camera's motion is not known. Of detections, `count` a frame: xyxy, conf, cls, keypoints (K, 3), features (C). Of
    balls, `balls_count` and `previous_count` a frame: balls and previous, (6) as `BallRecords.rows`.
    """
    found = [result.detections for result in results]
    looks = {each.features.shape[1] for each in found if each.features is not None}
    arrays: dict[str, NDArray[Any]] = {
        "index": np.array([result.frame_index for result in results], np.int64),
        "time": np.array([result.timestamp for result in results], np.float64),
        "shape": np.array([result.orig_shape for result in results], np.int32).reshape(-1, 2),
        "padded": np.array([result.padded for result in results], np.bool_),
        "dropped": np.array([result.dropped for result in results], np.int32),
        "warp": np.stack([_UNKNOWN if result.warp is None else result.warp for result in results]),
        "count": np.array([len(each) for each in found], np.int32),
        "xyxy": np.concatenate([each.xyxy for each in found]),
        "conf": np.concatenate([each.conf for each in found]),
        "cls": np.concatenate([each.cls for each in found]).astype(np.int32),
        "keypoints": np.concatenate([each.keypoints for each in found]),
    }
    if len(looks) == 1:
        width = looks.pop()
        none = np.zeros((0, width), np.float32)
        arrays["features"] = np.concatenate([none if each.features is None else each.features for each in found])
    for name, balls in (
        ("balls", [result.ball_records for result in results]),
        ("previous", [result.previous_balls for result in results]),
    ):
        arrays[f"{name}_count"] = np.array([len(each) for each in balls], np.int32)
        arrays[name] = np.concatenate([each.rows() for each in balls]).astype(np.float32)
    block = io.BytesIO()
    np.savez_compressed(block, **arrays)  # type: ignore[arg-type]
    return block.getvalue()


_UNKNOWN = np.full((2, 3), np.nan)


def unpack(block: bytes, names: dict[int, str]) -> list[Results]:
    """Return the frames of a block, untracked.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile, zlib.error: it is damaged.
    """
    with np.load(io.BytesIO(block), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    rows, balls, previous = (_edges(arrays[name]) for name in ("count", "balls_count", "previous_count"))
    return [
        Results(
            orig_shape=(int(arrays["shape"][frame, 0]), int(arrays["shape"][frame, 1])),
            names=names,
            detections=_detections(arrays, rows[frame]),
            ball_records=BallRecords.of(arrays["balls"][balls[frame]]),
            previous_balls=BallRecords.of(arrays["previous"][previous[frame]]),
            frame_index=int(arrays["index"][frame]),
            timestamp=float(arrays["time"][frame]),
            padded=bool(arrays["padded"][frame]),
            dropped=int(arrays["dropped"][frame]),
            warp=arrays["warp"][frame] if np.isfinite(arrays["warp"][frame]).all() else None,
        )
        for frame in range(len(arrays["index"]))
    ]


def last_index(block: bytes) -> int:
    """Return the index of a block's last frame; raises as `unpack` does."""
    with np.load(io.BytesIO(block), allow_pickle=False) as file:
        return int(file["index"][-1])


def _edges(counts: NDArray[Any]) -> list[slice]:
    """Return the rows of each frame."""
    ends = np.cumsum(counts).tolist()
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _detections(arrays: Arrays, rows: slice) -> Detections:
    features = arrays["features"][rows] if "features" in arrays else None
    return Detections.of(
        arrays["xyxy"][rows], arrays["conf"][rows], arrays["cls"][rows], arrays["keypoints"][rows], features
    )
