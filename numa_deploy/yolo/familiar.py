"""What Ultralytics users call on a model next to predict, track and export: there, or an error with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from numa_deploy.yolo.opening import open_session
from numa_runtime.pipeline.device_word import device_name
from numa_runtime.pipeline.model import Model
from numa_runtime.results.absent import absent
from numa_runtime.results.scalar import DeviceName
from numa_runtime.sessions.device import parse_device

if TYPE_CHECKING:
    from numa_deploy.yolo.metrics import Metrics
    from numa_runtime.sessions import Session

_LOOP = "loop over model.predict(source, stream=True) or track(...) and do it there, frame by frame"
_TRAIN = "train(data=..., epochs=...) trains, and leaves best.pt, last.pt and results.csv in its folder"
_FILE = "precision lives in the file: numa-deploy export --half writes one in fp16"
_ARTIFACT = "an exported file has no layers to look at; info() says what it is"
WAYS = {
    "resume": "train(resume=True, name=...) goes on",
    "trainer": _TRAIN,
    "tune": "numa-deploy tune searches a tracker's parameters on labelled clips; train(...) takes its recipe as words",
    "add_callback": _LOOP,
    "clear_callback": _LOOP,
    "reset_callbacks": _LOOP,
    "callbacks": _LOOP,
    "predictor": "forget() lets persist=True begin anew; a run's files are in model.summary.files",
    "half": _FILE,
    "embed": "an exported file gives detections only",
    "calibrate": "int8 export is not offered yet; an int8 file made elsewhere runs",
    "load": "open the other file: YOLO(path)",
    "save": "export() writes an artifact",
    "reset_weights": "open the configuration again: YOLO('multitask-n.yaml')",
    "yaml": _ARTIFACT,
    "cfg": _ARTIFACT,
    "ckpt": _ARTIFACT,
    "parameters": _ARTIFACT,
    "named_parameters": _ARTIFACT,
    "state_dict": _ARTIFACT,
    "modules": _ARTIFACT,
    "transforms": "the contract says how frames are prepared: numa-deploy inspect FILE",
    "args": "the words of a run are those of the call; numa-deploy predict --help lists them",
}


class Familiar:
    """The words of `YOLO` that only carry on what it has."""

    path: Path
    session: Session
    model: Model
    _device: str | int
    _threads: int | None
    metrics: Metrics | None = None
    """What the last `val` gave."""

    @property
    def task(self) -> str:
        """The task's word."""
        raise NotImplementedError

    def val(self, data: str | Path | None = None, **words: Any) -> Metrics:
        """Score the model on labelled images, with the figures of `numa-deploy val`.

        Args:
            data: data.yaml, COCO .json or folder.
            words: options of `numa_deploy.yolo.validating.ScoringOptions`: `split="test", imgsz=640, conf=0.001`.

        Returns:
            `metrics.box.map`, `.map50`, `.map75`, `.maps`, `metrics.results_dict`, ...; `print` it for the table.

        Raises:
            UsageError: no data, an unknown word or a value that makes no sense.
            DataError: the data cannot be read, or does not fit the model.
            MissingExtra: the `eval` extra is not installed.
        """
        from numa_deploy.yolo.validating import ScoringOptions, validate_open

        self.metrics = validate_open(self.session, ScoringOptions.of({"data": data, **words}))
        return self.metrics

    @property
    def device(self) -> DeviceName:
        """Where the model runs: "cpu", "cuda:0", "intel:gpu"."""
        return DeviceName(device_name(self.session.device))

    def to(self, device: Any) -> Self:
        """Open the model on another device, and return it; runs that have begun stay where they are.

        Raises:
            UsageError: this is not a device.
            DeviceError: the device cannot be had; the model then stays where it is.
        """
        wanted = str(parse_device(device))
        if wanted not in ("auto", self.device):
            self.session, self._device = open_session(self.path, wanted, self._threads), wanted
            self.model = Model(self.session)
        return self

    def cpu(self) -> Self:
        """Return `to("cpu")`."""
        return self.to("cpu")

    def cuda(self, index: int = 0) -> Self:
        """Return `to("cuda:0")`, or of another index."""
        return self.to(f"cuda:{index}")

    def fuse(self) -> Self:
        """Return self: what is deployed is fused."""
        return self

    def eval(self) -> Self:
        """Return self: what is deployed does not train."""
        return self

    @property
    def model_name(self) -> str:
        """The file that was opened."""
        return str(self.path)

    @property
    def ckpt_path(self) -> str:
        """The file that was opened."""
        return str(self.path)

    @property
    def overrides(self) -> dict[str, Any]:
        """What the model was opened with; a copy, whose change changes nothing."""
        return {"model": str(self.path), "task": self.task}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, WAYS)

        def __setattr__(self, name: str, value: Any) -> None:
            if name in WAYS:  # `model.predictor = None` would be kept, and do nothing
                raise absent(self, name, WAYS)
            object.__setattr__(self, name, value)
