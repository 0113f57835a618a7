"""Box and keypoint mAP by faster-coco-eval, which equals pycocotools (https://cocodataset.org/#detection-eval).

As COCO counts: at most 100 boxes and 20 poses per image, 101 recall points, crowds ignored, OKS on the annotated
area with COCO's 17 sigmas; other skeletons use 1 / K for every keypoint, as the field does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset, LabelledImage
from numa_benchmarks.metrics.operating_point import Hits, best_operating_point, match
from numa_benchmarks.metrics.scores import ClassScores, DetectionScores, HeadScores
from numa_runtime.errors import require
from numa_runtime.results import Detections

COCO_KEYPOINTS = 17
BOXES, KEYPOINTS = "bbox", "keypoints"
_AT_75 = 5
"""Where 0.75 stands among the overlaps 0.50, 0.55, ..."""
_PER_IMAGE = {BOXES: 100, KEYPOINTS: 20}


def require_scoring() -> None:
    """Refuse before a model runs for minutes where what scores it is not installed.

    Raises:
        MissingExtra: faster-coco-eval is not installed.
    """
    require("scoring detections (mAP)", "faster_coco_eval")


def score_detections(dataset: Dataset, found: Sequence[Detections], *, keypoints: bool = False) -> DetectionScores:
    """Score what was found in each image of a dataset.

    Args:
        dataset: the labelled images.
        found: in the dataset's order and pixels, classes as in `dataset.names`.
        keypoints: score them too; labels and detections must have the same number.

    Raises:
        DataError: nothing is labelled, or the numbers of images or keypoints do not agree.
        MissingExtra: faster-coco-eval is not installed.
    """
    require_scoring()
    _check(dataset, found, keypoints)
    box = _evaluate(BOXES, dataset, found)
    keypoint = _evaluate(KEYPOINTS, dataset, found) if keypoints else None
    rows = tuple(
        ClassScores(
            name,
            sum(bool((image.classes == label).any()) for image in dataset),
            sum(int(np.count_nonzero((image.classes == label) & ~image.crowd)) for image in dataset),
            box.classes[label],
            keypoint.classes.get(label) if keypoint else None,
            label,
        )
        for label, name in enumerate(dataset.names)
        if label in box.classes
    )
    heads = {"box": box, "keypoint": keypoint}
    hits = {name: head.hits for name, head in heads.items() if head is not None}
    return DetectionScores(box.total, keypoint.total if keypoint else None, rows, hits)


@dataclass(frozen=True, slots=True)
class _Head:
    total: HeadScores
    classes: dict[int, HeadScores]
    hits: dict[int, Hits]


def _check(dataset: Dataset, found: Sequence[Detections], keypoints: bool) -> None:
    if len(found) != len(dataset):
        raise DataError(f"there are results for {len(found)} images, but {dataset.source} has {len(dataset)}")
    if not dataset.objects:
        raise DataError(f"{dataset.source}: nothing is labelled in its {len(dataset)} images, so there is no mAP")
    if not keypoints:
        return
    counts = {one.keypoints.shape[1] for one in found if len(one)} - {dataset.keypoints}
    if counts or not dataset.keypoints:
        raise DataError(
            f"the model gives {max(counts, default=0)} keypoints, {dataset.source} labels {dataset.keypoints}",
            hint="validate with the data this model was trained for",
        )
    if not any((image.keypoints[..., 2] > 0).any() for image in dataset):
        raise DataError(f"{dataset.source}: no keypoint is labelled in its {len(dataset)} images")


def _evaluate(kind: str, dataset: Dataset, found: Sequence[Detections]) -> _Head:
    result = _run(kind, dataset, found)
    precision = np.asarray(result.eval["precision"])[:, :, :, 0, -1]
    labelled = [label for label in range(len(dataset.names)) if (precision[:, :, label] > -1).any()]
    hits = [_hits(kind, result.ious, dataset, found, label) for label in labelled]
    point = best_operating_point(hits)
    curves = precision[:, :, labelled].mean(axis=1) if labelled else np.zeros((len(precision), 1))
    classes = {
        label: HeadScores(
            float(curves[:, at].mean()),
            float(curves[0, at]),
            float(point.class_precision[at]),
            float(point.class_recall[at]),
            point.confidence,
            float(curves[_AT_75, at]),
        )
        for at, label in enumerate(labelled)
    }
    means = float(curves.mean()), float(curves[0].mean())
    total = HeadScores(*means, point.precision, point.recall, point.confidence, float(curves[_AT_75].mean()))
    return _Head(total, classes, dict(zip(labelled, hits, strict=True)))


def _run(kind: str, dataset: Dataset, found: Sequence[Detections]) -> Any:
    from faster_coco_eval import COCO, COCOeval_faster

    truth = COCO(
        {
            "images": [
                {"id": number, "height": image.shape[0], "width": image.shape[1]}
                for number, image in enumerate(dataset, start=1)
            ],
            "categories": [{"id": number, "name": name} for number, name in enumerate(dataset.names, start=1)],
            "annotations": list(_annotations(dataset)),
        }
    )
    results = truth.loadRes(list(_results(kind, found)))
    sigmas = None if dataset.keypoints == COCO_KEYPOINTS else [1 / max(dataset.keypoints, 1)] * dataset.keypoints
    evaluation = COCOeval_faster(truth, results, kind, kpt_oks_sigmas=sigmas)
    # For keypoints the library would leave out classes without labels, and so renumber the others.
    evaluation.params.catIds = list(range(1, len(dataset.names) + 1))
    evaluation.params.maxDets = [_PER_IMAGE[kind]]
    # Objects of all sizes: small, medium and large are not reported.
    evaluation.params.areaRng = evaluation.params.areaRng[:1]
    evaluation.params.areaRngLbl = evaluation.params.areaRngLbl[:1]
    evaluation.evaluate()
    evaluation.accumulate()
    return evaluation


def _annotations(dataset: Dataset) -> Iterator[dict[str, Any]]:
    number = 0
    for image_number, image in enumerate(dataset, start=1):
        boxes = _ltwh(image.boxes)
        for row in range(len(image)):
            # From 1: faster-coco-eval takes annotation 0 for "not matched".
            number += 1
            yield {
                "id": number,
                "image_id": image_number,
                "category_id": int(image.classes[row]) + 1,
                "bbox": boxes[row].tolist(),
                "area": float(image.area[row]),
                "iscrowd": int(image.crowd[row]),
                "keypoints": image.keypoints[row].astype(float).ravel().tolist(),
                "num_keypoints": int(np.count_nonzero(image.keypoints[row, :, 2] > 0)),
            }


def _results(kind: str, found: Sequence[Detections]) -> Iterator[dict[str, Any]]:
    for image_number, one in enumerate(found, start=1):
        boxes = _ltwh(one.xyxy)
        for row in range(len(one)):
            head = {
                "image_id": image_number,
                "category_id": int(one.cls[row]) + 1,
                "score": float(one.conf[row]),
            }
            if kind == BOXES:
                yield {**head, "bbox": boxes[row].tolist()}
            else:
                yield {**head, "keypoints": one.keypoints[row].astype(float).ravel().tolist()}


def _ltwh(xyxy: NDArray[np.float32]) -> NDArray[np.float64]:
    boxes = xyxy.astype(np.float64)
    boxes[:, 2:] -= boxes[:, :2]
    return boxes


def _hits(kind: str, overlaps: Any, dataset: Dataset, found: Sequence[Detections], label: int) -> Hits:
    """Match one class in all images, on the overlaps that the evaluation has computed already."""
    scores: list[NDArray[np.float64]] = []
    right: list[NDArray[np.bool_]] = []
    labels = 0
    for image_number, (image, one) in enumerate(zip(dataset, found, strict=True), start=1):
        mine = image.classes == label
        ignored, crowd = _ignored(kind, image)[mine], image.crowd[mine]
        labels += int(np.count_nonzero(~ignored))
        conf = np.sort(one.conf[one.cls == label].astype(np.float64))[::-1][: _PER_IMAGE[kind]]
        if not len(conf):
            continue
        overlap = np.asarray(overlaps[image_number, label + 1], np.float64).reshape(len(conf), -1)
        hit, void = match(overlap, ignored, crowd) if mine.any() else (np.zeros(len(conf), bool),) * 2
        scores.append(conf[~void])
        right.append(hit[~void])
    empty: list[Any] = [np.zeros(0)]
    return Hits(np.concatenate(scores or empty), np.concatenate(right or empty).astype(np.bool_), labels)


def _ignored(kind: str, image: LabelledImage) -> NDArray[np.bool_]:
    if kind == BOXES:
        return image.crowd
    return image.crowd | ~(image.keypoints[..., 2] > 0).any(axis=1)
