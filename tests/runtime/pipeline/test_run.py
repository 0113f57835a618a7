import json
import pickle

import cv2
import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.errors import SinkError, SourceError, TrackerError
from numa_runtime.pipeline.following import make_follower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import OutputOptions, TrackRunOptions
from numa_runtime.pipeline.outputs import Outputs
from numa_runtime.pipeline.run import Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.sources.source import open_source
from numa_runtime.tracking.config import TrackerName, load_params

FRAMES = 12


def moving(index):
    """Two squares that drift to the right, each in its own half."""
    return frame_with((6 + index, 20, 26 + index, 50), (74 + index, 30, 104 + index, 60))


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "moving.mp4", FRAMES, picture=moving)


def make_run(source, tmp_path, tracked=True, **plan):
    model = Model(BrightSession())
    follower = make_follower() if tracked else None
    options = OutputOptions(project=tmp_path / "runs", **plan)
    outputs = Outputs(options, mode="track", name="moving") if plan else None
    return Run(open_source(source), model, RunSummary(model.names), follower, outputs)


def test_ids_last_and_every_file_is_whole(clip, tmp_path):
    run = make_run(clip, tmp_path, save=True, save_mot=True, save_jsonl=True, save_csv=True, save_txt=True)
    results = list(run)
    assert {tuple(sorted(r.boxes.id.tolist())) for r in results} == {(1, 2)}
    names = sorted(path.name for path in run.summary.files)
    assert names == ["labels", "moving.csv", "moving.jsonl", "moving.mp4", "moving.txt"]
    folder = tmp_path / "runs" / "track" / "moving"
    assert len((folder / "moving.txt").read_text().splitlines()) == 2 * FRAMES
    lines = [json.loads(line) for line in (folder / "moving.jsonl").read_text().splitlines()]
    assert len(lines) == FRAMES
    assert len([f for media in open_source(folder / "moving.mp4") for f in media]) == FRAMES


def test_summary_counts(clip, tmp_path):
    run = make_run(clip, tmp_path)
    list(run)
    data = run.summary.to_dict()
    assert (data["frames"], data["objects"], data["ids"]) == (FRAMES, 2 * FRAMES, 2)
    assert data["ids_by_class"] == {"left": 1, "right": 1}
    assert data["longest_s"] == pytest.approx((FRAMES - 1) / 25, abs=0.01)
    assert {"decode_ms", "inference_ms", "track_ms"} <= set(data)
    assert "2 ids (left 1, right 1)" in run.summary.lines(tracked=True)[1]


def test_without_tracking_ids_are_minus_one(clip, tmp_path):
    run = make_run(clip, tmp_path, tracked=False)
    assert {i for r in run for i in r.boxes.id.tolist()} == {-1}
    assert run.summary.lines(tracked=False)[1] == f"{2 * FRAMES} objects (left {FRAMES}, right {FRAMES})"


def test_breaking_off_leaves_nothing(clip, tmp_path):
    run = make_run(clip, tmp_path, save=True, save_mot=True, save_jsonl=True)
    frames = iter(run)
    next(frames)
    frames.close()
    assert not list((tmp_path / "runs").rglob("*.*"))
    assert not (tmp_path / "runs" / "track" / "moving").exists()


def test_ctrl_c_leaves_nothing(clip, tmp_path):
    run = make_run(clip, tmp_path, save=True, save_mot=True)

    def interrupt(media, frames):
        if frames == 5:
            raise KeyboardInterrupt

    run.progress = interrupt
    with pytest.raises(KeyboardInterrupt):
        list(run)
    assert not list((tmp_path / "runs").rglob("*.*"))


def test_a_sink_that_fails_takes_the_others_with_it(clip, tmp_path, monkeypatch):
    run = make_run(clip, tmp_path, save_mot=True, save_jsonl=True)

    def full(self, result, clock):
        raise SinkError("the disk is full")

    monkeypatch.setattr(Outputs, "write", full)
    with pytest.raises(SinkError, match="the disk is full"):
        list(run)
    assert not list((tmp_path / "runs").rglob("*.*"))


def test_each_video_is_a_timeline_of_its_own(clip, tmp_path):
    other = write_clip(tmp_path / "other.mp4", FRAMES, picture=moving)
    run = make_run([str(clip), str(other)], tmp_path, save_mot=True)
    ids = [r.boxes.id.tolist() for r in run]
    assert {tuple(sorted(i)) for i in ids} == {(1, 2)}
    assert run.summary.to_dict()["ids"] == 4
    assert sorted(p.name for p in run.summary.files) == ["moving.txt", "other.txt"]


