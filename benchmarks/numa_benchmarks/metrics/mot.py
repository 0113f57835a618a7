"""HOTA, MOTA, IDF1 and identity switches, computed by TrackEval on tables instead of folders.

HOTA: Luiten et al., IJCV 2021. CLEAR (MOTA): Bernardin and Stiefelhagen, 2008. Identity (IDF1): Ristani et al., 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.grid import Grid, GridRow
from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.left_out import LeftOut
from numa_benchmarks.metrics.mot_counts import Counts, counts_of
from numa_benchmarks.metrics.mot_rules import CLASSES, MotRules, has_classes
from numa_benchmarks.metrics.mot_sequence import MotSequence

COMBINED = "COMBINED"


@dataclass(frozen=True, slots=True)
class MotScores:
    """One sequence's figures, or all sequences' together; the ratios are percent, as TrackEval prints them."""

    name: str
    frames: int
    hota: float
    deta: float
    assa: float
    mota: float
    motp: float
    idf1: float
    id_switches: int
    fragments: int
    false_positives: int
    false_negatives: int
    truth_boxes: int
    result_boxes: int
    truth_ids: int
    result_ids: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values under the keys of `--json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MotReport:
    """The figures of each sequence and of all together (counts added up, not ratios averaged).

    Attributes:
        sequences: one row each.
        combined: all together.
        rules: which rows of the ground truth counted, by sequence.
        asked: whether the rules were asked for rather than recognised.
        left_out: rows, sequences and results that do not count in the figures.
        counts: what the figures are made from, by sequence.
        classes: the figures of each class, all sequences together, where ground truth and results tell classes.
    """

    sequences: tuple[MotScores, ...]
    combined: MotScores
    rules: Mapping[str, MotRules] = field(default_factory=dict)
    asked: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)
    counts: Mapping[str, Counts] = field(default_factory=dict, repr=False, compare=False)
    classes: tuple[MotScores, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing was left out that is wrong."""
        return not self.left_out.faulty

    def to_dict(self) -> dict[str, Any]:
        """Return the combined figures with one row per sequence."""
        rows = [{**scores.to_dict(), "rules": str(self.rules[scores.name])} for scores in self.sequences]
        rules = sorted({row["rules"] for row in rows})
        classes = {"classes": [scores.to_dict() for scores in self.classes]} if self.classes else {}
        return {**self.combined.to_dict(), "rules": rules, **classes, **self.left_out.to_dict(), "rows": rows}

    def lines(self, width: int | None = None) -> list[str]:
        """Return the tables, in lines of at most `width`; then the rules, and what was left out."""
        lines = _grid([*self.sequences, self.combined]).lines(width)
        if self.classes:
            lines += ["", *_grid(self.classes, "class").lines(width), ""]
        return [*lines, *self._rules(), *self.left_out.lines()]

    def _rules(self) -> list[str]:
        names: dict[MotRules, list[str]] = {}
        for name, rules in self.rules.items():
            names.setdefault(rules, []).append(name)
        why = "as asked" if self.asked else "by the data's names; --rules mot17, mot20 or none says otherwise"
        several = len(names) > 1
        return [
            f"rules {rules}: {rules.said} ({', '.join(of) + ', ' if several else ''}{why})"
            for rules, of in names.items()
        ]


