"""Tuning finds what the defaults lose, never makes anything worse, and says whether it holds."""

import json
from dataclasses import replace

import numpy as np
import pytest
from tune_scenes import ghostly

pytest.importorskip("optuna", reason="needs the tune extra")
pytest.importorskip("trackeval", reason="needs the tune extra")

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.tune import TuneSequence, tune
from numa_benchmarks.tune.evaluator import follow, score
from numa_benchmarks.tune.metric import TuneMetric
from numa_runtime.errors import TrackerError, UsageError
from numa_runtime.tracking import Tracker, load_params
from numa_runtime.tracking.config import TrackerName
from numa_runtime.tracking.params import BotSortParams


@pytest.fixture(scope="module")
def clips():
    return [ghostly(name, seed) for seed, name in enumerate("abcd")]


@pytest.fixture(scope="module")
def report(clips):
    return tune("bytetrack", clips, trials=16, folds=2)


def test_ghosts_go_and_stay_away_on_unseen_clips(report):
    assert report.seen.gain(TuneMetric.HOTA) > 1
    assert report.seen.tuned.false_positives < 0.5 * report.seen.default.false_positives
    assert report.tuned.birth_thresh > report.default.birth_thresh or report.tuned.track_high_thresh > 0.4
    assert report.unseen.how == "2 folds"
    assert report.unseen.clips == 4
    assert report.holds
    assert any("the gain holds" in remark for remark in report.remarks())


def test_reported_figures_are_those_of_the_parameters(report, clips):
    again = score(clips, [report.tuned] * 4)
    assert report.seen.tuned == again.combined
    assert report.seen.default == score(clips, [load_params("bytetrack")] * 4).combined


def test_what_did_it_is_named_and_the_rest_stays(report):
    changed = [change for change in report.changes if change.tuned != change.default]
    assert changed
    assert all(change.worth > 0 for change in changed)
    assert all(change.worth is None for change in report.changes if change.tuned == change.default)
    assert len(changed) < len(report.changes), "parameters that change nothing go back"
    assert {change.name for change in report.changes} >= {"match_thresh", "track_low_thresh"}


def test_the_same_seed_gives_the_same_result(report, clips):
    again = tune("bytetrack", clips, trials=16, folds=2)
    assert again.tuned == report.tuned
    assert {**again.to_dict(), "seconds": 0} == {**report.to_dict(), "seconds": 0}


@pytest.mark.parametrize("metric", ["idf1", "mota"])
def test_other_metrics(clips, metric):
    report = tune("bytetrack", clips[:2], metric=metric, trials=15, folds=0)
    assert report.seen.gain(TuneMetric(metric)) > 0
    assert report.unseen is None
    assert report.holds is None
    assert any("not checked" in remark for remark in report.remarks())


@pytest.mark.parametrize("seed", range(3))
def test_the_start_is_never_beaten_downwards(seed):
    """One trial is the start itself, and a start that is good already is kept."""
    clips = [ghostly("x", seed, clutter=0), ghostly("y", seed + 9, clutter=0)]
    one = tune("bytetrack", clips, trials=1, folds=0, seed=seed)
    assert one.tuned == one.default == load_params("bytetrack")
    assert any("nothing better" in remark for remark in one.remarks())
    some = tune("bytetrack", clips, trials=6, folds=0, seed=seed)
    assert some.seen.gain(TuneMetric.HOTA) >= 0


def test_held_out_clips_are_not_tuned_on(clips):
    report = tune("bytetrack", clips, trials=15, holdout=["b", "d"])
    assert report.sequences == ("a", "c")
    assert report.unseen.how == "held out"
    assert report.unseen.clips == 2
    assert report.unseen.tuned == score([clips[1], clips[3]], [report.tuned] * 2)
    alone = tune("bytetrack", [clips[0], clips[2]], trials=15, folds=0)
    assert alone.tuned == report.tuned


def test_one_clip_is_cut_in_time():
    report = tune("bytetrack", [ghostly(frames=150, clutter=60)], trials=12, folds=3)
    assert report.unseen.how == "3 parts of one clip"
    assert any("the same clip" in remark for remark in report.remarks())
    short = tune("bytetrack", [ghostly(frames=60)], trials=3)
    assert short.unseen is None


def test_only_some_parameters_from_a_start_of_ones_own(clips):
    start = load_params("bytetrack", match_thresh=0.7)
    report = tune(start, clips[:1], trials=10, folds=0, only=["track_high_thresh", "new_track_thresh"])
    assert {change.name for change in report.changes} == {"track_high_thresh", "new_track_thresh"}
    assert report.default == start
    assert report.tuned.match_thresh == 0.7


