"""The search's figures are TrackEval's: array by array, and to the last digits."""

import tarfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared_data

pytest.importorskip("trackeval", reason="needs the tune extra")
pytest.importorskip("optuna", reason="needs the tune extra")

from numa_benchmarks.labels.mot import MotTable, read_mot
from numa_benchmarks.metrics.mot import score_mot
from numa_benchmarks.metrics.mot_rules import MotRules
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.metrics.trackeval_bridge import _arrays, _Tables
from numa_benchmarks.tune.families import join, measure
from numa_benchmarks.tune.metric import TuneMetric
from numa_benchmarks.tune.prepared import PreparedTruth

LISTS = ("gt_ids", "tracker_ids", "similarity_scores")
NUMBERS = ("num_gt_ids", "num_tracker_ids", "num_gt_dets", "num_tracker_dets", "num_timesteps")


def crowd(random, frames, people, *, classes):
    """Return boxes on a narrow strip, so that many overlap; ids are unique in a frame, rows in no order."""
    frame, person = (each.ravel() for each in np.meshgrid(np.arange(1, frames + 1), np.arange(people), indexing="ij"))
    keep = random.random(len(frame)) > 0.2
    frame, person = frame[keep], person[keep]
    ltwh = np.stack([20.0 * person + random.uniform(0, 25, len(frame)), random.uniform(0, 9, len(frame))], axis=1)
    ltwh = np.concatenate([ltwh, random.uniform(0, 40, (len(frame), 1)), random.uniform(20, 40, (len(frame), 1))], 1)
    ltwh[random.random(len(frame)) < 0.03, 2] = 0  # no area
    order = random.permutation(len(frame))
    kind = random.choice([1, 1, 1, 2, 6, 7, 12, 3], people)[person] if classes else np.full(len(frame), -1)
    conf = (random.random(people) > 0.2)[person].astype(float)
    return MotTable.of(frame[order], 7 * person[order] + 3, ltwh[order], conf=conf[order], kind=kind[order])


def pair(seed, frames=12, people=6):
    random = np.random.default_rng(seed)
    truth = crowd(random, frames, people, classes=bool(seed % 2))
    result = crowd(random, frames, people + 2, classes=False)
    if seed % 5 == 0:
        result = MotTable.empty()
    if seed % 7 == 0:
        truth = truth.select(truth.frame > 3)
    return truth, result, frames


@given(seed=st.integers(0, 10**6), rules=st.sampled_from([MotRules.NONE, MotRules.MOT17, MotRules.MOT20]))
@settings(max_examples=60, deadline=None)
def test_what_metrics_read_is_what_trackeval_prepares(seed, rules):
    truth, result, frames = pair(seed)
    if rules in (MotRules.MOT17, MotRules.MOT20) and not seed % 2:
        rules = MotRules.NONE  # no classes to go by
    ours = PreparedTruth(truth, frames, rules).compare(result)
    tables = _Tables(rules.benchmark)
    raw = {"num_timesteps": frames, "seq": "x", **_arrays(tables, truth, result, frames)}
    theirs = tables.get_preprocessed_seq_data(raw, "pedestrian")
    assert {key: ours[key] for key in NUMBERS} == {key: theirs[key] for key in NUMBERS}
    for key in LISTS:
        for one, two in zip(ours[key], theirs[key], strict=True):
            assert np.array_equal(one, two)


@pytest.mark.parametrize("metric", list(TuneMetric))
@given(seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=3, unique=True))
@settings(max_examples=25, deadline=None)
def test_values_are_trackevals(metric, seeds):
    scenes = [pair(seed) for seed in seeds]
    parts = [
        measure(metric, PreparedTruth(truth, frames, MotRules.NONE).compare(result)) for truth, result, frames in scenes
    ]
    report = score_mot([MotSequence(str(n), *scene) for n, scene in enumerate(scenes)], rules=MotRules.NONE)
    assert join(metric, parts) == pytest.approx(metric.of(report.combined), abs=1e-9)


def test_results_beyond_the_end_do_not_count():
    truth, result, frames = pair(1)
    short = PreparedTruth(truth.select(truth.frame <= 5), 5)
    assert short.compare(result)["num_tracker_dets"] <= (result.frame <= 5).sum()
    assert frames > 5


def test_values_are_trackevals_on_real_sequences(tmp_path):
    """MOT17's second halves, with distractors, as the published tracker followed them."""
    for archive, wanted in (("MOT17-train", "gt.txt"), ("MOT17-results", ".txt")):
        with tarfile.open(shared_data("mot", f"{archive}.tar.xz")) as tar:
            members = [each for each in tar.getmembers() if each.name.endswith(wanted) and "linking" not in each.name]
            tar.extractall(tmp_path, members, filter="data")
    scenes = []
    for path in sorted(tmp_path.rglob("bytetrack-python-halfval/MOT17-*.txt")):
        truth = read_mot(next(tmp_path.rglob(f"{path.stem}/gt/gt.txt")))
        cut = truth.last_frame // 2 + 1
        scenes.append((truth.after(cut), read_mot(path), truth.last_frame - cut))
    assert len(scenes) == 7
    report = score_mot([MotSequence(str(n), *scene) for n, scene in enumerate(scenes)], rules=MotRules.MOT17)
    data = [PreparedTruth(truth, frames, MotRules.MOT17).compare(result) for truth, result, frames in scenes]
    for metric in TuneMetric:
        parts = [measure(metric, each) for each in data]
        assert join(metric, parts) == pytest.approx(metric.of(report.combined), abs=1e-9)
        for part, row in zip(parts, report.sequences, strict=True):
            assert join(metric, [part]) == pytest.approx(metric.of(row), abs=1e-9)