def score_mot(
    sequences: Sequence[MotSequence],
    *,
    half: bool = False,
    result_from_one: bool = False,
    rules: MotRules = MotRules.AUTO,
    left_out: LeftOut | None = None,
) -> MotReport:
    """Score tracking results against ground truth.

    Args:
        sequences: each with its truth and its result.
        half: score the second half of each sequence only (`MotSequence.second_half`), for detectors trained on the
            first halves.
        result_from_one: see `MotSequence.second_half`.
        rules: which rows of the ground truth count.
        left_out: what could not be used when they were read, for the report.

    Raises:
        DataError: no sequences, an identity twice in a frame, or results beyond a sequence's end.
        MissingExtra: trackeval is not installed.
    """
    from numa_benchmarks.metrics.mot_classes import class_results
    from numa_benchmarks.metrics.trackeval_bridge import combine, evaluate

    if not sequences:
        raise DataError("there are no sequences to score")
    results: dict[str, Mapping[str, Any]] = {}
    ready: list[MotSequence] = []
    settled = {sequence.name: rules.settle(sequence.challenge or sequence.name) for sequence in sequences}
    for given in sequences:
        sequence = given.second_half(result_from_one=result_from_one) if half else given
        _check(sequence)
        ready.append(sequence)
        _check_classes(given, settled[given.name])
        if sequence.name in results:
            raise DataError(f"the sequence {sequence.name} comes twice")
        results[sequence.name] = evaluate(
            sequence.name, sequence.truth, sequence.result, sequence.length, settled[given.name].benchmark
        )
    rows = tuple(_scores(name, result) for name, result in results.items())
    asked = rules is not MotRules.AUTO
    by_class = class_results(ready) if set(settled.values()) == {MotRules.NONE} else {}
    return MotReport(
        rows,
        _scores(COMBINED, combine(results)),
        settled,
        asked,
        left_out or LeftOut(),
        {name: counts_of(result) for name, result in results.items()},
        tuple(_scores(name, result) for name, result in by_class.items()),
    )


def _check(sequence: MotSequence) -> None:
    for what, table in (("ground truth", sequence.truth), ("result", sequence.result)):
        if table.last_frame > sequence.length:
            raise DataError(
                f"{sequence.name}: the {what} goes to frame {table.last_frame}, the sequence ends at {sequence.length}",
                hint="are the results of the whole sequence, and numbered from 1?",
            )
        pairs = np.stack([table.frame, table.id], axis=1)
        unique, counts = np.unique(pairs, axis=0, return_counts=True)
        if len(unique) < len(pairs):
            frame, track = unique[counts > 1][0]
            raise DataError(f"{sequence.name}: the {what} has id {track} more than once in frame {frame}")


def _check_classes(sequence: MotSequence, rules: MotRules) -> None:
    kinds = sequence.truth.kind
    if rules is MotRules.NONE or has_classes(sequence.truth):
        return
    other = kinds[~np.isin(kinds, CLASSES)][0]
    raise DataError(
        f"{sequence.name}: the rules of {rules} go by classes 1 to 13, and its ground truth has {other:g}",
        hint="--rules none scores every row",
    )


def _scores(name: str, result: Mapping[str, Any]) -> MotScores:
    hota, clear, identity = result["HOTA"], result["CLEAR"], result["Identity"]

    def percent(value: float | NDArray[np.float64]) -> float:
        return 100.0 * float(np.mean(value))

    return MotScores(
        name=name,
        frames=int(result["frames"]),
        hota=percent(hota["HOTA"]),
        deta=percent(hota["DetA"]),
        assa=percent(hota["AssA"]),
        mota=percent(clear["MOTA"]),
        motp=percent(clear["MOTP"]),
        idf1=percent(identity["IDF1"]),
        id_switches=int(clear["IDSW"]),
        fragments=int(clear["Frag"]),
        false_positives=int(clear["CLR_FP"]),
        false_negatives=int(clear["CLR_FN"]),
        truth_boxes=int(clear["CLR_TP"] + clear["CLR_FN"]),
        result_boxes=int(clear["CLR_TP"] + clear["CLR_FP"]),
        truth_ids=int(result["truth_ids"]),
        result_ids=int(result["result_ids"]),
    )


_HEADINGS = ("HOTA", "DetA", "AssA", "MOTA", "IDF1", "IDSW", "Frag", "FP", "FN")


def _grid(scores: Iterable[MotScores], what: str = "sequence") -> Grid:
    return Grid((what, *_HEADINGS), tuple(GridRow((row.name, *_cells(row))) for row in scores))


def _cells(row: MotScores) -> tuple[str, ...]:
    ratios = (row.hota, row.deta, row.assa, row.mota, row.idf1)
    counts = (row.id_switches, row.fragments, row.false_positives, row.false_negatives)
    return (*(f"{value:.3f}" for value in ratios), *map(str, counts))
