"""Making a golden sample: the photographs in which the network sees most, and what it sees there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.golden import picture
from numa_runtime.golden.agreement import pack_spec
from numa_runtime.golden.rows import Rows, rows_of
from numa_runtime.golden.sample import Expected, GoldenSample, Shot
from numa_runtime.golden.tolerance import GoldenTolerance

_LOGGER = logging.getLogger("numa_runtime")

MOST_PICTURES = 3
MOST_ROWS = 16
SURE = 0.1
CONVINCING = 0.25
_ROWS_WITHOUT_OBJECT = 8
_DEFAULT_SIZE = 640
_SEEN_BEFORE = 0.2


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
    """Return a golden sample from the frames that give the strongest detections of the most classes.

    A grey picture cannot tell red from blue: frames with colour go first, and where there are none, they are tinted. A
    network that sees nothing in any frame gets a sample of its best candidates, with a warning: it proves less.

    Args:
        session: runs the artifact.
        frames: BGR or grey.
        precision: the artifact's precision, which sets the tolerance.
        size: (height, width); used only where the artifact takes any size (default 640x640).
        backend: what gives the answers.

    Raises:
        UsageError: no frames.
        ModelError: an answer is NaN or infinite.
    """
    height, width = _size(session.spec, size)
    factor = picture.factor_for(height, width)
    small = [picture.thumbnail(frame, height // factor, width // factor) for frame in frames]
    if not small:
        raise UsageError("a golden sample needs at least one frame", hint="pass photographs with objects in them")
    if session.spec.input.channels > 1:
        small = [one for one in small if picture.is_colourful(one)] or [picture.tinted(one) for one in small]
    tolerance = GoldenTolerance.for_precision(precision)
    empty = GoldenSample(height, width, factor, (), tolerance, backend, pack_spec(session.spec))
    shots = [_shot(session, empty, picture.pack(one)) for one in small]
    best = _chosen(shots)
    if _highest(best[0]) < CONVINCING:
        _LOGGER.warning(
            "the golden sample is weak: the best score in %d frames is %.2f; it pins the best candidates instead",
            len(shots),
            _highest(best[0]),
        )
    return replace(empty, shots=tuple(best))


def _size(spec: ModelSpec, size: tuple[int, int] | None) -> tuple[int, int]:
    fallback = size or (_DEFAULT_SIZE, _DEFAULT_SIZE)
    return spec.input.height or fallback[0], spec.input.width or fallback[1]


def _shot(session: Runner, empty: GoldenSample, packed: str) -> Shot:
    (batch,) = replace(empty, shots=(Shot(packed, ()),)).batches(session.spec.input)
    outputs = session.run(batch)
    bad = next((name for name, values in outputs.items() if not np.isfinite(values).all()), None)
    if bad is not None:
        raise ModelError(
            f"the network gives NaN or infinite values ({bad}), so its answers cannot be pinned",
            hint="the weights are damaged, or the training diverged: take an earlier checkpoint",
        )
    rows = rows_of(outputs, 0)
    return Shot(packed, tuple(Expected.of(_best(part), part, classes_of(session.spec, part.kind)) for part in rows))


def classes_of(spec: ModelSpec, kind: str) -> int:
    """Return how many classes rows of a kind ("boxes", "balls") have."""
    return len(spec.ball_names if kind == "balls" else spec.names)


def _best(rows: Rows) -> Rows:
    """Return the best rows: those with a meaningful score, else a few in any case."""
    order = np.argsort(-rows.best, kind="stable")[:MOST_ROWS]
    sure = order[rows.best[order] > SURE]
    return rows.select(sure if len(sure) else order[:_ROWS_WITHOUT_OBJECT])


def _chosen(shots: list[Shot]) -> list[Shot]:
    """Return the shots that show most, a class that an earlier one has shown counting a fifth."""
    left, chosen, seen = list(shots), list[Shot](), set[tuple[str, int]]()
    while left and len(chosen) < MOST_PICTURES:
        best = max(left, key=lambda shot: _strength(shot, seen))
        left.remove(best)
        chosen.append(best)
        seen |= {(part.kind, int(row[5])) for part in best.expected for row in part.rows if row[4] > CONVINCING}
    return chosen


def _strength(shot: Shot, seen: set[tuple[str, int]]) -> float:
    return sum(
        row[4] * (_SEEN_BEFORE if (part.kind, int(row[5])) in seen else 1)
        for part in shot.expected
        for row in part.rows
    )


def _highest(shot: Shot) -> float:
    return max((row[4] for part in shot.expected for row in part.rows), default=0.0)
