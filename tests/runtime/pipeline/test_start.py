"""What a run is started with: here the rate of frames that have no clock."""

import json

import cv2
import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import RunOptions, TrackRunOptions
from numa_runtime.pipeline.start import start_run
from numa_runtime.sources.source import open_source

HERE = frame_with((6, 20, 26, 50))
NOWHERE = frame_with()


def track(source, **words):
    options = TrackRunOptions.of({"source": source, **words})
    return start_run(options, Model(BrightSession()), follower=follower_of(words))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "frames").mkdir()
    for index in range(6):
        cv2.imwrite(str(tmp_path / "frames" / f"{index}.png"), HERE)
    return tmp_path / "frames"


@pytest.mark.parametrize("as_yaml", [False, True])
def test_frame_rate_is_the_rate_of_a_folder_and_of_arrays(folder, tmp_path, as_yaml):
    words = {"frame_rate": 5}
    if as_yaml:
        (tmp_path / "slow.yaml").write_text("tracker_type: bytetrack\nframe_rate: 5\n")
        words = {"tracker": tmp_path / "slow.yaml"}
    for source in (folder, [HERE] * 6, iter([HERE] * 6)):
        results = list(track(source, **words))
        assert [result.timestamp for result in results] == pytest.approx([index / 5 for index in range(6)])


def test_without_a_word_thirty_frames_are_a_second(folder):
    assert [result.timestamp for result in track(folder)] == pytest.approx([index / 30 for index in range(6)])
    options = RunOptions.of({"source": folder})
    found = list(start_run(options, Model(BrightSession())))
    assert found[-1].timestamp == pytest.approx(5 / 30)


def test_a_video_keeps_its_own_clock(tmp_path):
    clip = write_clip(tmp_path / "a.mp4", frames=6, rate=25)
    assert [result.timestamp for result in track(clip, frame_rate=5)] == pytest.approx([i / 25 for i in range(6)])


@pytest.mark.parametrize("rate", [2, 10, 30, 120])
@pytest.mark.parametrize(("away", "ids"), [(14, 1), (17, 2)])
def test_the_buffer_counts_the_frames_of_a_folder_at_any_rate(rate, away, ids):
    frames = [HERE] * 5 + [NOWHERE] * away + [HERE] * 5
    run = track(frames, frame_rate=rate, track_buffer=15)
    assert max(result.boxes.id.max(initial=0) for result in run) == ids


@pytest.mark.parametrize("rate", [2, 10, 120])
@pytest.mark.parametrize(("away", "ids"), [(14, 1), (17, 2)])
def test_the_buffer_counts_the_calls_of_a_persist_loop(rate, away, ids):
    words = {"frame_rate": rate, "track_buffer": 15}
    follower, model, highest = follower_of(words), Model(BrightSession()), 0
    for frame in [HERE] * 5 + [NOWHERE] * away + [HERE] * 5:
        options = TrackRunOptions.of({"source": frame, **words})
        [result] = start_run(options, model, follower=follower, persist=True)
        highest = max(highest, result.boxes.id.max(initial=0))
    assert highest == ids


def test_what_is_written_has_the_rate_that_was_said(tmp_path):
    run = track([HERE] * 6, frame_rate=5, save=True, save_jsonl=True, project=tmp_path)
    list(run)
    [video] = [path for path in run.summary.files if path.suffix == ".mp4"]
    [lines] = [path for path in run.summary.files if path.suffix == ".jsonl"]
    [media] = open_source(video)
    assert media.info.fps == pytest.approx(5)
    assert [json.loads(line)["timestamp"] for line in lines.read_text().splitlines()] == pytest.approx(
        [index / 5 for index in range(6)]
    )


def test_an_annotated_video_keeps_the_times_and_pixels_of_its_source(tmp_path):
    ticks = [0, 1, 2, 10, 11, 30]
    clip = write_clip(tmp_path / "a.mkv", frames=6, pts=ticks, rate=25, picture=lambda _: np.asarray(HERE))
    run = track(clip, save=True, project=tmp_path / "runs")
    list(run)
    [media] = open_source(run.summary.files[0])
    assert [frame.timestamp for frame in media] == pytest.approx([tick / 25 for tick in ticks], abs=0.002)
