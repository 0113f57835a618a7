"""From whatever `BYTETracker` is given as `args` to checked parameters."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from numa_runtime.errors import TrackerError, nearest
from numa_runtime.tracking.config import load_params
from numa_runtime.tracking.params import ByteTrackParams, Ids, TrackerParams, known_names
from numa_runtime.tracking.params.base import DEFAULT_STATE
from numa_runtime.tracking.params.filter_state import BoxOutput, FilterState

_log = logging.getLogger("numa_runtime")
_NAMES = known_names(ByteTrackParams)
_MISSING = object()


def as_namespace(args: Any) -> Any:
    """Return `args` as an object with attributes: a mapping, a tracker's name or a YAML becomes one."""
    if isinstance(args, Mapping):
        return SimpleNamespace(**{str(name): value for name, value in args.items()})
    return load_params(args) if isinstance(args, (str, Path)) else args


def values_of(args: Any) -> tuple[Any, ...]:
    """Return what `args` says for every known parameter: two equal answers mean that nothing was changed."""
    return tuple(getattr(args, name, _MISSING) for name in _NAMES)


def params_of(args: Any) -> ByteTrackParams:
    """Return the parameters among the attributes of `args`; others are the caller's, and left alone.

    A missing one has the YAML's default (with an empty dict, everything); a name that looks like a misspelt
    parameter is warned about.

    Raises:
        TrackerError: no parameter at all, or a value out of range.
    """
    if isinstance(args, ByteTrackParams):
        return _of_boxes(args)
    if isinstance(args, TrackerParams):
        raise TrackerError(
            f"BYTETracker is bytetrack; it cannot be {args.tracker_type}",
            hint=f'use Tracker("{args.tracker_type}"), or give the parameters of bytetrack',
        )
    found = {name: getattr(args, name) for name in _NAMES if hasattr(args, name)}
    if not found and args != SimpleNamespace():
        raise TrackerError(
            f"args of type {type(args).__name__} hold none of the tracker's parameters",
            hint=f"give an object or a dict with {', '.join(_NAMES[:6])}",
        )
    for name in getattr(args, "__dict__", {}):
        if name not in _NAMES and nearest(name, _NAMES):
            _log.warning("the tracker has no parameter %r%s", name, nearest(name, _NAMES))
    return _of_boxes(ByteTrackParams(**found))


def _of_boxes(params: ByteTrackParams) -> ByteTrackParams:
    if params.pose_weight:
        raise TrackerError(
            f"BYTETracker associates boxes only: it has no use for pose_weight={params.pose_weight:g}",
            hint="use Tracker(pose_weight=...) and update(keypoints=), or omit pose_weight",
        )
    if params.state not in (DEFAULT_STATE, FilterState.XYAH) or params.output is not BoxOutput.FILTERED:
        name = "output" if params.output is not BoxOutput.FILTERED else "state"
        raise TrackerError(
            f"BYTETracker's tracks are its filter's, centre, aspect and height: {name}={getattr(params, name)} is not",
            hint=f"use Tracker({name}=...), or return a filter of your own from get_kalmanfilter()",
        )
    return replace(
        params, ids=Ids.BORN, state=FilterState.XYAH
    )  # the published class numbers its tracks when it makes them
