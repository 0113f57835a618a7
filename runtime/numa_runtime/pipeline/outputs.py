"""Which sinks a run has, per medium; the one place that paints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_runtime.pipeline.clock import StageClock
from numa_runtime.results import Results
from numa_runtime.sinks.base import Sink
from numa_runtime.sinks.names import UniqueNames, safe_name
from numa_runtime.sinks.run_folder import make_run_folder
from numa_runtime.sources.base import NOMINAL_FPS, MediaInfo, MediaKind
from numa_runtime.vision.draw import Trails, paint


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """What is to be written, and where: `project/mode/name` (name, name-2, ...); `style` as `draw.Style` takes it."""

    mode: str
    name: str
    project: str | Path = "runs"
    exist_ok: bool = False
    pictures: bool = False
    mot: bool = False
    jsonl: bool = False
    csv: bool = False
    labels: bool = False
    label_scores: bool = False
    ball: bool = False
    window: bool = False
    vid_stride: int = 1
    style: Mapping[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> bool:
        """Whether anything is written to disk."""
        return any((self.pictures, self.mot, self.jsonl, self.csv, self.labels, self.ball))

    @property
    def writes(self) -> bool:
        """Whether there is anything to do at all."""
        return self.files or self.window


class Outputs:
    """Opens the planned sinks for one medium after the other, all in one run folder."""

    def __init__(self, plan: OutputPlan) -> None:
        self.plan = plan
        self._folder: Path | None = None
        self._names = UniqueNames()
        self._sinks: list[Sink] = []
        self._trails = Trails()

    @property
    def folder(self) -> Path:
        """The run folder; it is made when it is first asked for."""
        if self._folder is None:
            plan = self.plan
            stem = Path(plan.name).stem if "://" not in plan.name else plan.name
            self._folder = make_run_folder(plan.mode, stem, project=plan.project, exist_ok=plan.exist_ok)
        return self._folder

    @property
    def stopped(self) -> bool:
        """Whether the user closed the window."""
        return any(getattr(sink, "stopped", False) for sink in self._sinks)

    def open(self, info: MediaInfo) -> None:
        """Open the sinks for one medium.

        Raises:
            SinkError: a file cannot be made; what was opened before it is thrown away.
        """
        self._trails = Trails()
        with ExitStack() as undo:
            for make in _makers(self.plan, info):
                sink = make(self)
                undo.callback(sink.abort)
                self._sinks.append(sink)
            undo.pop_all()

    def path(self, info: MediaInfo, suffix: str) -> Path:
        """Return a path of the run folder that no other medium of this run has."""
        return self.folder / self._names.take(_stem(info), suffix)

    def write(self, result: Results, clock: StageClock) -> None:
        """Paint if any sink wants a picture, then hand the result to all of them."""
        painted = None
        if any(sink.needs_picture for sink in self._sinks):
            with clock.stage("draw"):
                self._trails.update(result)
                painted = paint(result, result.frame(), trails=self._trails, **self.plan.style)
        with clock.stage("write"):
            for sink in self._sinks:
                sink.write(result, painted if sink.needs_picture else None)

    def close(self) -> tuple[Path, ...]:
        """Finish the medium's files; when one fails, the others that are not yet finished are thrown away."""
        with ExitStack() as undo:
            for sink in self._sinks:
                undo.callback(sink.abort)
            written = tuple(path for sink in self._sinks for path in sink.close())
            undo.pop_all()
        self._sinks = []
        return written

    def abort(self) -> None:
        """Throw away what is unfinished, and the run folder if nothing is in it."""
        for sink in self._sinks:
            sink.abort()
        self._sinks = []
        if self._folder is not None and not self.plan.exist_ok:
            _remove_if_empty(self._folder)


def _makers(plan: OutputPlan, info: MediaInfo) -> Iterator[Callable[[Outputs], Sink]]:
    """Yield what opens each planned sink; the modules behind them are imported only then."""
    if plan.pictures:
        yield _images if _is_stills(info) else (lambda out: _video(out, info))
    if plan.mot:
        from numa_runtime.sinks.mot import mot_sink

        yield lambda out: mot_sink(out.path(info, ".txt"))
    if plan.jsonl:
        from numa_runtime.sinks.jsonl import jsonl_sink

        yield lambda out: jsonl_sink(out.path(info, ".jsonl"))
    if plan.csv:
        from numa_runtime.sinks.table_csv import table_sink

        yield lambda out: table_sink(out.path(info, ".csv"))
    if plan.ball:
        from numa_runtime.sinks.ball_csv import ball_sink

        yield lambda out: ball_sink(out.path(info, "_ball.csv"))
    if plan.labels:
        from numa_runtime.sinks.labels import LabelSink

        many = not _is_stills(info)
        yield lambda out: LabelSink(out.folder / "labels", save_conf=plan.label_scores, many_per_file=many)
    if plan.window:
        from numa_runtime.sinks.window import WindowSink

        yield lambda _: WindowSink(info.name)


def _is_stills(info: MediaInfo) -> bool:
    return info.kind is MediaKind.IMAGES or (info.kind is MediaKind.ARRAYS and info.frame_count == 1)


def _images(out: Outputs) -> Sink:
    from numa_runtime.sinks.images import ImageSink

    return ImageSink(out.folder)


def _video(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.video import VideoSink

    return VideoSink(out.path(info, ".mp4"), (info.fps or NOMINAL_FPS) / out.plan.vid_stride)


def _stem(info: MediaInfo) -> str:
    if info.kind is MediaKind.WEBCAM:
        return f"webcam-{info.path}"
    return safe_name(info.name if "://" in info.name else Path(info.name).stem, "frames")


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
