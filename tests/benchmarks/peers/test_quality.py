"""Labelled sequences through adapters that are perfect, miss, break or are not there; real processes."""

import json
import tarfile

import numpy as np
import pytest
from support import shared_data

pytest.importorskip("trackeval", reason="needs the eval extra")

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.metrics.mot_folders import pair_detections
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.failure import Status
from numa_peers.catalogue import PEERS
from numa_peers.contest import Rules, hold
from numa_peers.environment import Environment, Install, default_home
from numa_peers.league import League
from numa_peers.quality import judge
from numa_peers.thresholds import PUBLISHED, USUAL

PLACE = {"cpu": "a slide rule", "date": "2026-11-28"}
NOWHERE = Environment("theirs", (Install(("nothing",)),))


def sequence(name, frames=12, objects=3, score=0.9):
    """Return objects that walk to the right, detected where they are, in the order of their ids."""
    frame, which = (part.ravel() for part in np.mgrid[1 : frames + 1, 1 : objects + 1])
    ltwh = np.column_stack([200.0 * which + 2.0 * frame, 100.0 * which, np.full(len(frame), 50.0), which * 0 + 120.0])
    truth = MotTable.of(frame, which, ltwh)
    return MotSequence(name, truth, MotTable.of(frame, which * 0 - 1, ltwh, conf=np.full(len(frame), score)), frames)


def test_all_are_scored_on_all_sequences_and_who_is_not_there_says_so(fake, tmp_path):
    notes, done = [], []
    peers = (fake("perfect"), fake("misses", "rows = rows[:2]"), fake("gone", environment=NOWHERE))
    watch = Watch(notes.append, lambda *step: done.append(step))
    found = judge(peers, [sequence("a"), sequence("b", frames=20, objects=5)], tmp_path, 60, watch=watch)
    perfect, misses, gone = found.rows
    assert (perfect.scores.hota, perfect.scores.mota, perfect.scores.idf1) == pytest.approx((100, 100, 100))
    assert misses.scores.mota == pytest.approx(100 * (2 * 12 + 2 * 20) / (3 * 12 + 5 * 20))
    assert (gone.scores, gone.words) == (None, "not installed: run with --setup first")
    assert (found.sequences, found.frames, found.half) == (("a", "b"), 32, False)
    assert notes == [f"{name}: tracking 2 sequences" for name in ("perfect", "misses", "gone")]
    assert done == [(1, 3), (2, 3), (3, 3)]


def test_of_second_halves_only_those_are_tracked(fake, tmp_path):
    peer = fake("counts", "assert tracker.frames <= 5")
    found = judge([peer], [sequence("a")], tmp_path, 60, half=True)
    assert found.frames == 5
    assert found.rows[0].scores.frames == 5
    assert "the second halves of a, 5 frames" in found.footnote()


def test_what_goes_wrong_is_the_row_s_reason(fake, tmp_path):
    peers = (
        fake("breaks", "if len(rows) > 3: raise ValueError('too many')"),
        fake("twice"),
        fake("fine"),
    )
    twice = peers[1].script
    twice.write_text(twice.read_text().replace("np.arange(1, len(found) + 1)", "np.ones(len(found))"))
    breaks, twice, fine = judge(peers, [sequence("a"), sequence("b", objects=4)], tmp_path, 60).rows
    assert breaks.words == "failed: ValueError: too many"
    assert twice.words == "failed: a: the result has id 1 more than once in frame 1"
    assert fine.scores.hota == pytest.approx(100)


@pytest.mark.slow
def test_who_is_silent_for_too_long_is_not_waited_for(fake, tmp_path):
    peers = (fake("hangs", "if tracker.frames > 5: time.sleep(600)"), fake("slow", "time.sleep(3)"))
    for row in judge(peers, [sequence("a")], tmp_path, 10).rows:
        assert row.failure.status is Status.TIMEOUT


def test_adapters_are_told_the_thresholds(fake, tmp_path):
    peer = fake("strong", "rows = rows[rows[:, 4] >= tracker.thresholds.high]")
    weak = [sequence("a", score=0.5)]
    assert judge([peer], weak, tmp_path, 60, thresholds=PUBLISHED).rows[0].scores.mota == 0
    usual = judge([peer], weak, tmp_path, 60, thresholds=USUAL)
    assert usual.rows[0].scores.mota == pytest.approx(100)
    assert usual.to_dict()["thresholds"] == {"high": 0.25, "birth": 0.25, "match": 0.8, "buffer": 30}


def test_quality_stands_beside_speed(fake, tmp_path):
    peers = (
        fake("both"),
        fake("quick only", "if len(rows) > 8: raise ValueError('a crowd')"),
        fake("gone", environment=NOWHERE),
    )
    rules = Rules((3,), rounds=1, frames=6)
    judgement = judge(peers, [sequence("a", objects=9)], tmp_path, 60)
    league = League(hold(peers, rules, tmp_path), rules, PLACE, judgement)
    lines = league.lines()
    assert lines[0].split()[-3:] == ["HOTA", "MOTA", "IDF1"]
    assert lines[1].split()[-3:] == ["100.00", "100.00", "100.00"]
    assert lines[2].split()[-3:] == ["-", "-", "-"]
    assert "quick only on the sequences: failed: ValueError: a crowd" in lines
    markdown = league.markdown()
    assert "- gone: not installed: run with --setup first" in markdown
    assert judgement.footnote() in markdown
    figures = json.loads(json.dumps(league.to_dict()))
    assert [row["status"] for row in figures["quality"]["rows"]] == ["ok", "failed", "unavailable"]
    assert figures["quality"]["rows"][0]["hota"] == pytest.approx(100)


def test_quality_alone_is_a_table_too(fake, tmp_path):
    rules = Rules(())
    league = League((), rules, PLACE, judge([fake("one")], [sequence("a")], tmp_path, 60))
    assert league.lines()[0].split() == ["tracker", "version", "in", "HOTA", "MOTA", "IDF1"]
    assert not any("microseconds" in line for line in league.lines())


@pytest.mark.peers
def test_the_reference_step_by_step_scores_what_the_reference_does(tmp_path):
    """HOTA 67.803, MOTA 77.790, IDF1 79.893, on detections before they were rounded (`test_tracker_quality`)."""
    peer = next(peer for peer in PEERS if peer.name == "pyxtrackers")
    if not peer.environment.ready(default_home()):
        pytest.skip("pyxtrackers is not installed: python benchmarks/peers/track.py --setup (or set NUMA_PEERS)")
    for name in ("MOT17-dets-yolox_x_ablation", "MOT17-train"):
        with tarfile.open(shared_data("mot", f"{name}.tar.xz")) as archive:
            archive.extractall(tmp_path, [m for m in archive.getmembers() if "/det/" not in m.name], filter="data")
    sequences = pair_detections(tmp_path / "MOT17-train", tmp_path / "MOT17-dets-yolox_x_ablation")
    scores = judge([peer], sequences, default_home(), 120, half=True).rows[0].scores
    assert (scores.hota, scores.mota, scores.idf1) == pytest.approx((67.803, 77.790, 79.893), abs=0.4)
