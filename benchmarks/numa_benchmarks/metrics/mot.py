"""HOTA, MOTA, IDF1 and identity switches, computed by TrackEval on tables instead of folders.

HOTA: Luiten et al., IJCV 2021. CLEAR (MOTA): Bernardin and Stiefelhagen, 2008. Identity (IDF1): Ristani et al., 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable

COMBINED = "COMBINED"


class MotRules(StrEnum):
    """How ground truth is read: `AUTO` sees classes where all are whole numbers of MOT16's list, else MOT15.

    MOT17 removes results that match a distractor (static person, reflection, ...) and scores pedestrians
    only; MOT20 counts vehicles as distractors too; MOT15 has no classes: every row with a confidence other
    than 0 is scored.
    """

    AUTO = "auto"
    MOT15 = "MOT15"
    MOT17 = "MOT17"
    MOT20 = "MOT20"

    def settle(self, truth: MotTable) -> MotRules:
        """Return the rules for this ground truth."""
        if self is not MotRules.AUTO:
            return self
        known = np.isin(truth.kind, np.arange(1, 14))
        return MotRules.MOT17 if len(truth) and known.all() else MotRules.MOT15


@dataclass(frozen=True, slots=True)
class MotSequence:
    """Ground truth and result of one sequence; `frames` is its length (None: the last frame that is mentioned)."""

    name: str
    truth: MotTable
    result: MotTable
    frames: int | None = None

    @property
    def length(self) -> int:
        """The number of frames."""
        return self.frames if self.frames is not None else max(self.truth.last_frame, self.result.last_frame)

    def second_half(self, *, result_from_one: bool = False) -> MotSequence:
        """Return what the field calls half-val: the frames after length // 2 + 1, renumbered from 1.

        Args:
            result_from_one: the result is of the second half alone and numbered from 1 already (as ByteTrack writes
                it); otherwise it is cut like the truth.
        """
        cut = self.length // 2 + 1
        result = self.result if result_from_one else self.result.after(cut)
        return MotSequence(self.name, self.truth.after(cut), result, self.length - cut)


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
    """The figures of each sequence and of all together (counts added up, not ratios averaged)."""

    sequences: tuple[MotScores, ...]
    combined: MotScores

    def to_dict(self) -> dict[str, Any]:
        """Return the combined figures with one row per sequence."""
        return {**self.combined.to_dict(), "rows": [scores.to_dict() for scores in self.sequences]}

    def lines(self) -> list[str]:
        """Return the table as people read it, the combined row last."""
        return _table([*self.sequences, self.combined])


def score_mot(
    sequences: Sequence[MotSequence],
    *,
    half: bool = False,
    result_from_one: bool = False,
    rules: MotRules = MotRules.AUTO,
) -> MotReport:
    """Score tracking results against ground truth.

    Args:
        sequences: each with its truth and its result.
        half: score the second half of each sequence only (`MotSequence.second_half`), for detectors trained on the
            first halves.
        result_from_one: see `MotSequence.second_half`.
        rules: how ground truth is read.

    Raises:
        DataError: no sequences, an identity twice in a frame, or results beyond a sequence's end.
        MissingExtra: trackeval is not installed.
    """
    from numa_benchmarks.metrics.trackeval_bridge import combine, evaluate

    if not sequences:
        raise DataError("there are no sequences to score")
    results: dict[str, Mapping[str, Any]] = {}
    for given in sequences:
        sequence = given.second_half(result_from_one=result_from_one) if half else given
        _check(sequence)
        if sequence.name in results:
            raise DataError(f"the sequence {sequence.name} comes twice")
        results[sequence.name] = evaluate(
            sequence.name, sequence.truth, sequence.result, sequence.length, rules.settle(given.truth).value
        )
    rows = tuple(_scores(name, result) for name, result in results.items())
    return MotReport(rows, _scores(COMBINED, combine(results)))


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


def _table(rows: Iterable[MotScores]) -> list[str]:
    scores = list(rows)
    width = max(len("sequence"), *(len(row.name) for row in scores))
    lines = [f"{'sequence':<{width}}" + "".join(f"{heading:>9}" for heading in _HEADINGS)]
    for row in scores:
        ratios = "".join(f"{value:9.3f}" for value in (row.hota, row.deta, row.assa, row.mota, row.idf1))
        counts = (row.id_switches, row.fragments, row.false_positives, row.false_negatives)
        lines.append(f"{row.name:<{width}}{ratios}" + "".join(f"{count:9d}" for count in counts))
    return lines
