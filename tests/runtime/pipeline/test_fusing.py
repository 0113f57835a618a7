import numpy as np
import pytest
from bright_session import frame_with
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_runtime.contract import Color, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import UsageError
from numa_runtime.pipeline.fusing import BallFuser, Look, fuse, weight_of
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import PredictionOptions, RunOptions, TrackRunOptions
from numa_runtime.pipeline.start import start_run
from numa_runtime.results import Detections, Results
from numa_runtime.vision import prepare

SIZE = (32, 64)


class CountingSession:
    """A ball network whose frame t holds its number as a grey level: the ball's x is that number, at every place."""

    path, backend, device, record, golden = "counting.onnx", "fake", "cpu", None, None

    def __init__(self, frames, score=0.9, told=None):
        door = InputSpec(*SIZE, channels=1, frames=frames, color=Color.GRAY)
        outputs = (OutputSpec("balls", ()),)
        self.spec = ModelSpec(
            Task.MULTITASK, (), 32, door, outputs, Layout.MULTITASK, groups=told or frames, ball_names=("ball",)
        )
        self.inputs, self.outputs, self.score = (TensorInfo("images", (1, frames, *SIZE), "uint8"),), (), score
        self.calls = 0

    def run(self, batch):
        self.calls += 1
        balls = np.zeros((1, batch.shape[1], 5, 6), np.float32)
        balls[0, :, 0, 0] = batch[0, :, 0, 0]
        balls[0, :, 0, 1] = 10 + np.arange(batch.shape[1])  # each place of the window sees it a little lower
        balls[0, :, 0, 2:4] = balls[0, :, 0, :2] + (1, 0)
        balls[0, :, 0, 4] = self.score
        return {"balls": balls[:, -self.spec.groups :]}


def result_of(number, size=SIZE):
    return Results(orig_shape=size, names={}, detections=Detections.empty(), frame_index=number)


def grey(count):
    return [np.full((*SIZE, 3), number, np.uint8) for number in range(count)]


def run(session, frames, *, tracked=False, **words):
    options = (TrackRunOptions if tracked else RunOptions).of({"source": frames, "save": False, **words})
    return list(start_run(options, Model(session)))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), frames=st.integers(2, 10))
def test_no_frame_is_lost_or_doubled_at_either_end(data, frames):
    count = data.draw(st.integers(1, 3 * frames), "frames of the video")
    told = data.draw(st.integers(1, frames), "newest frames whose balls are told")
    fuser, out, waits = BallFuser(frames, told), [], []
    for number in range(count):
        window = np.zeros((told, 1, 6), np.float32)
        window[:, 0, 0] = np.arange(number - told + 1, number + 1)
        window[:, 0, 4] = 0.8
        result = result_of(number)
        out += fuser.push(result, window, 0.1)
        waits.append(number + 1 - len(out))
    out += fuser.flush(0.1)
    assert [one.frame_index for one in out] == list(range(count))
    assert [float(one.ball_records.xy[0, 0]) for one in out] == list(range(count)), "each has its own frame's ball"
    assert max(waits) == min(told - 1, count)
    assert not list(fuser.flush(0.1)), "nothing comes out twice"


@settings(max_examples=15, deadline=None)
@given(data=st.data(), frames=st.integers(2, 6), stride=st.integers(1, 4))
def test_a_run_gives_every_frame_once_at_any_step(data, frames, stride):
    count = data.draw(st.integers(1, 3 * frames))
    for offline in (False, True):
        found = run(CountingSession(frames), grey(count), vid_stride=stride, offline=offline)
        assert [one.frame_index for one in found] == list(range(0, count, stride))
        assert [round(float(one.ball_records.xy[0, 0])) for one in found] == list(range(0, count, stride))


def test_online_is_the_newest_place_and_offline_the_middle_of_all():
    frames = 5
    online = run(CountingSession(frames), grey(12))
    assert {float(one.ball_records.xy[0, 1]) for one in online} == {14.0}, "place 4 of the window"
    offline = run(CountingSession(frames), grey(12), offline=True)
    heights = [float(one.ball_records.xy[0, 1]) for one in offline]
    assert heights[:8] == pytest.approx([12.0] * 8), "the mean of all five places"
    assert heights[-1] == pytest.approx(14.0), "the last frame was seen at one place"
    assert heights[-2] == pytest.approx((1 * 14 + 2 * 13) / 3)


@pytest.mark.parametrize(("offline", "seen"), [(False, 1), (True, 4)])
def test_how_many_frames_are_seen_before_the_first_answer(offline, seen):
    session = CountingSession(4)
    options = RunOptions.of({"source": grey(9), "save": False, "offline": offline})
    results = iter(start_run(options, Model(session)))
    assert next(results).frame_index == 0
    assert session.calls == seen


