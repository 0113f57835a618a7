"""From a run's options to a tracking run without a network: of detections that are given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from numa_runtime.errors import UsageError
from numa_runtime.paths import expand
from numa_runtime.pipeline.following import Follower, make_follower
from numa_runtime.pipeline.given import GivenMedia
from numa_runtime.pipeline.known import KnownFinder
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.start import join_run, opened
from numa_runtime.sources.base import Media


def start_known(options: TrackRunOptions, *, progress: Progress | None = None) -> Run:
    """Return a run that tracks what is known already; what is wrong with its source is raised here.

    Args:
        options: what was asked for, with `known.detections`.
        progress: called with the medium and the number of frames done.

    Raises:
        SourceError: nothing to read, or detections are missing or malformed.
        UsageError: an option that only a network could honour.
        TrackerError: an unknown tracker, or a parameter that it does not have.
    """
    follower = make_follower(options.tracker, options.prediction.conf, balls=False)
    if options.tracker.explain:
        from numa_runtime.pipeline.explaining import remember

        follower = remember(follower)
    return _start_given(options, follower, progress)


def _start_given(options: TrackRunOptions, follower: Follower, progress: Progress | None) -> Run:
    if options.source.source is None:
        raise UsageError(
            "--detections needs the frames that they belong to",
            hint="--source MOT17/train, a folder of sequences (their images are not needed), or a video",
        )
    if follower.tracker.wants_features:
        raise UsageError("with_reid needs features, and text has none", hint="with_reid=False")
    word = expand(str(options.known.detections))
    finder = KnownFinder(options.prediction, _numbers(options.prediction.classes))
    found = opened(options, follower, unseen=True)
    written = options.outputs
    look = written.save or written.show or follower.tracker.wants_frames or options.court.court is not None
    attach = partial(_with_detections, given=word, single=len(found) == 1, look=look)
    return join_run(
        options, finder, found.mapped(attach), names=finder.names, balls=False, follower=follower, progress=progress
    )


def _with_detections(media: Media, *, given: Path, single: bool, look: bool) -> Media:
    return GivenMedia(media, given, single=single, look=look)


def _numbers(words: Sequence[str | int] | None) -> tuple[int, ...] | None:
    if words is None:
        return None
    for word in words:
        if not str(word).isdecimal():
            raise UsageError(f"--classes {word}: detections that are given have class numbers", hint="--classes 0,2")
    return tuple(int(word) for word in words)
