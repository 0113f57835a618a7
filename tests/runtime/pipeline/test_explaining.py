import json
import subprocess
import sys

import cv2
import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.errors import TrackerError
from numa_runtime.explain import course
from numa_runtime.explain.course import UnknownIdError
from numa_runtime.pipeline.explaining import ExplainingFollower, remember
from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.run import Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.sources.source import open_source

FRAMES, GONE = 16, range(6, 9)


def hiding(index):
    """A square that drifts and is away for three frames, and one that stays."""
    still = (74, 30, 104, 60)
    return frame_with(still) if index in GONE else frame_with((6 + index, 20, 26 + index, 50), still)


def jumping(index):
    """One square that jumps."""
    return frame_with((6, 10, 26, 40) if index < 8 else (6, 60, 26, 90))


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "hiding.mp4", FRAMES, picture=hiding)


def follow(source, follower=None, **words):
    model = Model(BrightSession())
    follower = follower or follower_of(words, balls=False)
    model.set_options(conf=follower.lowest_score)
    return list(Run(open_source(source), model, RunSummary(model.names), follower)), follower


def test_results_are_those_without_it(clip):
    plain, _ = follow(clip)
    told, follower = follow(clip, remember(make_follower(balls=False)))
    assert isinstance(follower, ExplainingFollower)
    for a, b in zip(plain, told, strict=True):
        assert np.array_equal(a.boxes.xyxy, b.boxes.xyxy)
        assert np.array_equal(a.boxes.id, b.boxes.id)
        assert np.array_equal(a.boxes.conf, b.boxes.conf)


def test_nothing_of_it_is_loaded_where_nobody_asks():
    code = (
        "import sys, numa_runtime.pipeline.run, numa_runtime.tracking.tracker, numa_deploy.yolo.model;"
        "sys.exit(any('explain' in name for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_weaker_detections_are_asked_for():
    plain = make_follower(balls=False)
    assert remember(plain).lowest_score == plain.lowest_score / 2


def test_balls_are_not_shown_more_detections():
    plain = make_follower(balls=True)
    assert remember(plain).lowest_score == plain.lowest_score


def test_frames_are_called_as_in_the_files(clip):
    _, follower = follow(clip, remember(make_follower(balls=False)))
    left = next(e for e in (follower.lives_of(1)[0], follower.lives_of(2)[0]) if e.name == "left")
    lost, found = (event for event in left.events if event.kind in ("lost", "found again"))
    assert (lost.number, found.number) == (GONE.start + 1, GONE.stop + 1)
    assert lost.time == pytest.approx(GONE.start / 25, abs=1e-3)
    assert left.footage.get(1).shape == hiding(0).shape


def test_files_and_pictures(clip, tmp_path):
    _, follower = follow(clip, remember(make_follower(balls=False)))
    told = follower.write([1, 2], tmp_path / "run")
    assert [folder.name for _, folder in told] == ["explain-1", "explain-2"]
    (explanation, folder) = next((e, f) for e, f in told if e.name == "left")
    data = json.loads((folder / "explain.json").read_text())
    assert [event["event"] for event in data["events"]] == ["born", "lost", "found again"]
    pictures = [event["picture"] for event in data["events"]]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*pictures, "explain.json", "explain.md", "life.png"]
    )
    text = (folder / "explain.md").read_text()
    assert text.startswith(f"# {explanation.headline}")
    assert all(f"]({name})" in text for name in [*pictures, "life.png"])
    images = [cv2.imread(str(folder / name)) for name in pictures]
    assert all(image is not None for image in images)
    assert len({image.tobytes() for image in images}) == len(images)


def test_each_medium_is_explained_by_itself(clip, tmp_path):
    other = write_clip(tmp_path / "jump.mp4", FRAMES, picture=jumping)
    _, follower = follow([str(clip), str(other)], remember(make_follower(balls=False)))
    first, second = follower.lives_of(1)
    assert len(first.analysis.moments) == len(second.analysis.moments) == FRAMES
    assert any(event.kind == "switched" or event.kind == "lost" for event in second.events)
    names = [folder.name for _, folder in follower.write([1], tmp_path / "run")]
    assert names == ["explain-1-hiding", "explain-1-jump"]


def test_an_id_that_the_first_medium_lacks_is_told_whatever_the_sentence(clip, tmp_path, monkeypatch):
    alone = write_clip(tmp_path / "alone.mp4", FRAMES, picture=lambda _: frame_with((74, 30, 104, 60)))
    _, follower = follow([str(alone), str(clip)], remember(make_follower(balls=False)))
    monkeypatch.setattr(course, "unknown_id", lambda scenes, track_id: UnknownIdError(f"nobody was called {track_id}"))
    (told,) = follower.lives_of(2)
    assert told.analysis.scenes[0].detections.shape == (2, 6)
    assert [folder.name for _, folder in follower.write([2], tmp_path / "run")] == ["explain-2-hiding"]
    with pytest.raises(UnknownIdError, match="nobody was called 7"):
        follower.lives_of(7)


def test_what_cannot_be_replayed_is_no_unknown_id(clip):
    _, follower = follow([str(clip), str(clip)], remember(make_follower(balls=False)))
    follower.timelines[0].recorder.moments[3].rows[0, 0] += 1
    with pytest.raises(TrackerError, match="frame 4 cannot be replayed"):
        follower.lives_of(1)


def test_an_id_that_never_was(clip):
    _, follower = follow(clip, remember(make_follower(balls=False)))
    with pytest.raises(TrackerError) as error:
        follower.lives_of(7)
    assert (error.value.what, error.value.hint) == ("there is no id 7", "the ids are 1-2")


def test_single_frames_with_persist_are_one_life():
    follower = remember(make_follower(balls=False))
    model = Model(BrightSession())
    for index in range(5):
        run = Run(open_source(hiding(index)), model, RunSummary(model.names), follower, persist=index > 0)
        list(run)
    explanation = follower.lives_of(1)[0]
    assert "frames 1-5" in explanation.headline
    assert explanation.footage.get(5) is not None


def test_a_follower_that_has_begun_cannot_remember(clip):
    _, follower = follow(clip)
    with pytest.raises(TrackerError, match="that were not recorded"):
        remember(follower)
    remembering = remember(make_follower(balls=False))
    assert remember(remembering) is remembering
