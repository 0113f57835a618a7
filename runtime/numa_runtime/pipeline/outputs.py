"""Which sinks a run has, per medium; the one place that paints."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from numa_runtime.pipeline.clock import StageClock
from numa_runtime.pipeline.options.outputs import OutputOptions
from numa_runtime.results import Results
from numa_runtime.sinks.base import Sink
from numa_runtime.sinks.names import UniqueNames, safe_name
from numa_runtime.sinks.run_folder import make_run_folder
from numa_runtime.sources.base import MediaInfo, MediaKind
from numa_runtime.vision.draw import Style, Trails, draw


class Outputs:
    """Opens the chosen sinks for one medium after the other, all in one run folder.

    Args:
        options: what is written.
        style: what is drawn onto pictures.
        mode: "predict" or "track": the folder under the project.
        name: the run folder's name where the options give none: the source's.
    """

    def __init__(self, options: OutputOptions, style: Style | None = None, *, mode: str, name: str) -> None:
        self.options = options
        self._style = style or Style()
        self._mode, self._name = mode, options.name or name
        self._folder: Path | None = None
        self._names = UniqueNames()
        self._sinks: list[Sink] = []
        self._trails = Trails()

    @property
    def folder(self) -> Path:
        """The run folder; it is made when it is first asked for."""
        if self._folder is None:
            stem = Path(self._name).stem if "://" not in self._name else self._name
            chosen = self.options
            self._folder = make_run_folder(self._mode, stem, project=chosen.project, exist_ok=chosen.exist_ok)
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
            for option, make in SINKS.items():
                if not getattr(self.options, option):
                    continue
                sink = make(self, info)
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
                painted = draw(result, result.frame(), self._style, self._trails)
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
        if self._folder is not None and not self.options.exist_ok:
            _remove_if_empty(self._folder)


def _pictures(out: Outputs, info: MediaInfo) -> Sink:
    if _is_stills(info):
        from numa_runtime.sinks.images import ImageSink

        return ImageSink(out.folder)
    from numa_runtime.sinks.video import VideoSink

    return VideoSink(out.path(info, ".mp4"), info.output_fps, info.pixel_aspect)


def _mot(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.mot import mot_sink

    return mot_sink(out.path(info, ".txt"))


def _jsonl(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.jsonl import jsonl_sink

    return jsonl_sink(out.path(info, ".jsonl"))


def _csv(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.table_csv import table_sink

    return table_sink(out.path(info, ".csv"))


def _ball_csv(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.ball_csv import ball_sink

    return ball_sink(out.path(info, "_ball.csv"))


def _labels(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.labels import LabelSink

    return LabelSink(out.folder / "labels", save_conf=out.options.save_conf, many_per_file=not _is_stills(info))


def _printed(_: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.printed import PrintSink

    return PrintSink(info.name, info.frame_count)


def _window(_: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.window import WindowSink

    return WindowSink(info.name)


SINKS: dict[str, Callable[[Outputs, MediaInfo], Sink]] = {
    "save": _pictures,
    "save_mot": _mot,
    "save_jsonl": _jsonl,
    "save_csv": _csv,
    "save_ball": _ball_csv,
    "save_txt": _labels,
    "verbose": _printed,
    "show": _window,
}
"""What opens the sink of each option; a sink's module is imported only when it is wanted."""


def _is_stills(info: MediaInfo) -> bool:
    return info.kind is MediaKind.IMAGES or (info.kind is MediaKind.ARRAYS and info.frame_count == 1)


def _stem(info: MediaInfo) -> str:
    if info.kind is MediaKind.WEBCAM:
        return f"webcam-{info.path}"
    return safe_name(info.name if "://" in info.name else Path(info.name).stem, "frames")


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
