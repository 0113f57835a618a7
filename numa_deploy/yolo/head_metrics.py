"""One head's figures under the names Ultralytics users know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.results.absent import absent

if TYPE_CHECKING:
    from numa_benchmarks.metrics.scores import HeadScores

_WAYS = {
    "curves": "val(plots=True) draws them; precision and recall are given at the score of the best F1",
    "curves_results": "val(plots=True) draws them; precision and recall are given at the score of the best F1",
    "all_ap": "ap, ap50 and map75 are there",
}


@dataclass(frozen=True, repr=False)
class HeadMetrics:
    """One head's figures, 0 to 1: of all classes together, and of each class that is labelled.

    Attributes:
        scores: of all classes.
        classes: of each labelled class, by class number.
        count: how many classes there are.
    """

    scores: HeadScores
    classes: Mapping[int, HeadScores]
    count: int

    @property
    def map(self) -> float:
        """Mean AP over overlaps from 0.50 to 0.95."""
        return self.scores.map50_95

    @property
    def map50(self) -> float:
        """Mean AP at an overlap of 0.50."""
        return self.scores.map50

    @property
    def map75(self) -> float | None:
        """Mean AP at an overlap of 0.75."""
        return self.scores.map75

    @property
    def mp(self) -> float:
        """Precision, class mean."""
        return self.scores.precision

    @property
    def mr(self) -> float:
        """Recall, class mean."""
        return self.scores.recall

    @property
    def maps(self) -> NDArray[np.float64]:
        """float64 (classes,): mAP50-95 of each class; the mean for classes without labels."""
        found = np.full(self.count, self.map)
        for number, scores in self.classes.items():
            found[number] = scores.map50_95
        return found

    @property
    def ap_class_index(self) -> NDArray[np.int64]:
        """int64 (k,): the classes that are labelled; `p`, `r`, `f1`, `ap50` and `ap` have a value for each."""
        return np.array(list(self.classes), np.int64)

    @property
    def ap(self) -> NDArray[np.float64]:
        """float64 (k,): mAP50-95 of each labelled class."""
        return self._each("map50_95")

    @property
    def ap50(self) -> NDArray[np.float64]:
        """float64 (k,): AP50 of each labelled class."""
        return self._each("map50")

    @property
    def p(self) -> NDArray[np.float64]:
        """float64 (k,): precision of each labelled class."""
        return self._each("precision")

    @property
    def r(self) -> NDArray[np.float64]:
        """float64 (k,): recall of each labelled class."""
        return self._each("recall")

    @property
    def f1(self) -> NDArray[np.float64]:
        """float64 (k,): F1 of each labelled class."""
        return 2 * self.p * self.r / np.maximum(self.p + self.r, np.finfo(float).tiny)

    def _each(self, name: str) -> NDArray[np.float64]:
        return np.array([getattr(scores, name) for scores in self.classes.values()], np.float64)

    def mean_results(self) -> list[float]:
        """Return precision, recall, mAP50, mAP50-95 of all classes."""
        return [self.mp, self.mr, self.map50, self.map]

    def class_result(self, index: int) -> tuple[float, float, float, float]:
        """Return precision, recall, AP50, AP50-95 of the labelled class at `index` of `ap_class_index`."""
        return float(self.p[index]), float(self.r[index]), float(self.ap50[index]), float(self.ap[index])

    def fitness(self) -> float:
        """Return mAP50-95."""
        return self.map

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise absent(self, name, _WAYS)
