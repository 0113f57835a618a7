"""`track`: ids for detections that are known already, from a recording or a file, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start_known import start_known
from numa_runtime.results import Results


def track(source: Any = None, stream: bool = False, **words: Any) -> list[Results] | Iterator[Results]:
    """Give ids to detections from a recording or a file; no model is opened.

        track(replay="match.numa", tracker="botsort")
        track("MOT17/train", detections="det/det.txt", save_mot=True)

    Args:
        source: the frames that the detections belong to: a MOTChallenge folder, whose images are not needed, or a
            video, as in `YOLO.track`; nothing with `replay`.
        stream: give a generator instead of a list.
        words: those of `YOLO.track`; `replay` or `detections` among them.

    Returns:
        A list that keeps no frames, or a generator of `Results`; they hold tracks only.

    Raises:
        UsageError: neither of them, or an option that only a network could honour.
        SourceError: nothing to read, or a recording or detections are missing or malformed.
        TrackerError: an unknown tracker, or a parameter that it does not have.
    """
    options = TrackRunOptions.of({"source": source, **words}, also=("stream",))
    if not options.known.any:
        raise UsageError(
            "track without a model needs detections",
            hint="replay='match.numa', detections='det/det.txt', or YOLO('best.onnx').track(...)",
        )
    run = start_known(options)
    return iter(run) if stream else [result.new(orig_img=None) for result in run]
