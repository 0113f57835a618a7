"""What `YOLO.val` gives: a validation under the names Ultralytics users know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numa_deploy.yolo.head_metrics import HeadMetrics
from numa_runtime.jsontext import json_text
from numa_runtime.results.absent import absent
from numa_runtime.results.tabular import as_csv, as_frame

if TYPE_CHECKING:
    from numa_benchmarks.metrics.ball import BallScores
    from numa_benchmarks.validate import Validation
    from numa_benchmarks.validate_rallies import RallyValidation

_WAYS = {
    "confusion_matrix": "numa-deploy val prints the figures of each class",
    "pose": "no keypoints were scored: the model gives none, or the data labels none",
    "ball": "no balls were scored: the data are single images, or label none",
    "plot": "nothing is drawn; to_df() has the figures of each class",
    "save_dir": "validation writes no files; to_json() and to_csv() give texts",
    "seg": "there is no segment task yet",
    "top1": "there is no classify task yet",
    "top5": "there is no classify task yet",
}
_KEYS = ("precision", "recall", "mAP50", "mAP50-95")


@dataclass(frozen=True, repr=False)
class Metrics:
    """A validation: `box.map`, `box.map50`, `box.maps`, `results_dict`, ...

    Attributes:
        validation: the report itself, as `numa-deploy val` prints it.
        names: the data's class names by number.
    """

    validation: Validation | RallyValidation
    names: dict[int, str]

    @property
    def box(self) -> HeadMetrics:
        """Figures of the boxes."""
        classes = {row.number: row.box for row in self.validation.metrics.classes}
        return HeadMetrics(self.validation.metrics.box, classes, len(self.names))

    @property
    def pose(self) -> HeadMetrics:
        """Figures of the keypoints.

        Raises:
            AttributeError: no keypoints were scored.
        """
        scores = self.validation.metrics.keypoint
        if scores is None:
            raise absent(self, "pose", _WAYS)
        classes = {row.number: row.keypoint for row in self.validation.metrics.classes if row.keypoint is not None}
        return HeadMetrics(scores, classes, len(self.names))

    @property
    def ball(self) -> BallScores:
        """Figures of the balls: `f1`, `precision`, `recall`, `accuracy`.

        Raises:
            AttributeError: no balls were scored.
        """
        scores = getattr(self.validation, "balls", None)
        if scores is None:
            raise absent(self, "ball", _WAYS)
        found: BallScores = scores
        return found

    @property
    def heads(self) -> dict[str, HeadMetrics]:
        """The heads that were scored: "B" (boxes), and "P" (keypoints) where there are any."""
        return {"B": self.box} if self.validation.metrics.keypoint is None else {"B": self.box, "P": self.pose}

    @property
    def keys(self) -> list[str]:
        """The names of `mean_results()`: "metrics/precision(B)", ..."""
        return [f"metrics/{key}({head})" for head in self.heads for key in _KEYS]

    def mean_results(self) -> list[float]:
        """Return the figures named by `keys`."""
        return [value for head in self.heads.values() for value in head.mean_results()]

    def class_result(self, index: int) -> list[float]:
        """Return the same of the labelled class at `index` of `ap_class_index`."""
        return [value for head in self.heads.values() for value in head.class_result(index)]

    @property
    def fitness(self) -> float:
        """mAP50-95, of all heads together."""
        return sum(head.fitness() for head in self.heads.values())

    @property
    def results_dict(self) -> dict[str, float]:
        """The figures by name, and "fitness"."""
        return {**dict(zip(self.keys, self.mean_results(), strict=True)), "fitness": self.fitness}

    @property
    def maps(self) -> NDArray[np.float64]:
        """float64 (classes,): mAP50-95 of each class, of all heads together."""
        return np.asarray(sum(head.maps for head in self.heads.values()), np.float64)

    @property
    def ap_class_index(self) -> NDArray[np.int64]:
        """int64 (k,): the classes that are labelled."""
        return self.box.ap_class_index

    @property
    def speed(self) -> dict[str, float]:
        """Mean milliseconds per image by stage."""
        return self.validation.speed

    def summary(self, decimals: int = 5) -> list[dict[str, Any]]:
        """Return one plain dict per labelled class, figures from 0 to 1."""
        rows: list[dict[str, Any]] = []
        for row in self.validation.metrics.classes:
            figures: dict[str, Any] = {"Class": row.name, "Images": row.images, "Instances": row.instances}
            for head, scores in (("Box", row.box), ("Pose", row.keypoint)):
                if scores is not None:
                    values = scores.precision, scores.recall, scores.map50, scores.map50_95
                    named = zip(("P", "R", "mAP50", "mAP50-95"), values, strict=True)
                    figures |= {f"{head}-{key}": round(value, decimals) for key, value in named}
            rows.append(figures)
        return rows

    def to_df(self, decimals: int = 5) -> Any:
        """Return `summary()` as a DataFrame of pandas or polars.

        Raises:
            NumaError: neither is installed.
        """
        rows = self.summary(decimals)
        return as_frame(rows, list(rows[0]))

    def to_csv(self, decimals: int = 5) -> str:
        """Return `summary()` as CSV text."""
        rows = self.summary(decimals)
        return as_csv(rows, list(rows[0]))

    def to_json(self, decimals: int = 5) -> str:
        """Return `summary()` as JSON text."""
        return json_text(self.summary(decimals))

    def __repr__(self) -> str:
        return "\n".join(self.validation.lines())

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, _WAYS)
