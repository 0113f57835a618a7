"""`YOLO`: the class Ultralytics users know, over a torch-free model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numa_deploy.yolo.appearance import session_with_features
from numa_deploy.yolo.bundled import default_model
from numa_deploy.yolo.job import assemble
from numa_deploy.yolo.opening import is_network, open_network, open_session
from numa_deploy.yolo.settings import Settings
from numa_runtime.errors import UsageError
from numa_runtime.pipeline.following import Follower, make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.results import Results

if TYPE_CHECKING:
    from numa_benchmarks.report.report import Report
    from numa_runtime.tracking.explain import Explanation

TRACK_WORDS = ("tracker", "ball_tracker", "persist", "stream", "explain")


class YOLO:
    """A model that is ready to run.

    model: an artifact, a checkpoint (`.pt`) or a configuration (`multitask-n.yaml`, untrained); the bundled
    YOLOX-nano without one. device: "auto", "cpu", "cuda:0", 0.
    threads: CPU threads for inference. Words of `predict` and `track`: see `numa_deploy.yolo.settings`.

        for result in YOLO("best.onnx").track("match.mp4", conf=0.3, stream=True):
            print(result.boxes.id, result.boxes.xyxy)
    """

    def __init__(
        self,
        model: str | Path | None = None,
        task: str | None = None,
        *,
        device: str | int = "auto",
        threads: int | None = None,
    ) -> None:
        self.path = Path(model or default_model())
        self._device, self._threads = device, threads
        self.session = open_session(self.path, device, threads)
        self.model = Model(self.session)
        self.summary: RunSummary | None = None
        self._follower: Follower | None = None
        if task is not None and task != self.task:
            raise UsageError(f"{self.session.path} does {self.task}, not {task}", hint="leave task away")

    @property
    def task(self) -> str:
        """The task's word: detect, pose or multitask."""
        return self.model.spec.task.value

    @property
    def names(self) -> dict[int, str]:
        """Class names by index."""
        return self.model.names

    def predict(self, source: Any = None, stream: bool = False, **words: Any) -> list[Results] | Iterator[Results]:
        """Find objects in `source`; a list of `Results`, or a generator with `stream=True`.

        The list keeps no frames: `result.plot()` reads them again. source: whatever
        `numa_runtime.sources.open_source` takes; the bundled sample clip without one.
        """
        return self._give(self.start("predict", source, words), stream)

    __call__ = predict

    def track(
        self, source: Any = None, stream: bool = False, persist: bool = False, **words: Any
    ) -> list[Results] | Iterator[Results]:
        """Follow objects through `source`; `persist=True` continues the ids of the call before.

        Further words: `tracker` (bytetrack, sort, ocsort, botsort or a YAML file) and the tracker's own parameters by
        name (`track_buffer=60`). `conf` says which scores may start a track; weaker ones still extend tracks.
        `explain=True` remembers the run, so that `explain(7)` can tell the life of id 7 afterwards.
        """
        return self._give(self.start("track", source, words, persist=persist), stream)

    def explain(self, track_id: int) -> Explanation:
        """Tell the life of an id of the last `track(..., explain=True)`, of the last medium that has it.

        `print` it, or `.save(folder)` it with pictures of the decisive frames.

        Raises:
            UsageError: nothing was remembered, or not run yet. TrackerError: there was no such id.
        """
        from numa_runtime.pipeline.explaining import ExplainingFollower

        if not isinstance(self._follower, ExplainingFollower):
            raise UsageError("no tracking run was remembered", hint="model.track(source, explain=True) remembers one")
        return self._follower.explain(track_id)[-1]

    def export(self, format: str = "onnx", **words: Any) -> Path:
        """Write an artifact of another format, proved equal, and return its path.

        Words: `output`, `images` (for the proof; the bundled photographs without them) and the format's own
        options (`imgsz`, `half`, `dynamic`, `target`, ...), as `numa-deploy export --help` lists them.
        """
        from numa_deploy.yolo.exporting import export as export_model

        return export_model(self.path, format, **words).path

    def info(self) -> str:
        """Return what the model is: layers, parameters and GFLOPs of a network, the contract of an artifact."""
        if is_network(self.path):
            from numa_deploy.network.info import info

            return info(open_network(self.path)).table()
        from numa_runtime.sessions.describe import describe

        return "\n".join(f"{name:<14}{value}" for name, value in describe(self.path).rows())

    def benchmark(self, data: str | Path | None = None, **words: Any) -> Report:
        """Make, prove, validate and time this model in every format; see `numa_deploy.yolo.benchmarking`."""
        from numa_deploy.yolo.benchmarking import benchmark

        return benchmark(self.path, data, **words)

    def start(
        self,
        mode: str,
        source: Any,
        words: dict[str, Any],
        *,
        persist: bool = False,
        progress: Progress | None = None,
    ) -> Run:
        """Return the run behind `predict` and `track`, not yet started; the command line draws its progress."""
        from numa_deploy.yolo.bundled import sample_clip

        follower, rest = None, dict(words)
        if mode == "track":
            follower, rest = make_follower(
                rest, keep=self._follower if persist else None, balls=bool(self.model.spec.groups)
            )
            if follower.tracker.wants_features:
                self._give_features()
            if rest.pop("explain", False):
                from numa_runtime.pipeline.explaining import remember

                follower = remember(follower)
            self._follower = follower
        settings = Settings.from_words(mode, rest, also=TRACK_WORDS if mode == "track" else ("stream",))
        run = assemble(
            settings,
            self.model,
            sample_clip() if source is None else source,
            follower=follower,
            persist=persist,
            progress=progress,
        )
        self.summary = run.summary
        return run

    def _give_features(self) -> None:
        """Let candidates come with appearance features, or say which artifact has none."""
        session = session_with_features(self.session, self.path, self._device, self._threads)
        if session is not self.session:
            self.session, self.model = session, Model(session)

    def _give(self, run: Run, stream: bool) -> list[Results] | Iterator[Results]:
        return iter(run) if stream else [result.new(orig_img=None) for result in run]
