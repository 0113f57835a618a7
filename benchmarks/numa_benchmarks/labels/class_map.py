"""Which of the model's classes is which of the data's: by name, since numbers mean nothing across data sets."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.records import Dataset

log = logging.getLogger("numa_runtime")


def class_map(model_names: tuple[str, ...], dataset: Dataset) -> NDArray[np.int64]:
    """Return, for each class of the model, its index in the data's names, or -1 (such detections are omitted).

    Names are compared without case. Where none agrees but there are equally many, the order decides, and the log
    says so.

    Raises:
        DataError: model and data share no class.
    """
    data_names = {_plain(name): index for index, name in reversed(list(enumerate(dataset.names)))}
    by_name = np.array([data_names.get(_plain(name), -1) for name in model_names], np.int64)
    if (by_name >= 0).any():
        _tell_missing(model_names, dataset)
        return by_name
    if len(model_names) == len(dataset.names):
        log.warning(
            "no class name of the model (%s) is among those of %s (%s): they are matched by their order",
            _some(model_names),
            dataset.source,
            _some(dataset.names),
        )
        return np.arange(len(model_names), dtype=np.int64)
    raise DataError(
        f"the model's {len(model_names)} classes ({_some(model_names)}) and the {len(dataset.names)} of "
        f"{dataset.source} ({_some(dataset.names)}) have no name in common",
        hint="validate with the data this model was trained for, or change names in data.yaml",
    )


def _tell_missing(model_names: tuple[str, ...], dataset: Dataset) -> None:
    known = {_plain(name) for name in model_names}
    used = sorted({int(label) for image in dataset for label in image.classes})
    missing = tuple(dataset.names[label] for label in used if _plain(dataset.names[label]) not in known)
    if missing:
        log.warning("%s labels classes the model does not know, they score 0: %s", dataset.source, _some(missing))


def _plain(name: str) -> str:
    return name.strip().lower()


def _some(names: tuple[str, ...], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f", and {len(names) - most} more" if len(names) > most else "")