@pytest.mark.parametrize("tracker", list(TrackerName))
def test_every_tracker_follows_with_words_of_its_own(clip, tracker, caplog):
    own = {"sort": {"min_hits": 2}, "ocsort": {"delta_t": 2, "use_byte": True}, "botsort": {"gmc_method": "orb"}}
    words = {"tracker": f"{tracker}.yaml", "conf": 0.5, "track_buffer": 9, **own.get(tracker, {})}
    follower = follower_of(words)
    assert TrackRunOptions.of(words).prediction.conf == 0.5
    assert follower.tracker.params == load_params(
        tracker, birth_conf=0.5, track_buffer=9, **{k: v for k, v in words.items() if k in own.get(tracker, {})}
    )
    model = Model(BrightSession())
    run = Run(open_source(clip), model, RunSummary(model.names), follower)
    assert {tuple(sorted(r.boxes.id.tolist())) for r in run} == {(1, 2)}
    assert "no frame was given" not in caplog.text


def test_words_of_another_tracker_are_refused_and_say_whose_they_are():
    with pytest.raises(
        TrackerError, match="sort has no parameter 'delta_t'; it is a parameter of ocsort and hybridsort"
    ):
        follower_of({"tracker": "sort", "delta_t": 2})


def test_persist_continues_ids(tmp_path):
    follower = make_follower()
    model = Model(BrightSession())
    seen = []
    for index in range(4):
        frames = open_source(moving(index))
        run = Run(frames, model, RunSummary(model.names), follower, persist=index > 0)
        seen += [sorted(r.boxes.id.tolist()) for r in run]
    assert seen == [[1, 2]] * 4


def test_frames_can_be_plotted_after_the_run(clip, tmp_path):
    results = [r.new(orig_img=None) for r in make_run(clip, tmp_path)]
    picture = results[7].plot()
    assert picture.shape == (96, 128, 3)
    assert np.abs(picture.astype(int) - moving(7)).mean() < 40


def test_what_reads_a_frame_again_can_be_sent_away(clip, tmp_path):
    """In order, the readers of a video, a folder, arrays, an iterator."""
    (tmp_path / "frames").mkdir()
    cv2.imwrite(str(tmp_path / "frames" / "a.png"), moving(3))
    for source in (clip, tmp_path / "frames", [moving(0)], iter([moving(0)])):
        for result in make_run(source, tmp_path):
            reader = pickle.loads(pickle.dumps(result.reader))
            if isinstance(source, list | type(clip)):
                np.testing.assert_array_equal(reader(), result.orig_img)
            else:
                with pytest.raises(SourceError, match="frame 0 of an iterator cannot be read again"):
                    reader()


def test_conf_gates_births_only(tmp_path):
    follower = follower_of({"conf": 0.6, "save": True})
    assert follower.lowest_score == 0.1
    session = BrightSession(score=0.9)
    model = Model(session)
    model.set_options(conf=follower.lowest_score)
    counts = []
    for index, score in enumerate((0.9, 0.9, 0.3, 0.15, 0.9)):
        session.score = score
        counts.append(follower(model(moving(index)).new(timestamp=index / 30)).boxes.id.tolist())
    assert counts == [[1, 2]] * 5  # weak detections keep their tracks
    session.score = 0.5
    newcomer = follower_of({"conf": 0.6})
    assert all(len(newcomer(model(moving(i)).new(timestamp=i / 30))) == 0 for i in range(3))  # but start none


def test_unwritable_project_is_one_sentence(clip, tmp_path):
    blocked = tmp_path / "runs"
    blocked.write_text("a file in the way")
    run = make_run(clip, tmp_path, save_mot=True)
    with pytest.raises(SinkError, match="runs"):
        list(run)


def test_stopping_a_live_source_keeps_its_files(clip, tmp_path):
    run = make_run(clip, tmp_path, save_mot=True)
    (media,) = list(open_source(clip))
    live = LiveMedia(media)
    run.source = OneMedium(live)
    assert len(list(run)) == 5
    assert [path.name for path in run.summary.files] == ["moving.txt"]
    assert len(run.summary.files[0].read_text().splitlines()) == 10


class LiveMedia:
    """A medium that says it is live, interrupted from the keyboard at its sixth frame."""

    def __init__(self, media):
        from dataclasses import replace

        from numa_runtime.sources.base import MediaKind

        self.media, self.info = media, replace(media.info, kind=MediaKind.STREAM)
        self.read, self.reader = media.read, media.reader

    def __iter__(self):
        for index, frame in enumerate(self.media):
            if index == 5:
                raise KeyboardInterrupt
            yield frame


class OneMedium(list):
    def __init__(self, media):
        super().__init__([media])

    def close(self):
        pass


def test_opencv_gets_its_threads_back(clip, tmp_path):
    import cv2

    before = cv2.getNumThreads()
    frames = iter(make_run(clip, tmp_path))
    next(frames)
    assert cv2.getNumThreads() == 1
    frames.close()
    assert cv2.getNumThreads() == before
