"""What `YOLO.train` gives: the validation of the best checkpoint, and where the training lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from numa_deploy.yolo.metrics import Metrics

if TYPE_CHECKING:
    from numa_deploy.training.run import Trained


@dataclass(frozen=True, repr=False)
class TrainMetrics(Metrics):
    """A validation as `YOLO.val` gives it (`box.map`, `results_dict`, ...), of the best epoch's network.

    Attributes:
        trained: what the training left.
    """

    trained: Trained

    @property
    def best(self) -> Path:
        """The best checkpoint."""
        return self.trained.best

    @property
    def save_dir(self) -> Path:
        """The folder of weights, results.csv and pictures."""
        return self.trained.folder

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return self.trained.epochs
