"""Which sinks a run has, per medium; the one place that paints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from numa_runtime.errors import SinkError
from numa_runtime.pipeline.clock import StageClock
from numa_runtime.pipeline.options.outputs import OutputOptions
from numa_runtime.results import Results
from numa_runtime.sinks.base import Sink
from numa_runtime.sinks.names import UniqueNames, safe_name
from numa_runtime.sinks.run_folder import RunFolder
from numa_runtime.sources.base import MediaInfo, MediaKind
from numa_runtime.sources.suffixes import media_stem
from numa_runtime.tracking.offline.offline_pass import Joined
from numa_runtime.vision.draw import Style, Trails, draw


class Outputs:
    """Opens the chosen sinks for one medium after the other, all in one run folder.

    Args:
        options: what is written.
        style: what is drawn onto pictures.
        mode: "predict" or "track": the folder under the project.
        name: the run folder's name where the options give none: the source's.
        sources: the files that are read, so that none is overwritten.

    Attributes:
        offline: what looking back joined in all media that are finished; None: nobody looked back.
    """

    def __init__(
        self,
        options: OutputOptions,
        style: Style | None = None,
        *,
        mode: str,
        name: str,
        sources: Sequence[Path] = (),
    ) -> None:
        self.options = options
        self._style = style or Style()
        self._mode, self._name = mode, options.name or safe_name(media_stem(name), mode)
        self._sources = sources
        self._folder: RunFolder | None = None
        self._names = UniqueNames()
        self._sinks: list[Sink] = []
        self._trails = self._new_trails()
        self.offline: Joined | None = None

    def _new_trails(self) -> Trails:
        return Trails(boxes=self._style.trail)

    @property
    def folder(self) -> Path:
        """The run folder; it is made when it is first asked for.

        Raises:
            SinkError: it cannot be made, or holds what is read.
        """
        if self._folder is None:
            chosen = self.options
            folder = RunFolder(self._mode, self._name, project=chosen.project, exist_ok=chosen.exist_ok)
            if folder.was_there and chosen.save:
                _refuse_sources(folder.path, self._sources)
            self._folder = folder
        return self._folder.path

    @property
    def stopped(self) -> bool:
        """Whether the user closed the window."""
        return any(getattr(sink, "stopped", False) for sink in self._sinks)

    def open(self, info: MediaInfo) -> None:
        """Open the sinks for one medium.

        Raises:
            SinkError: a file cannot be made; what was opened before it is thrown away.
        """
        self._trails = self._new_trails()
        with ExitStack() as undo:
            undo.callback(self.abort)
            for option, make in SINKS.items():
                if getattr(self.options, option) and (info.pictures or option not in SEEN):
                    self._sinks.append(make(self, info))
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
            for sink in self._sinks:
                done = getattr(sink, "done", None)
                self.offline = self.offline if done is None else done if self.offline is None else self.offline + done
            undo.pop_all()
        self._sinks = []
        self._drop_folder_if_empty()
        return written

    def abort(self) -> None:
        """Throw away what is unfinished, and the run folder if nothing is in it."""
        for sink in self._sinks:
            sink.abort()
        self._sinks = []
        self._drop_folder_if_empty()

    def _drop_folder_if_empty(self) -> None:
        if self._folder is not None:
            self._folder.remove_if_empty()
            self._folder = self._folder if self._folder.path.exists() else None


def _pictures(out: Outputs, info: MediaInfo) -> Sink:
    if _is_stills(info):
        from numa_runtime.sinks.images import ImageSink

        return ImageSink(out.folder)
    from numa_runtime.sinks.video import VideoSink

    return VideoSink(out.path(info, ".mp4"), info.output_fps, info.pixel_aspect)


def _mot(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.sinks.mot import mot_sink

    return mot_sink(out.path(info, ".txt"), classes=out.options.mot_class)


def _offline(out: Outputs, info: MediaInfo) -> Sink:
    from numa_runtime.pipeline.offline_tracks import OfflineSink
    from numa_runtime.tracking.offline.offline_pass import OfflinePass

    look_back = OfflinePass(longest_gap=out.options.offline_tracks, fill=out.options.offline_fill)
    return OfflineSink(out.path(info, "_offline.txt"), look_back)


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
    "offline_tracks": _offline,
    "save_jsonl": _jsonl,
    "save_csv": _csv,
    "save_ball": _ball_csv,
    "save_txt": _labels,
    "verbose": _printed,
    "show": _window,
}
"""What opens the sink of each option; a sink's module is imported only when it is wanted."""

SEEN = ("save", "show")
"""Options whose sinks draw onto the frame: there are none for media without pictures."""


def _is_stills(info: MediaInfo) -> bool:
    return info.kind is MediaKind.IMAGES or (info.kind is MediaKind.ARRAYS and info.frame_count == 1)


def _stem(info: MediaInfo) -> str:
    if info.kind is MediaKind.WEBCAM:
        return f"webcam-{info.path}"
    return safe_name(media_stem(info.name), "frames")


def _refuse_sources(folder: Path, sources: Sequence[Path]) -> None:
    """Refuse to write annotated pictures or video where a source lies, or a link to one: they could replace it."""
    read = {_identity(file) for file in sources} - {None}
    inside = next((entry for entry in sorted(folder.iterdir()) if _identity(entry) in read), None)
    if inside is not None:
        raise SinkError(
            f"the results would go into {folder}, where the source {inside.name} lies, and could replace it",
            hint="choose another --name or --project, or leave --exist-ok out",
        )


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from all others, whatever its names and links are; None where it cannot be had."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