@pytest.mark.parametrize("offline", [False, True])
def test_a_frame_is_prepared_once(offline, monkeypatch):
    calls = []
    real = prepare.letterbox
    monkeypatch.setattr(prepare, "letterbox", lambda *words: calls.append(1) or real(*words))
    run(CountingSession(10), grey(23), offline=offline)
    assert len(calls) == 23


@pytest.mark.parametrize("tracked", [False, True])
def test_newest_frames_alone_give_the_same_online(tracked):
    whole = run(CountingSession(10), grey(23), tracked=tracked)
    newest = run(CountingSession(10, told=2), grey(23), tracked=tracked)
    assert [one.ball_records.xy.tolist() for one in newest] == [one.ball_records.xy.tolist() for one in whole]
    assert [one.previous_balls.xy.tolist() for one in newest] == [one.previous_balls.xy.tolist() for one in whole]


def test_offline_fuses_what_is_told(caplog):
    found = run(CountingSession(10, told=3), grey(23), offline=True)
    assert [one.frame_index for one in found] == list(range(23))
    # Places 9, 8 and 7 of ten weigh 1, 2 and 3.
    assert found[10].ball_records.xy[0].tolist() == pytest.approx([10, 10 + (9 + 2 * 8 + 3 * 7) / 6])
    assert caplog.messages == [
        "offline fuses 3 looks at each frame: counting.onnx tells the balls of its newest 3 of 10 frames; "
        "one exported with ball_frames=10 tells all"
    ]


def test_another_size_of_frame_begins_anew():
    sizes = [(32, 64)] * 4 + [(64, 128)] * 3
    fuser, out = BallFuser(3, 3), []
    for number, size in enumerate(sizes):
        window = np.full((3, 1, 6), number, np.float32)
        window[..., 4] = 0.9
        out += fuser.push(result_of(number, size), window, 0.1)
    out += fuser.flush(0.1)
    assert [(one.frame_index, one.orig_shape) for one in out] == list(enumerate(sizes))
    assert out[3].ball_records.xy[0, 0] == 3, "the larger frames say nothing of it"


def look(place, *rows):
    return Look(place, np.array(rows, np.float32).reshape(-1, 6))


def test_the_weight_falls_from_the_middle_to_the_ends():
    assert [weight_of(place, 8) for place in range(8)] == [1, 2, 3, 4, 4, 3, 2, 1]
    assert [weight_of(place, 3) for place in range(3)] == [1, 2, 1]


def test_one_ball_by_hand():
    looks = [look(0, [10, 20, 11, 20, 0.8, 0]), look(1, [12, 20, 13, 20, 0.4, 0]), look(2, [14, 20, 99, 99, 0.4, 0])]
    (ball,) = fuse(looks, 3, 8)
    worth = np.array([0.8, 0.8, 0.4])
    assert ball[0] == pytest.approx(worth @ [10, 12, 14] / 2.0, abs=1e-5)
    assert ball[2] == pytest.approx(12.0, abs=1e-5), "the newest place only guesses what follows"
    assert ball[4] == pytest.approx(2.0 / 4)


def test_a_window_that_does_not_see_the_ball_counts_against_it():
    seen = [10, 20, 11, 20, 0.8, 0]
    (alone,) = fuse([look(0, seen), look(1), look(2, [90, 90, 90, 90, 0.0, 0])], 3, 8)
    assert alone[4] == pytest.approx(0.8 / 4)


def test_two_balls_stay_two_and_the_guess_is_used_where_nothing_else_is_known():
    rows = ([10, 20, 11, 20, 0.6, 0], [60, 20, np.nan, np.nan, 0.9, 0])
    first, second = fuse([look(2, *rows)], 3, 8)
    assert (first[0], second[0]) == (60, 10)
    assert np.isnan(first[2:4]).all()
    assert second[2] == pytest.approx(11)


def test_no_looks_at_anything_give_no_ball():
    assert fuse([look(0), look(1, [5, 5, 5, 5, 0, 0], [np.nan, 5, 5, 5, 0.9, 0])], 3, 8).shape == (0, 6)


def test_offline_needs_clips_and_a_whole_video():
    from bright_session import BrightSession

    with pytest.raises(UsageError, match="offline fuses the balls of clip networks"):
        run(BrightSession(), [frame_with((6, 20, 26, 50))], offline=True)
    options = RunOptions.of({"source": grey(2), "save": False, "offline": True})
    with pytest.raises(UsageError, match="offline needs the whole video in one call"):
        start_run(options, Model(CountingSession(3)), persist=True)


def test_unrelated_pictures_are_not_fused():
    model = Model(CountingSession(3), PredictionOptions(offline=True))
    model.start(still=True)
    assert model.fuser() is None
