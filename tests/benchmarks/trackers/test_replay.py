import numpy as np
import pytest

from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.labels.mot_detections import tracks_table
from numa_benchmarks.metrics.mot_sequence import MotSequence
from numa_benchmarks.trackers.replay import replay
from numa_benchmarks.trackers.scenes import SceneSpec
from numa_runtime.tracking import Tracker


def film(frames=30):
    scene = SceneSpec(10).take(frames)
    truth = tracks_table([np.column_stack([frame.boxes, frame.ids]) for frame in scene])
    rows = np.concatenate([frame.detections for frame in scene])
    number = np.repeat(np.arange(1, frames + 1), [len(frame.detections) for frame in scene])
    found = MotTable.of(
        number, np.full(len(rows), -1), np.hstack([rows[:, :2], rows[:, 2:4] - rows[:, :2]]), conf=rows[:, 4]
    )
    return scene, MotSequence("film", truth, found, frames)


def test_a_sequence_is_tracked_and_scored():
    pytest.importorskip("trackeval", reason="needs the eval extra")
    done = []
    _, sequence = film()
    found = replay("bytetrack", lambda: Tracker("bytetrack"), [sequence], lambda *step: done.append(step))
    assert found.scores.combined.mota > 85
    assert found.scores.combined.truth_ids == 10
    assert found.track_ms.p50 > 0
    assert done == [(1, 1)]
