"""From a run's options to a run that is ready to be iterated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.court_view import CourtWatch
from numa_runtime.pipeline.device_word import check_device
from numa_runtime.pipeline.finding import Finder
from numa_runtime.pipeline.following import Follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions, RunOptions, TrackRunOptions
from numa_runtime.pipeline.options.thresholds import Thresholds
from numa_runtime.pipeline.outputs import Outputs
from numa_runtime.pipeline.recording import FAINTEST, Recorded, RecordingStage
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.pipeline.thresholds import looked_at, with_thresholds
from numa_runtime.sources.base import NOMINAL_FPS
from numa_runtime.sources.source import Source, open_source


def start_run(
    options: RunOptions,
    model: Model,
    *,
    follower: Follower | None = None,
    persist: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Return a run; its source is opened, and what is wrong with it is raised, here.

    Args:
        options: what was asked for; each part of the run receives its own group.
        model: what finds objects in this run alone; it takes on the run's options.
        follower: what gives them ids, in track mode.
        persist: go on with the timeline of the run before.
        progress: called with the medium and the number of frames done.
    """
    check_device(options.device, model.session.device)
    if isinstance(options, TrackRunOptions) and options.tracker.thresholds is Thresholds.AUTO and follower is not None:
        options = with_thresholds(options, looked_at(options, model, lambda: opened(options, follower)))
        follower.change(options.tracker, options.prediction.conf)
    if persist and options.prediction.offline:
        raise UsageError("offline needs the whole video in one call; persist goes on from call to call", hint=_ONE_CALL)
    if isinstance(options, TrackRunOptions) and follower is not None:
        check_use(options, follower)
    balls = bool(model.spec.groups)
    model.options = _prediction(options, follower, balls=balls)
    return join_run(
        options,
        model,
        opened(options, follower),
        about=Recorded(
            model.spec.name or Path(model.session.path).name,
            model.names,
            balls,
            model.conf,
            model.spec.thresholds.tracking,
        ),
        follower=follower,
        persist=persist,
        progress=progress,
    )


def join_run(
    options: RunOptions,
    finder: Finder,
    source: Source,
    *,
    about: Recorded,
    follower: Follower | None = None,
    persist: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Return the run of a finder over an open source.

    Args:
        options: what was asked for.
        finder: what finds objects.
        source: where.
        about: what is known of the finder: its classes, and whether it finds balls.
        follower: what gives ids.
        persist: go on with the timeline of the run before.
        progress: called with the medium and the number of frames done.
    """
    ground = options.court.ground() if isinstance(options, TrackRunOptions) else None
    court = None if ground is None else CourtWatch(ground)
    outputs = None
    if options.needs_folder:
        written = options.outputs.for_network(balls=about.balls)
        outputs = Outputs(written, options.style, mode=options.mode, name=source.name, sources=source.files)
    recording = None
    if options.outputs.record is not None and follower is not None:
        chosen, several = options.outputs, len(source) > 1
        recording = RecordingStage(chosen.record or "", chosen.record_pictures, about, follower, several=several)
    return Run(
        source=source,
        finder=finder,
        summary=RunSummary(
            about.names,
            court=court,
            comebacks=None if follower is None else follower.reentry.new_run(),
            from_model={} if follower is None else follower.from_model,
        ),
        follower=follower,
        outputs=outputs,
        court=court,
        recording=recording,
        persist=persist,
        progress=progress,
    )


def check_use(options: TrackRunOptions, follower: Follower) -> None:
    """Refuse a ReID network that nobody would ask.

    Raises:
        UsageError: neither gallery nor tracker compares appearance, and nothing is recorded.
    """
    if options.tracker.reid is not None and not follower.wants_features and options.outputs.record is None:
        raise UsageError(
            "--reid says what boxes look like, and nothing compares that",
            hint="--gallery 60 gives ids back to who returns; --tracker botsort with_reid=True compares every frame",
        )


_ONE_CALL = 'model.track("match.mp4", offline=True), without persist'


def _prediction(options: RunOptions, follower: Follower | None, *, balls: bool) -> PredictionOptions:
    """Return what the model counts: in track mode the score gate is the tracker's lowest, not `conf`.

    A recording wants weaker detections too, where balls would not see them.
    """
    if follower is None:
        return options.prediction
    lowest = follower.lowest_score
    faint = options.outputs.record is not None and not balls
    return replace(options.prediction, conf=min(lowest, FAINTEST) if faint else lowest)


def opened(options: RunOptions, follower: Follower | None, *, unseen: bool = False) -> Source:
    """Return the run's source, open; `unseen` lets sequences have no images.

    Raises:
        SourceError: there is nothing to read.
    """
    chosen = options.source
    if isinstance(chosen.source, Source):
        return chosen.source
    return open_source(
        chosen.source,
        vid_stride=chosen.vid_stride,
        stream_buffer=chosen.stream_buffer,
        frame_rate=_said_rate(options, follower),
        unseen=unseen,
    )


def _said_rate(options: RunOptions, follower: Follower | None) -> float | None:
    """Return the rate that a tracker's word or YAML gives frames without a clock; None where nothing says one."""
    if follower is None or not isinstance(options, TrackRunOptions):
        return None
    rate = follower.tracker.params.frame_rate
    return rate if rate != NOMINAL_FPS or "frame_rate" in (options.tracker.parameters or {}) else None
