"""Balls of a multitask network get their ids, in the results and in the files."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.contract import Layout, OutputSpec, Task
from numa_runtime.pipeline.ball_following import BallFollower
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import OutputOptions, TrackRunOptions
from numa_runtime.pipeline.outputs import Outputs
from numa_runtime.pipeline.run import Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.results import BallRecords, Detections, Results
from numa_runtime.sources.source import open_source
from numa_runtime.tracking.balls import BallTracker


def shot(balls):
    return Results((360, 640), {}, Detections.empty(), balls)


def rows(*balls):
    return BallRecords.of([[x, y, x + 6, y, score, 0] for x, y, score in balls])


def follow(frames, **words):
    follower = BallFollower(BallTracker(**words))
    return follower, [follower(shot(found), k / 30) for k, found in enumerate(frames)]


def test_ids_and_filtered_positions_and_everything_else_untouched():
    frames = [rows((300, 200, 0.4), (50 + 6 * k + (-1) ** k, 40, 0.9)) for k in range(8)]
    before = frames[-1].xy.copy()
    _, shown = follow(frames)
    last = shown[-1]
    assert last.id.tolist() == [1, 2]
    assert last.xy[1] == pytest.approx([92, 40], abs=0.8)
    assert last.conf.tolist() == frames[-1].conf.tolist()
    np.testing.assert_array_equal(last.next_xy, frames[-1].next_xy)
    np.testing.assert_array_equal(frames[-1].xy, before)
    assert last.xy.dtype == np.float32


def test_weak_balls_extend_tracks_and_are_not_shown_otherwise():
    frames = [rows((50 + 6 * k, 40, 0.9 if k < 4 else 0.15), (400, 300, 0.12)) for k in range(6)]
    follower, shown = follow(frames)
    assert [balls.id.tolist() for balls in shown] == [[-1], [-1], [1], [1], [1], [1]]
    assert follower.lowest_score == 0.1


def test_conf_gates_births_and_what_is_shown_without_an_id():
    options = TrackRunOptions.of({"conf": 0.6, "ball_gate": 5, "save": True, "track_buffer": 9})
    assert (options.tracker.box_params(0.6).birth_conf, options.tracker.box_params().track_buffer) == (0.6, 9)
    assert (options.prediction.conf, options.outputs.save) == (0.6, True)
    params = options.tracker.ball_params(0.6)
    assert (params.birth_conf, params.gate, params.track_buffer) == (0.6, 5, 15)
    follower = BallFollower(BallTracker(params))
    assert [len(follower(shot(rows((50 + 6 * k, 40, 0.5))), k / 30)) for k in range(5)] == [0] * 5


def test_no_balls():
    _, shown = follow([BallRecords.empty()] * 3)
    assert [balls.xy.shape for balls in shown] == [(0, 2)] * 3


class BallSession(BrightSession):
    """A clip network: the middle of the bright pixels of each frame is the ball, and it expects it to go on."""

    def __init__(self):
        super().__init__(frames=2)
        outputs = (*self.spec.outputs, OutputSpec("balls", (1, 2, 1, 6)))
        self.spec = replace(
            self.spec,
            task=Task.MULTITASK,
            layout=Layout.MULTITASK,
            outputs=outputs,
            groups=2,
            ball_names=("ball",),
        )

    def run(self, batch):
        balls = np.zeros((1, 2, 1, 6), np.float32)
        for frame, plane in enumerate(batch[0]):
            ys, xs = np.nonzero(plane > 160)
            if len(xs):
                x, y = xs.mean(), ys.mean()
                balls[0, frame, 0] = x, y, x + 1, y, 0.9, 0
        nothing = super().run(batch)
        return {"boxes": nothing["boxes"], "scores": 0 * nothing["scores"], "balls": balls}


def picture(index):
    return frame_with((10 + 2 * index, 20, 15 + 2 * index, 25)) if index not in (6, 7) else frame_with()


def test_a_run_writes_them(tmp_path):
    clip = write_clip(tmp_path / "rally.mp4", 14, picture=picture)
    model, follower = Model(BallSession()), follower_of({"ball_track_buffer": 0.5})
    model.set_options(conf=follower.lowest_score)
    written = OutputOptions(project=tmp_path / "runs", save_jsonl=True, save_ball=True, save_mot=True, save=True)
    run = Run(open_source(clip), model, RunSummary(model.names), follower, Outputs(written, mode="track", name="rally"))
    results = list(run)
    assert [r.balls.id.tolist() for r in results] == [
        *[[-1]] * 2, *[[1]] * 4, [], [], *[[-1]] * 2, *[[2]] * 4
    ]  # fmt: skip
    assert [k for k, r in enumerate(results) if r.ended.balls.tolist() == [1]] == [7]
    folder = tmp_path / "runs" / "track" / "rally"
    lines = [json.loads(line) for line in (folder / "rally.jsonl").read_text().splitlines()]
    assert [[ball.get("track_id") for ball in line["balls"]] for line in lines][1:4] == [[None], [1], [1]]
    assert [line["ended"] for line in lines if "ended" in line] == [{"boxes": [], "balls": [1]}]
    assert (folder / "rally_ball.csv").read_text().splitlines()[7:9] == ["6,0,0,0", "7,0,0,0"]
    assert (folder / "rally.txt").read_text() == ""
    told = run.summary.to_dict()
    assert (told["ball_ids"], told["balls_ended"], told["ids"], told["ended"]) == (2, 1, 0, 0)


def test_a_clip_network_looks_back(tmp_path):
    """Frame k's result brings what the clip says of frame k - 1, in pixels of the source."""
    model = Model(BallSession())
    results = [model(picture(index)) for index in range(4)]
    for before, after in pairwise(results):
        np.testing.assert_allclose(after.previous_balls.xy, before.balls.xy, atol=1e-4)
    assert len(Model(BrightSession())(picture(0)).previous_balls) == 0
