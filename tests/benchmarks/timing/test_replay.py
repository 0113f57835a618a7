import numpy as np
import pytest

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from numa_benchmarks.metrics.mot import MotSequence
from numa_benchmarks.timing.replay import detections_by_frame, replay, tracks_table
from numa_benchmarks.timing.scenes import SceneSpec
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


def test_a_file_gives_back_the_frames_it_was_made_of():
    scene, sequence = film()
    for rows, frame in zip(detections_by_frame(sequence), scene, strict=True):
        np.testing.assert_allclose(rows, frame.detections, atol=1e-9)


def test_frames_without_detections_are_there():
    sequence = MotSequence("x", MotTable.empty(), MotTable.of([3], [-1], [[0, 0, 5, 5]]), 5)
    assert [len(rows) for rows in detections_by_frame(sequence)] == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (MotTable.of([2], [-1], [[0, 0, 5, 5]], conf=[1.5]), "x: a detection of frame 2 has score 1.5"),
        (MotTable.of([9], [-1], [[0, 0, 5, 5]]), "x: the detections go to frame 9, the sequence ends at 5"),
    ],
)
def test_what_does_not_fit_is_a_sentence(table, sentence):
    with pytest.raises(DataError, match=sentence):
        detections_by_frame(MotSequence("x", MotTable.empty(), table, 5))


def test_a_sequence_is_tracked_and_scored():
    pytest.importorskip("trackeval", reason="needs the eval extra")
    done = []
    _, sequence = film()
    found = replay("bytetrack", lambda: Tracker("bytetrack"), [sequence], lambda *step: done.append(step))
    assert found.scores.combined.mota > 85
    assert found.scores.combined.truth_ids == 10
    assert found.track_ms.p50 > 0
    assert done == [(1, 1)]
