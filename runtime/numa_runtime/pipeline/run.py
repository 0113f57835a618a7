"""One run: every frame of every medium through finder, tracker and sinks, as a generator of `Results`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from numa_runtime.errors import NumaError
from numa_runtime.pipeline.clock import StageClock
from numa_runtime.pipeline.court_view import CourtWatch
from numa_runtime.pipeline.finding import Finder
from numa_runtime.pipeline.following import Follower
from numa_runtime.pipeline.outputs import Outputs
from numa_runtime.pipeline.recording import RecordingStage
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.results import Results
from numa_runtime.sources.base import Media, MediaInfo, MediaKind
from numa_runtime.sources.source import Source
from numa_runtime.vision.opencv import one_thread

Progress = Callable[[Media, int], None]


@dataclass(slots=True)
class Run:
    """Joins the parts; iterate it to the end, then read `summary`.

    Every medium is a timeline of its own: tracker and clip window start afresh, unless `persist` keeps them
    from the call before. Breaking off early (an exception, a closed generator) leaves nothing under a final
    name, except for live sources, whose only end is being stopped: there the files are finished, and Ctrl-C is
    a normal end.
    """

    source: Source
    finder: Finder
    summary: RunSummary
    follower: Follower | None = None
    outputs: Outputs | None = None
    court: CourtWatch | None = None
    recording: RecordingStage | None = None
    persist: bool = False
    progress: Progress | None = None
    _stopped: bool = False

    def __iter__(self) -> Iterator[Results]:
        clock = StageClock()
        try:
            with self.finder.in_use(), one_thread():
                for number, media in enumerate(self.source):
                    self._start_timeline(media, keep=self.persist and number == 0)
                    yield from self._medium(media, clock)
                    if self._stopped:
                        break
        finally:
            self.summary.seconds = clock.elapsed()
            self.summary.stage_ms = clock.mean_ms(self.summary.frames)
            self.source.close()

    def _start_timeline(self, media: Media, keep: bool) -> None:
        if self.follower is not None:
            self.follower.start(keep=keep)
        if self.court is not None and not keep:
            self.court.start()
        if not keep:
            unrelated = media.info.kind is MediaKind.IMAGES and self.follower is None
            self.finder.start(still=unrelated)
            self.summary.new_timeline()

    def _medium(self, media: Media, clock: StageClock) -> Iterator[Results]:
        self._open(media.info)
        finished = False
        try:
            for seen in self.finder.find(media, clock):
                found = seen
                if self.follower is not None:
                    found = self.follower.reentry.look(found, everything=self.recording is not None)
                if self.recording is not None:
                    found = self._recorded(self.recording, found, clock)
                result = found if self.follower is None else self.follower(found)
                if self.court is not None:
                    result = self.court(result)
                for stage, ms in result.speed.items():
                    clock.add(stage, ms / 1e3)
                if self.outputs is not None:
                    self.outputs.write(result, clock)
                self.summary.add(result)
                if self.progress is not None:
                    self.progress(media, self.summary.frames)
                yield result
                if self.outputs is not None and self.outputs.stopped:
                    self._stopped = True
                    break
            finished = True
        except KeyboardInterrupt:
            if not media.info.live:
                raise
            self._stopped = True
        finally:
            self._end_medium(finished or media.info.live, clock)

    def _open(self, info: MediaInfo) -> None:
        if self.outputs is not None:
            self.outputs.open(info)
        if self.recording is not None:
            try:
                self.recording.open(info)
            except NumaError:
                if self.outputs is not None:
                    self.outputs.abort()
                raise

    def _recorded(self, recording: RecordingStage, result: Results, clock: StageClock) -> Results:
        with clock.stage("record"):
            return recording(result)

    def _end_medium(self, keep: bool, clock: StageClock) -> None:
        if keep:
            with clock.stage("write"):
                if self.recording is not None:
                    self.summary.recordings.extend(self.recording.close())
                if self.outputs is not None:
                    self.summary.files.extend(self.outputs.close())
                    self.summary.offline = self.outputs.offline
            return
        if self.recording is not None:
            self.recording.abort()
        if self.outputs is not None:
            self.outputs.abort()
