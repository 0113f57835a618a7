"""What `offline_tracks` writes when a medium has ended, and what the summary says of it."""

import numpy as np
import pytest
from bright_session import BrightSession, frame_with
from clips import write_clip
from followers import follower_of

from numa_runtime.errors import TrackerError, UsageError
from numa_runtime.pipeline.model import Model
from numa_runtime.pipeline.options import OutputOptions
from numa_runtime.pipeline.outputs import Outputs
from numa_runtime.pipeline.run import Run
from numa_runtime.pipeline.summary import RunSummary
from numa_runtime.sources.source import open_source

FRAMES = 14
HIDDEN = range(5, 8)


def moving(index):
    """Two squares that drift to the right, each in its own half; the left one is hidden for three frames."""
    right = (74 + index, 30, 104 + index, 60)
    return frame_with(right) if index in HIDDEN else frame_with((6 + index, 20, 26 + index, 50), right)


def run_of(tmp_path, **plan):
    clip = write_clip(tmp_path / "moving.mp4", FRAMES, picture=moving)
    model = Model(BrightSession())
    outputs = Outputs(OutputOptions(project=tmp_path / "runs", **plan), mode="track", name="moving")
    run = Run(open_source(clip), model, RunSummary(model.names), follower_of({}), outputs)
    list(run)
    return run, tmp_path / "runs" / "track" / "moving"


def test_the_hidden_ones_boxes_are_written_and_counted(tmp_path):
    run, folder = run_of(tmp_path, offline_tracks=10, save_mot=True)
    online = np.loadtxt(folder / "moving.txt", delimiter=",")
    offline = np.loadtxt(folder / "moving_offline.txt", delimiter=",")
    assert len(online) == 2 * FRAMES - len(HIDDEN)
    assert len(offline) == 2 * FRAMES
    assert {tuple(row) for row in online[:, :2]} < {tuple(row) for row in offline[:, :2]}
    assert sorted(path.name for path in run.summary.files) == ["moving.txt", "moving_offline.txt"]
    line = "offline: 0 fragments joined, 1 gap filled (3 boxes), 0 flickers removed"
    assert run.summary.lines(tracked=True)[-1] == line
    assert run.summary.to_dict()["offline_boxes"] == 3


def test_nothing_is_said_or_written_without_it(tmp_path):
    run, folder = run_of(tmp_path, save_mot=True)
    assert not (folder / "moving_offline.txt").exists()
    assert not any(key.startswith("offline") for key in run.summary.to_dict())


def test_a_negative_gap_or_another_word_is_refused():
    with pytest.raises(UsageError, match="offline_tracks is -1; it must be 0 or more"):
        OutputOptions.of({"offline_tracks": -1})
    with pytest.raises(TrackerError, match="fill='cubic' is unknown"):
        OutputOptions.of({"offline_fill": "cubic"})
