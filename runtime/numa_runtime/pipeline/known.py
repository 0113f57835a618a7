"""The finder that knows what is in each frame: detections from a file, in the place of a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.clock import StageClock
from numa_runtime.pipeline.options.prediction import PredictionOptions
from numa_runtime.results import Detections, Results
from numa_runtime.sources.base import Media


@runtime_checkable
class KnownMedia(Media, Protocol):
    """A medium that comes with what is in its frames."""

    def results(self) -> Iterator[Results]:
        """Yield each frame's results, untracked."""
        ...


class KnownFinder:
    """Gives what media know of their frames, as far as a run asks for it.

    Args:
        prediction: the run's filters; what only a network could honour is refused.
        classes: the numbers of the classes that are asked for; None: all.

    Attributes:
        names: class names by number, as far as the media told them.

    Raises:
        UsageError: an option of a network.
    """

    def __init__(self, prediction: PredictionOptions, classes: tuple[int, ...] | None = None) -> None:
        self.names: dict[int, str] = {}
        for name in ("iou", "imgsz", "agnostic_nms", "offline"):
            if getattr(prediction, name):
                raise UsageError(
                    f"--{name.replace('_', '-')} is a network's, and none runs: these detections are given",
                    hint="leave it out, or leave --detections and --replay out to run a model",
                )
        self._classes = None if classes is None else np.array(classes, np.int64)
        self._most = prediction.max_det

    def in_use(self) -> AbstractContextManager[None]:
        """Return a context that does nothing: there is nothing to share."""
        return nullcontext()

    def start(self, *, still: bool = False) -> None:
        """Do nothing: each medium knows its own frames."""

    def find(self, media: Media, clock: StageClock) -> Iterator[Results]:
        """Yield what a medium knows of each frame, as far as it is asked for."""
        if not isinstance(media, KnownMedia):
            raise TypeError(f"{type(media).__name__} knows nothing of its frames")
        for result in clock.waiting(media.results(), "decode"):
            self.names.update(result.names)
            kept = self._kept(result.detections)
            yield result if kept is None else replace(result, detections=result.detections.select(kept))

    def _kept(self, found: Detections) -> NDArray[np.int64] | None:
        """Return the rows that are asked for, in their order; None: all."""
        rows = np.arange(len(found))
        if self._classes is not None:
            rows = rows[np.isin(found.cls, self._classes)]
        if self._most is not None and len(rows) > self._most:
            rows = np.sort(rows[np.argsort(-found.conf[rows], kind="stable")[: self._most]])
        return None if len(rows) == len(found) else rows
