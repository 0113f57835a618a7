"""Recomputing a golden sample: `numa-deploy check FILE`, on any backend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ContractError, NumaError
from numa_runtime.golden import agreement, levels
from numa_runtime.golden.making import Runner, classes_of
from numa_runtime.golden.pairing import difference, pair
from numa_runtime.golden.report import GoldenReport, Measured
from numa_runtime.golden.rows import Rows, rows_of
from numa_runtime.golden.sample import Expected, GoldenSample, Shot
from numa_runtime.golden.tolerance import GoldenTolerance

_UNSEEN_IN_VERSION_1 = ("an edited contract", "classes that its one picture does not show", "colours, if that is grey")


def check_session(session: Runner) -> GoldenReport:
    """Recompute the golden sample that the session's artifact carries.

    Raises:
        ContractError: the artifact carries none, or a damaged one.
    """
    text = session.golden
    if text is None:
        raise ContractError(
            "the artifact carries no golden sample, so there is nothing to recompute",
            hint="adopted files carry one: numa-deploy adopt --help",
        )
    return check_sample(session, GoldenSample.from_text(text))


def check_sample(session: Runner, sample: GoldenSample) -> GoldenReport:
    """Recompute a sample in a session and compare, for every picture and every place in the batch."""
    spec = session.spec
    changes = _changes(sample, spec)
    try:
        parts = [part for batch in _answers(session, sample) for part in batch]
    except NumaError as error:
        if not changes:
            raise
        what = f"the contract was changed since the file was proved: {'; '.join(changes)}; so {error.what}"
        raise ContractError(what, hint="write the artifact again (numa-deploy export or adopt)") from error
    return GoldenReport(
        expected=sum(part.expected for part in parts),
        matched=sum(part.matched for part in parts),
        share=sample.tolerance.share,
        measured=_worst([number for part in parts for number in part.measured]),
        made_by=sample.backend,
        changes=changes,
        version=sample.version,
        pictures=len(sample.shots),
        unseen=_UNSEEN_IN_VERSION_1 if sample.version == 1 else tuple(_unseen(sample, spec)),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    expected: int
    matched: int
    measured: tuple[Measured, ...]


def _answers(session: Runner, sample: GoldenSample) -> Iterator[list[_Part]]:
    count = 0
    for batch in sample.batches(session.spec.input):
        outputs = session.run(batch)
        for item in range(len(batch)):
            shot = sample.shots[count % len(sample.shots)]
            yield _compare(shot, outputs, item, session.spec, sample.tolerance)
            count += 1


def _compare(
    shot: Shot, outputs: Mapping[str, NDArray[Any]], item: int, spec: ModelSpec, limits: GoldenTolerance
) -> list[_Part]:
    found = {rows.kind: rows for rows in rows_of(outputs, item)}
    missing = [part.kind for part in shot.expected if part.kind not in found]
    if missing:
        raise ContractError(f"the golden sample expects {missing[0]}, which the artifact does not give")
    return [_compare_kind(part, found[part.kind], spec, limits) for part in shot.expected]


def _compare_kind(part: Expected, found: Rows, spec: ModelSpec, limits: GoldenTolerance) -> _Part:
    expected = part.to_rows()
    got = Rows(found.kind, found.geometry, found.best[:, None], found.classes, found.keypoints, found.frame)
    pairs = pair(expected, got, iou=limits.iou)
    errors = difference(expected, got, pairs)
    mean = float(found.best.mean()) if len(found) else 0.0
    measured = [
        Measured(part.kind, _max(errors.geometry), limits.geometry_px, "px"),
        Measured("scores", _max(errors.scores), limits.scores),
        Measured("mean score", abs(mean - part.mean_score) / max(part.mean_score, 1e-6), limits.mean_score, "relative"),
    ]
    if part.keypoints:
        measured.append(Measured("keypoints", _max(errors.keypoints), limits.keypoints_px, "px"))
    if part.levels and len(_levels(part)) == classes_of(spec, part.kind):
        measured.append(_class_scores(part, found, spec, limits))
    return _Part(len(expected), len(pairs.first), tuple(measured))


def _class_scores(part: Expected, found: Rows, spec: ModelSpec, limits: GoldenTolerance) -> Measured:
    """Return by how much the class that changed most did, relative to its score."""
    before = _levels(part)
    apart = np.abs(levels.class_levels(found, len(before)) - before)
    worst = int(apart.argmax())
    names = spec.ball_names if part.kind == "balls" else spec.names
    where = f" (class {worst}, {names[worst]})"
    return Measured("class scores", float(np.expm1(apart[worst])), limits.class_scores, "relative", where)


def _levels(part: Expected) -> levels.Levels:
    try:
        return levels.unpack(part.levels)
    except ValueError as error:
        raise ContractError(f"the golden sample is damaged: {error}", hint="write the artifact again") from error


def _changes(sample: GoldenSample, spec: ModelSpec) -> tuple[str, ...]:
    try:
        return agreement.changes(sample.contract, spec) if sample.contract else ()
    except ValueError as error:
        raise ContractError(f"the golden sample is damaged: {error}", hint="write the artifact again") from error


def _unseen(sample: GoldenSample, spec: ModelSpec) -> Iterator[str]:
    """Yield what the pictures leave open: finished rows say nothing of a class that none of them shows."""
    known: dict[str, NDArray[np.bool_]] = {}
    finished = ("balls",) if spec.layout.needs_nms else ("balls", "boxes")
    for part in (part for shot in sample.shots for part in shot.expected if part.levels and part.kind in finished):
        present = ~levels.is_absent(_levels(part))
        known[part.kind] = known.get(part.kind, present) | present
    for kind, present in known.items():
        if not present.all():
            yield f"an exchange among {int((~present).sum())} of {classes_of(spec, kind)} classes ({kind})"


def _worst(numbers: list[Measured]) -> tuple[Measured, ...]:
    """Return one number per name: the largest, NaN first."""
    worst: dict[str, Measured] = {}
    for number in numbers:
        before = worst.get(number.name)
        if before is None or not number.value <= before.value:
            worst[number.name] = number
    return tuple(worst.values())


def _max(errors: NDArray[np.float32]) -> float:
    return float(errors.max()) if errors.size else 0.0
