"""`tune`: search a tracker's parameters on labelled clips, and see whether they hold on clips it did not see."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.tune.evaluator import Evaluator, moves_with_camera, score
from numa_benchmarks.tune.folds import Fold, hold_out, make_folds
from numa_benchmarks.tune.metric import TuneMetric
from numa_benchmarks.tune.sequence import TuneSequence
from numa_benchmarks.tune.space import Space, search_space
from numa_benchmarks.tune.tune_job import TuneJob, TuneProgress
from numa_benchmarks.tune.tune_report import Comparison, ParameterChange, TuneReport, Unseen
from numa_runtime.errors import UsageError
from numa_runtime.tracking import load_params
from numa_runtime.tracking.params import TrackerParams
from numa_runtime.tracking.score_thresholds import choose_thresholds, spread

log = logging.getLogger("numa_runtime")

SHORTEST_PART = 50
"""Frames: a clip is not cut into parts shorter than this, which would say nothing about tracks."""

MOST_TRIALS = 1_000_000
"""A search of more would not end."""

Tuned = list[tuple[TuneSequence, TrackerParams]]


def tune(
    tracker: str | Path | TrackerParams,
    sequences: Sequence[TuneSequence],
    *,
    metric: TuneMetric | str = TuneMetric.HOTA,
    trials: int = 100,
    folds: int = 3,
    holdout: Sequence[str] = (),
    only: Sequence[str] = (),
    timeout: float | None = None,
    seed: int = 0,
    rules: MotRules = MotRules.AUTO,
    progress: TuneProgress | None = None,
) -> TuneReport:
    """Search the parameters of a tracker for the best `metric`.

    The result is tuned on all sequences, and is never worse there than the start. Whether such tuning holds elsewhere
    is measured by tuning again without some of the sequences, each time with as many trials; or, with `holdout`, by
    never tuning on some of them. The same seed gives the same result, unless time ran out. Ctrl-C ends the search and
    keeps what was found.

    Args:
        tracker: a name, a YAML or parameters: the start.
        sequences: ground truth and detections of each clip.
        metric: what is tuned for.
        trials: number of trials of each search.
        folds: how often the tuning is repeated without some of the sequences (0: not at all; one clip is cut in time).
        holdout: names of sequences that are never tuned on.
        only: names of parameters to search.
        timeout: seconds for all of it.
        seed: of the search.
        rules: which rows of the ground truth count.
        progress: told how far the tuning is.

    Raises:
        UsageError: an unknown metric, sequence or parameter, or numbers that make no sense.
        TrackerError: an unknown tracker, or a YAML that cannot be read.
        DataError: sequences that cannot be scored.
        MissingExtra: optuna or trackeval is not installed.
    """
    chosen = TuneMetric.parse(str(metric))
    start = load_params(tracker)
    _check_numbers(sequences, trials, folds, timeout)
    _check_needs(start, sequences)
    space = search_space(start, classes=len(frozenset().union(*(each.classes for each in sequences))), only=only)
    space = replace(space, proposed=_proposed(start, sequences))
    fold = hold_out([each.name for each in sequences], holdout) if holdout else Fold(tuple(range(len(sequences))), ())
    seen = [sequences[clip] for clip in fold.seen]
    before = score(seen, [start] * len(seen), rules).combined  # first: TrackEval says what is wrong with the data

    evaluator = Evaluator(sequences, chosen, rules)
    clips, checks = ((), ()) if holdout else _checks(sequences, folds)
    job = TuneJob(space, trials, seed, 1 + len(checks), timeout, progress)
    found = job.search(evaluator, fold.seen)
    parts_apart = len(sequences) == 1
    if holdout:
        unseen = _unseen(start, [(sequences[clip], found.params) for clip in fold.unseen], "held out", rules)
    else:
        others = job.check(Evaluator(clips, chosen, rules) if parts_apart else evaluator, checks)
        how = f"{len(checks)} {'parts of one clip' if parts_apart else 'folds'}"
        unseen = _unseen(start, [(clips[clip], params) for clip, params in others.items()], how, rules, parts_apart)
    return TuneReport(
        metric=chosen,
        default=start,
        tuned=found.params,
        sequences=tuple(each.name for each in seen),
        frames=sum(each.frames for each in seen),
        seen=Comparison(before, score(seen, [found.params] * len(seen), rules).combined),
        unseen=unseen,
        changes=_changes(space, found.params, found.worth),
        trials=found.trials,
        planned=trials,
        pruned=found.pruned,
        seed=seed,
        seconds=job.seconds,
        stopped=job.stopped,
    )


def _proposed(start: TrackerParams, sequences: Sequence[TuneSequence]) -> Mapping[str, float]:
    """Return the thresholds that the scores propose, if any, and say them: they are tried early."""
    frames = [rows for each in sequences for rows in each.detections]
    scores = np.concatenate([frames[index][:, 4] for index in spread(len(frames)).tolist()])
    chosen = choose_thresholds(scores, fused=getattr(start, "fuse_score", False))
    if chosen.values:
        log.info("thresholds auto: %s", chosen.said)
    return chosen.values


def _check_numbers(sequences: Sequence[TuneSequence], trials: int, folds: int, timeout: float | None) -> None:
    if not sequences:
        raise DataError("there are no sequences to tune on")
    names = [each.name for each in sequences]
    if len(set(names)) < len(names):
        raise DataError(f"the sequence {next(name for name in names if names.count(name) > 1)} comes twice")
    if trials < 1:
        raise UsageError(f"trials is {trials}; it must be 1 or more", hint="--trials 100")
    if trials > MOST_TRIALS:
        raise UsageError(
            f"trials is {trials}; it must be {MOST_TRIALS} or less", hint="--timeout SECONDS ends a search"
        )
    if folds < 0 or folds == 1:
        raise UsageError(f"folds is {folds}; it must be 2 or more, or 0 for no check", hint="--folds 3")
    if timeout is not None and not timeout > 0:
        raise UsageError(f"timeout is {timeout:g}; it must be more than 0 seconds", hint="--timeout 600")


def _check_needs(start: TrackerParams, sequences: Sequence[TuneSequence]) -> None:
    """Report what the tracker would use in addition to boxes, and tuning cannot give it."""
    if getattr(start, "with_reid", False):
        raise UsageError(
            f"{start.tracker_type} with with_reid=True cannot be tuned: only boxes are given, no appearance",
            hint="tune with with_reid: False, and set it afterwards",
        )
    if moves_with_camera(start) and any(each.warps is None for each in sequences):
        log.warning(
            "%s is tuned as if the camera stood still: there are no frames to see its motion in; "
            "--source clip.mp4 --model best.onnx gives them, gmc_method: none keeps it so",
            start.tracker_type,
        )


def _checks(sequences: Sequence[TuneSequence], folds: int) -> tuple[Sequence[TuneSequence], tuple[Fold, ...]]:
    """Return clips and how they are split: the sequences, or the parts of the only one."""
    if len(sequences) > 1 or not folds:
        return sequences, make_folds(len(sequences), folds)
    parts = min(folds, sequences[0].frames // SHORTEST_PART)
    if parts < 2:
        return sequences, ()
    try:
        return sequences[0].cut(parts), make_folds(parts, parts)
    except DataError:  # nothing is labelled in one of them
        return sequences, ()


def _unseen(start: TrackerParams, tuned: Tuned, how: str, rules: MotRules, parts: bool = False) -> Unseen | None:
    """Compare start and tuned on clips that were not tuned on, each with what was tuned without it.

    `parts` says that they are parts of one clip.
    """
    if not tuned:
        return None
    clips = [clip for clip, _ in tuned]
    before = score(clips, [start] * len(clips), rules)
    after = score(clips, [params for _, params in tuned], rules)
    return Unseen(before, after, how, independent=not parts)


def _changes(space: Space, params: TrackerParams, worth: dict[str, float]) -> tuple[ParameterChange, ...]:
    """Return the searched parameters: changed ones first, by what they are worth."""
    changes = [
        ParameterChange(axis.name, getattr(space.start, axis.name), getattr(params, axis.name), worth.get(axis.name))
        for axis in space.axes
    ]
    return tuple(sorted(changes, key=lambda each: (each.tuned == each.default, -(each.worth or 0.0))))
