"""The way into TrackEval without its folder layout: frames of arrays in, its own preprocessing and metrics after.

`MotChallenge2DBox` reads files in its constructor only, so a subclass with a constructor of its own gets all the
rest: distractor removal, relabelling of ids, checks. This module imports TrackEval: import it late.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.mot import MotTable
from numa_runtime.errors import MissingExtra

try:
    from trackeval.datasets import MotChallenge2DBox
    from trackeval.metrics import CLEAR, HOTA, Identity
except ImportError as error:
    raise MissingExtra("scoring tracks (HOTA, MOTA, IDF1)", "trackeval", "eval") from error

_SCORED = "pedestrian"
_KINDS = (
    "pedestrian",
    "person_on_vehicle",
    "car",
    "bicycle",
    "motorbike",
    "non_mot_vehicle",
    "static_person",
    "distractor",
    "occluder",
    "occluder_on_ground",
    "occluder_full",
    "reflection",
    "crowd",
)


class _Tables(MotChallenge2DBox):  # type: ignore[misc]
    """The MOTChallenge rules alone."""

    def __init__(self, benchmark: str) -> None:
        self.benchmark = benchmark
        self.do_preproc = True
        self.valid_classes = [_SCORED]
        self.class_list = [_SCORED]
        self.class_name_to_class_id = {name: number for number, name in enumerate(_KINDS, start=1)}
        self.valid_class_numbers = list(self.class_name_to_class_id.values())


def evaluate(name: str, truth: MotTable, result: MotTable, length: int, benchmark: str) -> dict[str, Any]:
    """Return TrackEval's results of one sequence by metric, with frames and numbers of identities.

    Args:
        name: the sequence.
        truth: its ground truth.
        result: the tracker's.
        length: number of frames.
        benchmark: "MOT15", "MOT17" or "MOT20", whose rules TrackEval applies.
    """
    tables = _Tables(benchmark)
    raw = {"num_timesteps": length, "seq": name, **_arrays(tables, truth, result, length)}
    data = tables.get_preprocessed_seq_data(raw, _SCORED)
    figures: dict[str, Any] = {name: metric.eval_sequence(data) for name, metric in _metrics().items()}
    return {
        **figures,
        "frames": data["num_timesteps"],
        "truth_ids": data["num_gt_ids"],
        "result_ids": data["num_tracker_ids"],
    }


def combine(results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the results of all sequences together."""
    together: dict[str, Any] = {
        name: metric.combine_sequences({key: result[name] for key, result in results.items()})
        for name, metric in _metrics().items()
    }
    counts = {key: sum(result[key] for result in results.values()) for key in ("frames", "truth_ids", "result_ids")}
    return {**together, **counts}


def _metrics() -> dict[str, Any]:
    quiet = {"PRINT_CONFIG": False}
    return {"HOTA": HOTA(), "CLEAR": CLEAR(dict(quiet)), "Identity": Identity(dict(quiet))}


def _arrays(tables: _Tables, truth: MotTable, result: MotTable, length: int) -> dict[str, Any]:
    """Return what TrackEval's own reader would: lists with one entry per frame."""
    truth_at, result_at = _by_frame(truth, length), _by_frame(result, length)
    truth_ids, result_ids = _compact(truth.id), _compact(result.id)
    truth_kinds = truth.kind.astype(np.int64)
    truth_boxes = [truth.ltwh[at] for at in truth_at]
    result_boxes = [result.ltwh[at] for at in result_at]
    return {
        "gt_ids": [truth_ids[at] for at in truth_at],
        "gt_classes": [truth_kinds[at] for at in truth_at],
        "gt_dets": truth_boxes,
        "gt_extras": [{"zero_marked": truth.conf[at].astype(np.int64)} for at in truth_at],
        "gt_crowd_ignore_regions": [np.empty((0, 4))] * length,
        "tracker_ids": [result_ids[at] for at in result_at],
        # Results of any class are scored as pedestrians: the class is the caller's to choose.
        "tracker_classes": [np.ones(len(at), np.int64) for at in result_at],
        "tracker_dets": result_boxes,
        "tracker_confidences": [result.conf[at] for at in result_at],
        "similarity_scores": [
            tables._calculate_box_ious(one, two, box_format="xywh")
            for one, two in zip(truth_boxes, result_boxes, strict=True)
        ],
    }


def _by_frame(table: MotTable, length: int) -> list[NDArray[np.int64]]:
    """Return the rows of each frame, in file order."""
    order = np.argsort(table.frame, kind="stable")
    edges = np.searchsorted(table.frame[order], np.arange(1, length + 2))
    return [order[start:end] for start, end in pairwise(edges)]


def _compact(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return identities numbered from 0: TrackEval makes arrays as long as the largest id."""
    return np.unique(ids, return_inverse=True)[1].astype(np.int64)
