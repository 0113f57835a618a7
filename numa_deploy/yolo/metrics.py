"""What `YOLO.val` gives: a validation under the names Ultralytics users know."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.metrics.seen import SeenRallies
from numa_benchmarks.validate_rallies import RallyValidation
from numa_deploy.yolo.head_metrics import HeadMetrics
from numa_runtime.jsontext import json_text
from numa_runtime.results.absent import absent
from numa_runtime.results.tabular import as_csv, as_frame

if TYPE_CHECKING:
    from numa_benchmarks.metrics.ball import BallScores
    from numa_benchmarks.metrics.confusion import ConfusionMatrix
    from numa_benchmarks.metrics.scores import DetectionScores
    from numa_benchmarks.validate import Validation

_WAYS = {
    "confusion_matrix": "no boxes were scored: the data labels none",
    "pose": "no keypoints were scored: the model gives none, or the data labels none",
    "ball": "no balls were scored: the data are single images, or label none",
    "plot": "val(plots=True) draws, and save_dir says where",
    "save_dir": "nothing was written: val(plots=True) draws, to_json() and to_csv() give texts",
    "box": "no boxes were scored: the data labels none",
    "seg": "there is no segment task yet",
    "top1": "there is no classify task yet",
    "top5": "there is no classify task yet",
}
_BALL_KEYS = ("precision", "recall", "F1", "accuracy")
_KEYS = ("precision", "recall", "mAP50", "mAP50-95")


@dataclass(frozen=True, repr=False)
class Metrics:
    """A validation: `box.map`, `box.map50`, `box.maps`, `results_dict`, ...

    Attributes:
        validation: the report itself, as `numa-deploy val` prints it.
        names: the data's class names by number.
        folder: where pictures were written; None where none were.
    """

    validation: Validation | RallyValidation
    names: dict[int, str]
    folder: Path | None = field(default=None, kw_only=True)

    @property
    def save_dir(self) -> Path:
        """Where pictures were written.

        Raises:
            AttributeError: none were.
        """
        if self.folder is None:
            raise absent(self, "save_dir", _WAYS)
        return self.folder

    @property
    def confusion_matrix(self) -> ConfusionMatrix:
        """Which class was taken for which: `matrix`, `summary()`, `to_csv()`, `to_json()`, `to_df()`.

        Raises:
            AttributeError: no boxes were scored.
        """
        seen = self.validation.seen
        images = seen.players if isinstance(seen, SeenRallies) else seen
        if images is None:
            raise absent(self, "confusion_matrix", _WAYS)
        return images.confusion

    @property
    def _scores(self) -> DetectionScores | None:
        """Figures of boxes and keypoints, where there are any."""
        found = self.validation
        return found.players if isinstance(found, RallyValidation) else found.metrics

    @property
    def box(self) -> HeadMetrics:
        """Figures of the boxes.

        Raises:
            AttributeError: no boxes were scored.
        """
        scores = self._scores
        if scores is None:
            raise absent(self, "box", _WAYS)
        return HeadMetrics(scores.box, {row.number: row.box for row in scores.classes}, len(self.names))

    @property
    def pose(self) -> HeadMetrics:
        """Figures of the keypoints.

        Raises:
            AttributeError: no keypoints were scored.
        """
        scores = self._scores
        if scores is None or scores.keypoint is None:
            raise absent(self, "pose", _WAYS)
        classes = {row.number: row.keypoint for row in scores.classes if row.keypoint is not None}
        return HeadMetrics(scores.keypoint, classes, len(self.names))

    @property
    def ball(self) -> BallScores:
        """Figures of the balls: `f1`, `precision`, `recall`, `accuracy`.

        Raises:
            AttributeError: no balls were scored.
        """
        found = self.validation
        if not isinstance(found, RallyValidation) or found.balls is None:
            raise absent(self, "ball", _WAYS)
        return found.balls

    @property
    def heads(self) -> dict[str, HeadMetrics]:
        """The heads that were scored: "B" (boxes) and "P" (keypoints), where there are any."""
        scores = self._scores
        if scores is None:
            return {}
        return {"B": self.box} if scores.keypoint is None else {"B": self.box, "P": self.pose}

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
        """mAP50-95, of all heads together; on rallies what `train` compares epochs by, which knows balls too."""
        if isinstance(self.validation, RallyValidation):
            return self.validation.fitness
        return sum(head.fitness() for head in self.heads.values())

    @property
    def results_dict(self) -> dict[str, float]:
        """The figures by name, those of balls too ("metrics/F1(ball)"), and "fitness"."""
        found, balls = self.validation, dict[str, float]()
        if isinstance(found, RallyValidation) and found.balls is not None:
            balls = {f"metrics/{key}(ball)": getattr(found.balls, key.lower()) for key in _BALL_KEYS}
        return {**dict(zip(self.keys, self.mean_results(), strict=True)), **balls, "fitness": self.fitness}

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
        for row in self._scores.classes if self._scores is not None else ():
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
        return as_frame(rows, list(rows[0]) if rows else ["Class"])

    def to_csv(self, decimals: int = 5) -> str:
        """Return `summary()` as CSV text."""
        rows = self.summary(decimals)
        return as_csv(rows, list(rows[0]) if rows else ["Class"])

    def to_json(self, decimals: int = 5) -> str:
        """Return `summary()` as JSON text."""
        return json_text(self.summary(decimals))

    def __repr__(self) -> str:
        return "\n".join(self.validation.lines())

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, _WAYS)
