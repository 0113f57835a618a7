"""From a run's options to a tracking run without a network: of a recording, or of detections that are given."""

from __future__ import annotations

import glob
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from numa_runtime.errors import SourceError, UsageError
from numa_runtime.paths import expand
from numa_runtime.pipeline.following import Follower, make_follower
from numa_runtime.pipeline.given import GivenMedia
from numa_runtime.pipeline.known import KnownFinder
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.options.prediction import class_indices
from numa_runtime.pipeline.recording import Recorded
from numa_runtime.pipeline.reentry import who_wants
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.start import check_use, join_run, opened
from numa_runtime.pipeline.thresholds import Scores, with_thresholds
from numa_runtime.recording import SUFFIX, Recording
from numa_runtime.sources.base import Media
from numa_runtime.sources.recorded import RecordedMedia
from numa_runtime.sources.source import Source
from numa_runtime.sources.suffixes import natural_key

log = logging.getLogger("numa_runtime")


def start_known(options: TrackRunOptions, *, progress: Progress | None = None) -> Run:
    """Return a run that tracks what is known already; what is wrong with its source is raised here.

    Args:
        options: what was asked for, with `known.replay` or `known.detections`.
        progress: called with the medium and the number of frames done.

    Raises:
        SourceError: nothing to read, or a recording or detections are missing or malformed.
        UsageError: an option that only a network could honour, or recordings of different classes.
        TrackerError: an unknown tracker, or a parameter that it does not have.
    """
    if options.known.replay is not None:
        return _start_replay(options, progress)
    return _start_given(options, progress)


def find_recordings(given: str | Path) -> list[Recording]:
    """Open a recording, those of a folder, or those of a pattern, in natural order.

    Raises:
        SourceError: there are none, or one cannot be read.
    """
    path = expand(given, SourceError)
    if path.is_dir():
        paths = sorted(path.glob(f"*{SUFFIX}"), key=natural_key)
    elif not path.exists() and glob.has_magic(str(path)):
        paths = sorted((Path(match) for match in glob.glob(str(path))), key=natural_key)
    else:
        paths = [path]
    if not paths:
        raise SourceError(f"{path} holds no recording", hint=f"--record {path} writes them")
    return [Recording(each) for each in paths]


def check_classes(recordings: Sequence[Recording]) -> None:
    """Refuse recordings in which one class number means two things.

    Raises:
        UsageError: with both files' names.
    """
    first = recordings[0]
    for other in recordings[1:]:
        both = first.header.names.keys() & other.header.names.keys()
        if any(first.header.names[number] != other.header.names[number] for number in both):
            raise UsageError(
                f"{first.path.name} and {other.path.name} are of models with different classes: "
                f"{_some(first)}, and {_some(other)}",
                hint="replay them one by one",
            )


def suits_of(recordings: Sequence[Recording]) -> Mapping[str, float]:
    """Return the thresholds of the recorded models' contracts; where these differ, the first one's, and say so."""
    first = recordings[0]
    other = next((each for each in recordings if each.header.suits != first.header.suits), None)
    if other is not None:
        log.warning(
            "%s and %s are of models with different thresholds: the first one's count",
            first.path.name,
            other.path.name,
        )
    return first.header.suits


def _some(recording: Recording) -> str:
    names = list(recording.header.names.values())
    return ", ".join(names[:3]) + (f", ... ({len(names)})" if len(names) > 3 else "") or "none"


