"""Whether a model can be scored on rallies at all."""

from __future__ import annotations

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.rallies import RallyDataset
from numa_runtime.contract import ModelSpec


def check_fits(spec: ModelSpec, name: str, dataset: RallyDataset) -> None:
    """Refuse a model that is for other data; `name` is what people call it.

    Raises:
        DataError: it is for single images, or its players have another number of keypoints.
    """
    if spec.input.frames == 1:
        raise DataError(
            f"{dataset.source} labels rallies, which clip networks are scored on; {name} is a {spec.task} model of "
            "single images",
            hint=f"numa-deploy data convert {dataset.source} --to yolo --output frames makes single images of them",
        )
    if spec.keypoint_shape is not None and dataset.keypoints and spec.keypoint_shape[0] != dataset.keypoints:
        raise DataError(
            f"the model gives {spec.keypoint_shape[0]} keypoints, {dataset.source} labels {dataset.keypoints}",
            hint="validate with the data this model was trained for",
        )
