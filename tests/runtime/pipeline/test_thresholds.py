import logging

import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from mot_sources import write_sequence
from recordings import run_of

from numa_runtime.errors import UsageError
from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import TrackRunOptions
from numa_runtime.pipeline.start import start_run
from numa_runtime.pipeline.start_known import start_known


@pytest.fixture
def train(tmp_path):
    """Two sequences with 30 weak and 30 strong boxes a frame."""
    rng = np.random.default_rng(3)
    for name in ("A", "B"):
        folder = write_sequence(tmp_path / "train" / name, images=False)
        scores = np.concatenate([rng.normal(0.1, 0.02, 360), rng.normal(0.8, 0.02, 360)]).clip(0, 1)
        lines = [f"{1 + i % 12},-1,{i},{i},20,40,{score:.4f}" for i, score in enumerate(scores)]
        (folder / "det" / "det.txt").write_text("\n".join(lines))
    return tmp_path / "train"


def auto(**words):
    return start_known(TrackRunOptions.of({"thresholds": "auto", **words}))


def test_detections_and_their_recording_give_the_same(train, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        run = auto(source=train, detections="det/det.txt", record=tmp_path / "recs")
    assert "thresholds auto: 50% of 1,440 scores lie below 0." in caplog.text
    assert "the others around 0.80: track_high_thresh 0.54, new_track_thresh 0.63, match_thresh 0.9" in caplog.text
    chosen = run.follower.tracker.params
    assert (chosen.track_high_thresh, chosen.new_track_thresh, chosen.match_thresh) == (0.54, 0.63, 0.9)
    list(run)
    assert auto(replay=tmp_path / "recs").follower.tracker.params == chosen


def test_what_is_given_by_name_stays(train, caplog):
    with caplog.at_level(logging.INFO):
        run = auto(source=train, detections="det/det.txt", new_track_thresh=0.75)
    assert run.follower.tracker.params.new_track_thresh == 0.75
    assert run.follower.tracker.params.track_high_thresh == 0.54
    assert "(new_track_thresh as given)" in caplog.text


@pytest.mark.parametrize("tracker", ["sort", "ocsort", "botsort"])
def test_every_tracker_takes_them(train, tracker):
    params = auto(source=train, detections="det/det.txt", tracker=tracker).follower.tracker.params
    assert params.track_high_thresh == 0.54
    assert params.lowest_score <= 0.54


class DoubtfulSession(BrightSession):
    """Gives the right half's box a score that says little."""

    def run(self, batch):
        outputs = super().run(batch)
        outputs["scores"][..., 1] *= 0.15
        return outputs


def test_a_video_is_looked_at_first(tmp_path, caplog, monkeypatch):
    clip = write_clip(tmp_path / "match.mp4", 300, picture=lambda i: frame_with((6, 20, 26, 50), (74, 30, 104, 60)))
    monkeypatch.setattr("numa_runtime.tracking.score_thresholds.LEAST", 400)
    session = DoubtfulSession()
    options = TrackRunOptions.of({"source": str(clip), "thresholds": "auto"})
    follower = make_follower(options.tracker, balls=False)
    with caplog.at_level(logging.INFO):
        run = start_run(options, Model(session), follower=follower)
    assert len(session.seen) == 200
    assert "thresholds auto: 50% of 400 scores lie below" in caplog.text
    assert follower.tracker.params.track_high_thresh == pytest.approx(0.675 * 0.9, abs=0.01)
    results = list(run)
    assert len(results) == 300
    assert {track for result in results for track in result.boxes.id.tolist()} == {1}


def test_what_comes_once_is_recorded_first():
    with pytest.raises(UsageError, match="these come once only") as caught:
        run_of(iter([np.zeros((96, 128, 3), np.uint8)]), thresholds="auto")
    assert "--record match.numa" in caught.value.hint
    with pytest.raises(UsageError, match="there is no way 'automatic' to set thresholds"):
        TrackRunOptions.of({"thresholds": "automatic"})