def _start_replay(options: TrackRunOptions, progress: Progress | None) -> Run:
    if options.source.source is not None or options.known.detections is not None:
        raise UsageError("--replay is a source of its own", hint="leave --source and --detections out")
    if options.outputs.record is not None:
        raise UsageError("a recording is not recorded again", hint="copy the file")
    recordings = find_recordings(options.known.replay or "")
    check_classes(recordings)
    header = recordings[0].header
    if options.tracker.reid is not None:
        raise UsageError(
            "--reid looks at frames, and a recording has none",
            hint="record with --reid: its vectors are in the recording then",
        )
    options = with_thresholds(options, (result.detections.conf for each in recordings for result in each))
    suits = suits_of(recordings)
    follower = _follower(options, balls=any(each.header.balls for each in recordings), suits=suits)
    known = {number: name for each in recordings for number, name in each.header.names.items()}
    names = [known.get(number, str(number)) for number in range(max(known, default=-1) + 1)]
    finder = KnownFinder(options.prediction, class_indices(options.prediction.classes, names))
    still = follower.tracker.wants_frames
    for each in recordings:
        if still and not each.header.camera:
            log.warning("%s has no camera motion: it is tracked as if the camera stood still", each.path.name)
        if follower.wants_features and not each.has_features:
            raise UsageError(
                f"{who_wants(follower.tracker)} needs features, and {each.path.name} has none", hint=_FEATURES
            )

    def opener(recording: Recording) -> Media:
        return RecordedMedia(recording, still=still)

    name = recordings[0].header.name if len(recordings) == 1 else Path(str(options.known.replay)).name
    source = Source(name, [partial(opener, each) for each in recordings], [each.path for each in recordings])
    about = Recorded(header.model, finder.names, any(each.header.balls for each in recordings), header.conf, suits)
    return join_run(options, finder, source, about=about, follower=follower, progress=progress)


_FEATURES = (
    "record with --reid osnet.onnx or an artifact that gives features (numa-deploy export --features), or leave it out"
)


def _start_given(options: TrackRunOptions, progress: Progress | None) -> Run:
    if options.source.source is None:
        raise UsageError(
            "--detections needs the frames that they belong to",
            hint="--source MOT17/train, a folder of sequences (their images are not needed), or a video",
        )
    options = with_thresholds(options, _given_scores(options))
    follower = _follower(options, balls=False)
    check_use(options, follower)
    if follower.wants_features and options.tracker.reid is None:
        raise UsageError(
            f"{who_wants(follower.tracker)} needs features, and text has none",
            hint="--reid osnet.onnx makes them from the frames; or leave it out",
        )
    word = expand(str(options.known.detections))
    finder = KnownFinder(options.prediction, _numbers(options.prediction.classes))
    found = opened(options, follower, unseen=True)
    single, look = len(found) == 1, _looks(options, follower)

    def attach(media: Media) -> Media:
        given = GivenMedia(media, word, single=single, look=look)
        finder.names.update(given.names)
        return given

    about = Recorded(f"detections {word}", finder.names, False, 0.0)
    return join_run(options, finder, found.mapped(attach), about=about, follower=follower, progress=progress)


def _given_scores(options: TrackRunOptions) -> Iterator[Scores]:
    """Yield the scores of each frame; what cannot be opened is told when it is tracked."""
    with opened(options, None, unseen=True) as source:
        single = len(source) == 1
        for media in source:
            with suppress(SourceError):
                given = GivenMedia(media, expand(str(options.known.detections)), single=single, look=False)
                yield from given.scores()


def _follower(options: TrackRunOptions, *, balls: bool, suits: Mapping[str, float] | None = None) -> Follower:
    follower = make_follower(options.tracker, options.prediction.conf, balls=balls, suits=suits)
    if options.tracker.explain:
        from numa_runtime.pipeline.explaining import remember

        follower = remember(follower)
    return follower


def _looks(options: TrackRunOptions, follower: Follower) -> bool:
    """Whether the frames themselves are wanted, not only what is in them."""
    written = options.outputs
    drawn = written.save or written.show or written.record is not None
    return drawn or follower.tracker.wants_frames or options.tracker.reid is not None or options.court.court is not None


def _numbers(words: Sequence[str | int] | None) -> tuple[int, ...] | None:
    if words is None:
        return None
    for word in words:
        if not str(word).isdecimal():
            raise UsageError(f"--classes {word}: detections that are given have class numbers", hint="--classes 0,2")
    return tuple(int(word) for word in words)
