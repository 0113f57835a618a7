"""Puts one run together: settings + model + source -> `numa_runtime.pipeline.run.Run`."""

from __future__ import annotations

from typing import Any

from numa_deploy.yolo.settings import Settings
from numa_runtime.pipeline.following import Follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictOptions, class_indices
from numa_runtime.pipeline.outputs import OutputPlan, Outputs
from numa_runtime.pipeline.run import Progress, Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.sources.source import Source, open_source


def predict_options(settings: Settings, model: Model, follower: Follower | None) -> PredictOptions:
    """Return the model's options; in track mode the score gate is the tracker's lowest, not `conf`."""
    return PredictOptions(
        conf=settings.conf if follower is None else follower.lowest_score,
        iou=settings.iou,
        max_det=settings.max_det,
        classes=class_indices(settings.classes, model.spec),
        agnostic=settings.agnostic_nms,
        imgsz=settings.imgsz,
    )


def output_plan(settings: Settings, model: Model, mode: str, source: Source) -> OutputPlan:
    """Return what is to be written, and where."""
    ball = bool(model.spec.groups) and settings.writes if settings.save_ball is None else settings.save_ball
    return OutputPlan(
        project=settings.project,
        mode=mode,
        name=settings.name or source.name,
        exist_ok=settings.exist_ok,
        pictures=settings.save,
        mot=settings.save_mot,
        jsonl=settings.save_jsonl,
        csv=settings.save_csv,
        labels=settings.save_txt,
        label_scores=settings.save_conf,
        ball=ball,
        window=settings.show,
        vid_stride=settings.vid_stride,
        style=_style(settings),
    )


def _style(settings: Settings) -> dict[str, Any]:
    return {
        "labels": settings.show_labels,
        "conf": settings.show_conf,
        "boxes": settings.show_boxes,
        "line_width": settings.line_width,
    }


def assemble(
    settings: Settings,
    model: Model,
    source: Any,
    *,
    follower: Follower | None = None,
    persist: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Return a run that is ready to be iterated; the source is opened and its faults are raised here."""
    mode = "predict" if follower is None else "track"
    frames = (
        source
        if isinstance(source, Source)
        else open_source(source, vid_stride=settings.vid_stride, stream_buffer=settings.stream_buffer)
    )
    model.options = predict_options(settings, model, follower)
    plan = output_plan(settings, model, mode, frames)
    return Run(
        source=frames,
        model=model,
        summary=RunSummary(model.names),
        follower=follower,
        outputs=Outputs(plan) if plan.writes else None,
        persist=persist,
        progress=progress,
    )
