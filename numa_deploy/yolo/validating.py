"""`YOLO.val`: an open model scored on labelled images, as `numa-deploy val` does it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from numa_runtime.errors import UsageError
from numa_runtime.options import Options, option, same
from numa_runtime.options.panels import WRITTEN
from numa_runtime.options.readers import Size, within
from numa_runtime.paths import expand
from numa_runtime.pipeline.device_word import check_device
from numa_runtime.pipeline.options import DeviceOptions, OutputOptions, PredictionOptions

if TYPE_CHECKING:
    from numa_benchmarks.validate import Validation
    from numa_benchmarks.validate_rallies import RallyValidation
    from numa_deploy.yolo.metrics import Metrics
    from numa_runtime.sessions import Session

_LOGGER = logging.getLogger("numa_runtime")

_ELSEWHERE = {
    "half": "precision lives in the artifact: export or adopt one in fp16",
    "int8": "precision lives in the artifact: use an int8 file",
    "quantize": "precision lives in the artifact: use a file of that precision",
    "augment": "test-time augmentation is not offered",
    "save_json": "metrics.to_json() is the text to write",
    "save_txt": "predict(save_txt=True) writes label files",
    "save_conf": "predict(save_txt=True, save_conf=True) writes them",
    "save_hybrid": "predict(save_txt=True) writes label files",
    "single_cls": "the classes of the data count as they are",
    "dnn": "the artifact's own runtime is used",
    "rect": "imgsz=(640, 640) gives a square",
    "classes": "all classes that the data labels are scored; metrics.box.maps has each",
    "agnostic_nms": "mAP is defined with suppression per class",
    "batch": "images run one at a time, which changes no figure",
    "workers": "images are read in this process, which changes no figure",
    "cache": "images are read from disk, which changes no figure",
    "verbose": "print(metrics) is the table",
}
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "batch": (...,),
    "workers": (...,),
    "cache": (...,),
    "rect": (True,),
    "verbose": (True,),
    "quantize": (32, "fp32"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringOptions(Options):
    """On which labels, and what counts.

    Attributes:
        data: data.yaml, COCO .json or folder.
        split: train, val or test.
        imgsz: for artifacts of dynamic size.
        conf: smallest score that counts, 0-1.
        iou: overlap of the suppression, 0-1.
        max_det: most detections of an image.
        ball_conf: score from which a ball is an answer, 0-1; None: where F1 is best.
        offline: rallies: balls from all windows that saw their frame.
        device: where the model runs already, or None.
        plots: draw what was found, under PROJECT/val/NAME.
        project: folder of all runs.
        name: the run's own; the model's by default.
        exist_ok: write into an existing folder instead of NAME-2.
    """

    mode: ClassVar[str] = "val"
    elsewhere: ClassVar[Mapping[str, str]] = _ELSEWHERE
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = _NEUTRAL

    data: str | Path | None = option(None, "data.yaml, COCO .json or folder.")
    split: str = option("val", "train, val or test.")
    imgsz: Size | None = same(PredictionOptions, "imgsz")
    conf: float | None = option(None, "Smallest score that counts.", kind=float, read=within(0, 1))
    iou: float = option(0.7, "Overlap of the suppression.", read=within(0, 1))
    max_det: int = same(PredictionOptions, "max_det", default=300)
    ball_conf: float | None = option(
        None, "Rallies: score from which a ball counts. Default: where F1 is best.", kind=float, read=within(0, 1)
    )
    offline: bool = same(PredictionOptions, "offline")
    device: str | None = same(DeviceOptions, "device", default=None)
    plots: bool = option(
        False, "Draw curves, confusion, scores and the worst samples into PROJECT/val/NAME.", panel=WRITTEN
    )
    project: str | Path = same(OutputOptions, "project")
    name: str | None = same(OutputOptions, "name", panel=WRITTEN)
    exist_ok: bool = same(OutputOptions, "exist_ok")


LOWEST_SCORE = 0.001
"""The score from which detections count where nothing is said, as the field reports mAP."""


def validate_open(session: Session, options: ScoringOptions) -> Metrics:
    """Score a session on labelled images, or on rallies frame by frame.

    Raises:
        UsageError: no data, or a device other than the session's.
        DataError: the data cannot be read, or does not fit the model.
        MissingExtra: the `eval` extra is not installed.
        SinkError: pictures cannot be written.
    """
    if options.data is None:
        raise UsageError("val needs labelled images", hint='model.val(data="data.yaml"), a COCO .json, or a folder')
    check_device(options.device, session.device)

    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.labels.rallies import holds_rallies, open_rallies
    from numa_benchmarks.validate import validate
    from numa_benchmarks.validate_rallies import validate_rallies
    from numa_deploy.yolo.metrics import Metrics
    from numa_deploy.yolo.val_plots import draw_plots, plots_folder

    conf = LOWEST_SCORE if options.conf is None else options.conf
    with plots_folder(options, session.path) as folder:
        found: Validation | RallyValidation
        if holds_rallies(expand(options.data)):
            rallies = open_rallies(expand(options.data), options.split)
            names = rallies.names
            found = validate_rallies(
                session,
                rallies,
                conf=conf,
                iou=options.iou,
                imgsz=options.imgsz,
                ball_conf=options.ball_conf,
                offline=options.offline,
            )
        else:
            dataset = open_dataset(options.data, options.split, keypoints=session.spec.keypoint_shape is not None)
            names = dataset.names
            found = validate(session, dataset, conf=conf, iou=options.iou, max_det=options.max_det, imgsz=options.imgsz)
        if folder is not None:
            _LOGGER.info("%s", draw_plots(found, folder))
    return Metrics(found, dict(enumerate(names)), folder=folder)
