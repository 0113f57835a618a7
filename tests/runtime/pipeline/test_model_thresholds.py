"""A model whose contract carries the tracker's thresholds, through a run, its recording and its explanation."""

from dataclasses import replace

import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.contract import Thresholds
from numa_runtime.pipeline.explaining import remember
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start import start_run
from numa_runtime.pipeline.start_known import start_known

SUITS = Thresholds(track_high_thresh=0.5, new_track_thresh=0.7)
LINE = "track_high_thresh 0.5, new_track_thresh 0.7 from the model's contract"


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "match.mp4", 12, picture=lambda i: frame_with((6 + i, 20, 26 + i, 50)))


def run_of(clip, score, *, suits=SUITS, told=False, **words):
    """A run over a square that a model with these thresholds sees with this score."""
    session = BrightSession(score=score)
    session.spec = replace(session.spec, thresholds=suits)
    follower = follower_of(words, balls=False, suits=suits.tracking)
    options = TrackRunOptions.of({"source": str(clip), **words})
    return start_run(options, Model(session), follower=remember(follower) if told else follower)


def ids(run):
    return {track for result in run for track in result.boxes.id.tolist()}


def test_doubts_begin_no_track_where_the_contract_says_so(clip):
    assert ids(run_of(clip, 0.6)) == set()
    assert ids(run_of(clip, 0.8)) == {1}
    assert ids(run_of(clip, 0.6, suits=Thresholds())) == {1}
    assert ids(run_of(clip, 0.6, conf=0.3)) == {1}
    assert ids(run_of(clip, 0.6, new_track_thresh=0.55)) == {1}


def test_the_summary_says_what_comes_from_the_contract(clip):
    run = run_of(clip, 0.8)
    assert LINE in run.summary.lines(tracked=True)
    assert run.summary.to_dict()["thresholds_from_contract"] == SUITS.tracking
    given = run_of(clip, 0.8, track_high_thresh=0.5, new_track_thresh=0.4)
    assert not any("contract" in line for line in given.summary.lines(tracked=True))
    assert "thresholds_from_contract" not in given.summary.to_dict()


def test_a_timeline_that_goes_on_keeps_them(clip):
    run = run_of(clip, 0.8)
    options = TrackRunOptions.of({"track_buffer": 60})
    run.follower.change(options.tracker, None)
    assert run.follower.tracker.params.new_track_thresh == 0.7
    run.follower.change(TrackRunOptions.of({"new_track_thresh": 0.9}).tracker, None)
    assert run.follower.from_model == {"track_high_thresh": 0.5}


def test_a_recording_carries_them_to_its_replay(clip, tmp_path, caplog):
    list(run_of(clip, 0.6, record=tmp_path / "recs" / "a.numa"))
    list(run_of(clip, 0.6, record=tmp_path / "plain" / "b.numa", suits=Thresholds()))
    again = start_known(TrackRunOptions.of({"replay": tmp_path / "recs"}))
    assert ids(again) == set()
    assert LINE in again.summary.lines(tracked=True)
    assert ids(start_known(TrackRunOptions.of({"replay": tmp_path / "plain"}))) == {1}
    (tmp_path / "plain" / "b.numa").rename(tmp_path / "recs" / "b.numa")
    start_known(TrackRunOptions.of({"replay": tmp_path / "recs"}))
    assert "a.numa and b.numa are of models with different thresholds: the first one's count" in caplog.text


def test_an_explanation_says_it_where_the_threshold_decides(clip):
    run = run_of(clip, 0.8, told=True, explain=True)
    list(run)
    (life,) = run.follower.lives_of(1)
    assert "began it (new_track_thresh 0.7 from the model's contract)" in str(life)
    assert "contract" not in life.events[0].caption
    plain = run_of(clip, 0.8, told=True, explain=True, new_track_thresh=0.7)
    list(plain)
    assert "(new_track_thresh 0.7)" in str(plain.follower.lives_of(1)[0])
