"""`YOLO`: the class Ultralytics users know, over a torch-free model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.yolo.appearance import session_with_features
from numa_deploy.yolo.bundled import clip_of, model_path, network_path
from numa_deploy.yolo.familiar import Familiar
from numa_deploy.yolo.opening import is_network, open_network, open_session
from numa_deploy.yolo.timelines import Timeline, Timelines
from numa_runtime.errors import UsageError
from numa_runtime.pipeline.following import Follower, make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import RunOptions, TrackRunOptions
from numa_runtime.pipeline.reentry import who_wants
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.start import start_run
from numa_runtime.pipeline.start_known import start_known
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.results import Results

if TYPE_CHECKING:
    from numa_benchmarks.formats.format_report import FormatReport
    from numa_deploy.yolo.train_metrics import TrainMetrics
    from numa_runtime.explain import Explanation


_NO_PERSIST = "leave persist out"


class YOLO(Familiar):
    """A model that is ready to run.

    Every call of `predict` and `track` is a run of its own, with its own options, clip window and tracker: runs may be
    nested and interleaved, and threads may share one object. `model` and `summary` are those of the run that was
    started last.

    Args:
        model: an artifact, a checkpoint (`.pt`), a configuration (`multitask-n.yaml`, untrained), or the word of a
            bundled model: "multitask", or "yolox-nano", the default.
        task: what the model is expected to do; refused where it does something else.
        verbose: print what was opened, and where it runs.
        device: "auto", "cpu", "cuda:0", 0.
        threads: CPU threads for inference; None: the usable physical cores.

    Raises:
        ModelError: there is no such model, or the file is not one.
        UsageError: another task.
        DeviceError: the device cannot be had.

    Example:
        ```python
        for result in YOLO("best.onnx").track("match.mp4", conf=0.3, stream=True):
            print(result.boxes.id, result.boxes.xyxy)
        ```
    """

    def __init__(
        self,
        model: str | Path | None = None,
        task: str | None = None,
        verbose: bool = False,
        *,
        device: str | int = "auto",
        threads: int | None = None,
    ) -> None:
        self.path = model_path(model)
        self._device, self._threads = device, threads
        self.session = open_session(self.path, device, threads)
        self.model = Model(self.session)
        self.summary: RunSummary | None = None
        self._timelines = Timelines()
        self._follower: Follower | None = None
        if task is not None and task != self.task:
            raise UsageError(f"{self.session.path} does {self.task}, not {task}", hint="omit task")
        if verbose:
            print(f"{self.path.name}: {self.task}, {len(self.names)} classes, {self.session.backend} on {self.device}")

    @property
    def task(self) -> str:
        """The task's word: detect, pose or multitask."""
        return self.session.spec.task.value

    @property
    def names(self) -> dict[int, str]:
        """Class names by index."""
        return self.model.names

    def predict(self, source: Any = None, stream: bool = False, **words: Any) -> list[Results] | Iterator[Results]:
        """Find objects in `source`.

        Args:
            source: whatever `numa_runtime.sources.open_source` takes; "sample" and "rally" are bundled clips, one of
                which is the default.
            stream: give a generator instead of a list.
            words: options of `numa_runtime.pipeline.options.RunOptions`, flat: `conf=0.3, classes="person"`.

        Returns:
            A list that keeps no frames (`result.plot()` reads them again), or a generator of `Results`.

        Raises:
            UsageError: an unknown word or a value that makes no sense.
            SourceError: nothing to read.
        """
        return self._give(self.start(RunOptions.of({"source": source, **words}, also=("stream",))), stream)

    __call__ = predict

    def track(
        self, source: Any = None, stream: bool = False, persist: bool | str = False, **words: Any
    ) -> list[Results] | Iterator[Results]:
        """Follow objects through `source`.

        Args:
            source: as in `predict`.
            stream: give a generator instead of a list.
            persist: True: continue the ids of this thread's call before. A name: continue the timeline of that name,
                whichever thread calls. Tracker words may have changed since; ids stay.
            words: options of `numa_runtime.pipeline.options.TrackRunOptions`, flat. `tracker` is bytetrack, sort,
                ocsort, botsort, cbiou, hybridsort, tracktrack, fasttrack, boosttrack or a YAML file; the tracker's
                parameters go by name (`track_buffer=60`). `conf` says which scores may start a track; weaker ones still
                extend tracks. `explain=True` remembers the run, so that `explain(7)` can tell the life of id 7
                afterwards.

        Returns:
            A list that keeps no frames, or a generator of `Results`; they hold tracks only.

        Raises:
            UsageError: an unknown word or a value that makes no sense.
            SourceError: nothing to read.
            TrackerError: an unknown tracker, a parameter that it does not have, or one that cannot change under
                `persist`.
        """
        options = TrackRunOptions.of({"source": source, **words}, also=("stream", "persist"))
        return self._give(self.start(options, persist=persist), stream)

    def forget(self, persist: bool | str = True) -> None:
        """Let the next `track(persist=...)` with this value begin anew, ids from 1."""
        self._timelines.forget(persist)

    def explain(self, track_id: int) -> Explanation:
        """Tell the life of an id of the last `track(..., explain=True)`, of the last medium that has it.

        `print` it, or `.save(folder)` it with pictures of the decisive frames.

        Raises:
            UsageError: nothing was remembered, or not run yet.
            TrackerError: there was no such id.
        """
        from numa_runtime.pipeline.explaining import ExplainingFollower

        if not isinstance(self._follower, ExplainingFollower):
            raise UsageError("no tracking run was remembered", hint="model.track(source, explain=True) remembers one")
        return self._follower.lives_of(track_id)[-1]

    def export(self, format: str = "onnx", **words: Any) -> Path:
        """Write an artifact of another format, proved equal, and return its path.

        Args:
            format: onnx, engine, openvino or torchscript.
            words: `output`, `images` (for the proof; the bundled photographs without them) and the format's own
                options (`imgsz`, `half`, `dynamic`, `target`, ...), as `numa-deploy export --help` lists them.
        """
        from numa_deploy.yolo.exporting import export as export_model

        return export_model(network_path(self.path), format, **words).path

    def train(self, data: str | Path | None = None, **words: Any) -> TrainMetrics:
        """Train this network on labelled rallies or images; afterwards this object is the best checkpoint.

        Args:
            data: a data.yaml, or of images a COCO .json.
            words: options of `numa_deploy.training.train_options.TrainOptions`, flat: `epochs=50, imgsz=(288, 512)`.

        Returns:
            The best checkpoint's figures as `val` gives them: `metrics.box.map`, `.map50`, `metrics.results_dict`; and
            `metrics.best`, `metrics.save_dir`.

        Raises:
            UsageError: this is an artifact, which cannot learn; or an option that makes no sense.
            MissingExtra: the `train` extra is not installed.
            DataError: the data is missing or malformed.
            TrainingError: the loss is not a number any more.
        """
        start = network_path(self.path)
        if not is_network(start):
            raise UsageError(
                f"{self.path.name} is an artifact, which cannot learn", hint="YOLO('multitask-n.yaml') or a .pt trains"
            )
        from numa_deploy.yolo.train_metrics import TrainMetrics
        from numa_deploy.yolo.training import train

        said = {"model": start, **({} if data is None else {"data": data}), **words}
        trained = train(said)
        self.path = trained.best
        self.session = open_session(self.path, self._device, self._threads)
        self.model = Model(self.session)
        metrics = self.val(data=trained.data)
        return TrainMetrics(metrics.validation, metrics.names, trained)

    def info(self) -> str:
        """Return what the model is: layers, parameters and GFLOPs of a network, the contract of an artifact."""
        if is_network(self.path):
            network = open_network(self.path)
            from numa_deploy.network.info import info

            return info(network).table()
        from numa_runtime.sessions.describe import describe

        return "\n".join(f"{name:<14}{value}" for name, value in describe(self.path).rows())

    def benchmark(self, data: str | Path | None = None, **words: Any) -> FormatReport:
        """Make, prove, validate and time this model in every format; see `numa_deploy.yolo.benchmarking`."""
        from numa_deploy.yolo.benchmarking import benchmark

        return benchmark(network_path(self.path), data, **words)

    def start(self, options: RunOptions, *, persist: bool | str = False, progress: Progress | None = None) -> Run:
        """Return the run behind `predict` and `track`, not yet started; the command line draws its progress."""
        if isinstance(options, TrackRunOptions) and options.known.any:
            return self._known(options, persist, progress)
        options = replace(options, source=replace(options.source, source=clip_of(options.source.source, self.path)))
        if isinstance(options, TrackRunOptions):
            timeline, goes_on = self._timeline(options, persist)
            run = start_run(options, timeline.model, follower=timeline.follower, persist=goes_on, progress=progress)
            self._timelines.keep(persist, timeline)  # a source that cannot be opened ends no timeline
            self.model, self._follower = timeline.model, timeline.follower
        else:
            self.model = Model(self.session)
            run = start_run(options, self.model, progress=progress)
        self.summary = run.summary
        return run

    def _known(self, options: TrackRunOptions, persist: bool | str, progress: Progress | None) -> Run:
        """Return a run of detections that are given, in which this model has nothing to do."""
        if persist:
            raise UsageError("persist goes on from frame to frame; what is known already comes whole", hint=_NO_PERSIST)
        run = start_known(options, progress=progress)
        self._follower, self.summary = run.follower, run.summary
        return run

    def _timeline(self, options: TrackRunOptions, persist: bool | str) -> tuple[Timeline, bool]:
        """Return the timeline of a tracking run, and whether it goes on from the run before."""
        last = self._timelines.find(persist)
        if last is not None:
            last.follower.change(options.tracker, options.prediction.conf)
            follower = last.follower
        else:
            follower = make_follower(
                options.tracker,
                options.prediction.conf,
                balls=bool(self.session.spec.groups),
                suits=self.session.spec.thresholds.tracking,
                device=self._device,
                threads=self._threads,
            )
        if follower.wants_features and options.tracker.reid is None:
            who = who_wants(follower.tracker)
            self.session = session_with_features(self.session, self.path, self._device, self._threads, who=who)
        if options.tracker.explain:
            from numa_runtime.pipeline.explaining import remember

            follower = remember(follower)
        same = last is not None and last.model.session is self.session  # not after `to(device)`
        timeline = Timeline(last.model if last is not None and same else Model(self.session), follower)
        return timeline, last is not None

    def _give(self, run: Run, stream: bool) -> list[Results] | Iterator[Results]:
        return iter(run) if stream else [result.new(orig_img=None) for result in run]
