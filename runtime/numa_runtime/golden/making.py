"""Making a golden sample: the photograph in which the network sees most, and what it sees there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import UsageError
from numa_runtime.golden import picture
from numa_runtime.golden.rows import Rows, rows_of
from numa_runtime.golden.sample import Expected, GoldenSample
from numa_runtime.golden.tolerance import GoldenTolerance

_LOGGER = logging.getLogger("numa_runtime")

MOST_ROWS = 32
SURE = 0.1
CONVINCING = 0.25
_ROWS_WITHOUT_OBJECT = 8
_DEFAULT_SIZE = 640


class Runner(Protocol):
    """The part of a session that a golden sample needs."""

    @property
    def spec(self) -> ModelSpec: ...
    @property
    def golden(self) -> str | None: ...
    def run(self, batch: NDArray[Any]) -> Mapping[str, NDArray[Any]]: ...


def make_sample(
    session: Runner,
    frames: Iterable[picture.Image],
    *,
    precision: str = "fp32",
    size: tuple[int, int] | None = None,
    backend: str = "",
) -> GoldenSample:
    """Return a golden sample from the frame that gives the strongest detections.

    A network that sees nothing in any frame gets a sample of its best candidates, with a warning: it proves less.

    Args:
        session: runs the artifact.
        frames: BGR or grey.
        precision: the artifact's precision, which sets the tolerance.
        size: (height, width); used only where the artifact takes any size (default 640x640).
        backend: what gives the answers.

    Raises:
        UsageError: no frames.
    """
    height, width = _size(session.spec, size)
    tolerance = GoldenTolerance.for_precision(precision)
    samples = [_sample(session, frame, height, width, tolerance, backend) for frame in frames]
    if not samples:
        raise UsageError("a golden sample needs at least one frame", hint="pass photographs with objects in them")
    best = max(samples, key=_strength)
    if _highest(best) < CONVINCING:
        _LOGGER.warning(
            "the golden sample is weak: the best score in %d frames is %.2f; it pins the best candidates instead",
            len(samples),
            _highest(best),
        )
    return best


def _size(spec: ModelSpec, size: tuple[int, int] | None) -> tuple[int, int]:
    fallback = size or (_DEFAULT_SIZE, _DEFAULT_SIZE)
    return spec.input.height or fallback[0], spec.input.width or fallback[1]


def _sample(
    session: Runner, frame: picture.Image, height: int, width: int, tolerance: GoldenTolerance, backend: str
) -> GoldenSample:
    factor = picture.factor_for(height, width)
    packed = picture.pack(picture.thumbnail(frame, height // factor, width // factor))
    empty = GoldenSample(height, width, factor, packed, (), tolerance, backend)
    outputs = session.run(empty.batch(session.spec.input))
    expected = tuple(Expected.of(_best(rows), rows.best.mean()) for rows in rows_of(outputs, 0))
    return GoldenSample(height, width, factor, packed, expected, tolerance, backend)


def _best(rows: Rows) -> Rows:
    """Return the best rows: those with a meaningful score, else a few in any case."""
    order = np.argsort(-rows.best, kind="stable")[:MOST_ROWS]
    sure = order[rows.best[order] > SURE]
    return rows.select(sure if len(sure) else order[:_ROWS_WITHOUT_OBJECT])


def _strength(sample: GoldenSample) -> float:
    return sum(row[4] for part in sample.expected for row in part.rows)


def _highest(sample: GoldenSample) -> float:
    return max((row[4] for part in sample.expected for row in part.rows), default=0.0)