def test_ctrl_c_keeps_the_best_so_far(clips):
    calls = []

    def interrupt(done, planned, words):
        calls.append((done, planned, words))
        if done == 8:
            raise KeyboardInterrupt

    report = tune("bytetrack", clips, trials=40, folds=2, progress=interrupt)
    assert report.trials == 8
    assert report.stopped == "interrupted"
    assert report.unseen is None
    assert report.seen.gain(TuneMetric.HOTA) >= 0
    assert "Ctrl-C ended the search after 8 of 40 trials" in report.remarks()[0]
    assert calls[-1][1] == 120
    assert calls[-1][2].startswith("tuning: HOTA ")
    first = report.changes[0]
    assert first.tuned != first.default, "what changed stands first, although nobody measured what it is worth"
    assert f"{first.tuned:g}" in next(line for line in report.lines() if line.startswith(first.name))


def test_ctrl_c_in_the_check_keeps_the_search(clips):
    def interrupt(done, planned, words):
        if done == 16:
            raise KeyboardInterrupt

    report = tune("bytetrack", clips, trials=12, folds=2, progress=interrupt)
    assert report.trials == 12
    assert report.unseen is None
    assert "Ctrl-C ended the check on unseen clips" in report.remarks()


def test_a_time_limit_ends_it(clips):
    report = tune("bytetrack", clips[:2], trials=10**6, folds=0, timeout=0.5)
    assert 1 <= report.trials < 10**6
    assert report.stopped == "timeout"


def test_text_and_json(report):
    text = "\n".join(report.lines())
    assert text.startswith("bytetrack tuned for HOTA on 4 sequences (240 frames): 16 trials")
    for word in ("default", "tuned", "gain", "IDSW", "not seen while tuning (2 folds)", "worth HOTA"):
        assert word in text
    data = json.loads(json.dumps(report.to_dict()))
    assert data["metric"] == "hota"
    assert data["holds"] is True
    assert [(row["clips"], row["parameters"]) for row in data["rows"]] == [
        ("tuned on", "default"),
        ("tuned on", "tuned"),
        ("not seen", "default"),
        ("not seen", "tuned"),
    ]
    assert data["gain_points"] == pytest.approx(data["rows"][1]["hota"] - data["rows"][0]["hota"])
    assert {"name", "default", "tuned", "worth_points"} == set(data["changes"][0])


def test_what_cannot_be_tuned(clips):
    with pytest.raises(UsageError, match=r"there is no metric 'hotta' to tune for \(did you mean 'hota'\?\)"):
        tune("bytetrack", clips, metric="hotta")
    with pytest.raises(DataError, match="no sequences to tune on"):
        tune("bytetrack", [])
    with pytest.raises(DataError, match="the sequence a comes twice"):
        tune("bytetrack", [clips[0], clips[0]])
    with pytest.raises(UsageError, match="trials is 0"):
        tune("bytetrack", clips, trials=0)
    with pytest.raises(UsageError, match="folds is 1"):
        tune("bytetrack", clips, folds=1)
    with pytest.raises(UsageError, match="timeout is 0"):
        tune("bytetrack", clips, timeout=0)
    with pytest.raises(TrackerError, match="there is no tracker 'bitetrack'"):
        tune("bitetrack", clips)
    with pytest.raises(UsageError, match="--holdout z: there is no such sequence"):
        tune("bytetrack", clips, holdout=["z"])


def test_trackers_that_look_at_more_than_boxes(clips, caplog):
    with pytest.raises(UsageError, match="botsort with with_reid=True cannot be tuned"):
        tune(BotSortParams(with_reid=True), clips)
    if "botsort" not in [name.value for name in TrackerName]:
        return
    tune("botsort", clips[:1], trials=2, folds=0)
    assert caplog.text.count("botsort is tuned as if the camera stood still") == 1
    caplog.clear()
    tune(load_params("botsort", gmc_method="none"), clips[:1], trials=2, folds=0)
    assert not caplog.text


@pytest.mark.parametrize("tracker", [name.value for name in TrackerName if "ball" not in name.value])
def test_every_tracker_can_be_tuned(clips, tracker):
    report = tune(tracker, clips[:2], trials=4, folds=0)
    assert report.tracker == tracker
    assert report.seen.gain(TuneMetric.HOTA) >= 0


def test_the_cameras_motion_is_given_to_the_tracker(clips):
    """Tracks of a still world seen by a camera that moves 30 px a frame hold together only with it."""
    warp = np.array([[1.0, 0, 30], [0, 1, 0]])
    still = clips[0]
    moved = tuple(rows + np.array([30, 0, 30, 0, 0, 0]) * frame for frame, rows in enumerate(still.detections))
    shift = np.stack([30.0 * (still.truth.frame - 1), *np.zeros((3, len(still.truth)))], axis=1)
    truth = replace(still.truth, ltwh=still.truth.ltwh + shift)
    blind = TuneSequence("blind", truth, moved)
    seeing = replace(blind, name="seeing", warps=np.repeat(warp[None], still.frames, 0))
    params = BotSortParams()
    tracker = Tracker("bytetrack")
    tracker.params = params  # what asks for the motion; bytetrack's own filter is warped alike
    boxes = [len(follow(tracker, each)) for each in (blind, seeing)]
    assert boxes[1] > 0.8 * len(truth)
    assert boxes[0] < 0.4 * boxes[1]
