"""What `val` does behind its flags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from numa_runtime.errors import UsageError

if TYPE_CHECKING:
    from numa_benchmarks.metrics.mot import MotReport
    from numa_benchmarks.validate import Validation
    from numa_deploy.cli.console import Console


def score_model(
    console: Console,
    model: str | None,
    data: str | None,
    split: str,
    device: str,
    threads: int | None,
    imgsz: int | tuple[int, int] | None,
    conf: float,
    iou: float,
) -> Validation:
    """Run a model over labelled images and score it."""
    if data is None:
        raise UsageError("val needs labelled images", hint="--data data.yaml, a COCO .json, or a folder")

    from numa_benchmarks.labels.dataset import open_dataset
    from numa_benchmarks.validate import validate
    from numa_deploy.cli.progress import CountBar
    from numa_deploy.yolo.bundled import default_model
    from numa_runtime.sessions import load

    with load(model or default_model(), device=device, threads=threads) as session:
        dataset = open_dataset(data, split, keypoints=session.spec.keypoint_shape is not None)
        console.note(f"{Path(session.path).name} · {session.backend} {session.device} · {len(dataset)} images")
        with CountBar("validating", enabled=not console.quiet) as bar:
            return validate(session, dataset, conf=conf, iou=iou, imgsz=imgsz, progress=bar)


def score_tracks(gt: str | None, results: str | None, *, half: bool) -> MotReport:
    """Score a folder of MOT text files against a MOTChallenge folder (SEQUENCE/gt/gt.txt, SEQUENCE/seqinfo.ini)."""
    if gt is None or results is None:
        raise UsageError("val --task track compares two folders", hint="--gt MOT17/train --results runs/track/mot17")

    from numa_benchmarks.metrics.mot import score_mot
    from numa_benchmarks.metrics.mot_folders import pair_sequences

    return score_mot(pair_sequences(Path(gt), Path(results)), half=half)
