"""Labels on disk say what labels in memory say; (0, 0) and the edges of the frame do not eat any."""

import json

import numpy as np

from numa_benchmarks.labels.annotation import read_annotation
from numa_benchmarks.labels.ball import read_ball_csv
from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.labels.write_annotation import annotation_text, ball_text, mot_rows

SHAPE = (48, 64)


def back(tmp_path, labels):
    (tmp_path / "annotation.json").write_text(annotation_text(labels, SHAPE))
    return read_annotation(tmp_path / "annotation.json", shape=SHAPE)


def test_a_ball_in_the_corner_and_one_at_the_very_edge_stay_there(tmp_path):
    labels = [FrameLabels.of([[0, 0]]), FrameLabels.of([[63.999, 47.999]]), FrameLabels.of([[0.001, 5]])]
    found = back(tmp_path, labels)
    for number, made in enumerate(labels):
        np.testing.assert_allclose(found.frames[number].balls, made.balls, atol=0.02)
    assert len(found.left_out) == 0
    (tmp_path / "ball.csv").write_text(ball_text(labels, SHAPE))
    assert read_ball_csv(tmp_path / "ball.csv").visible.all()


def test_visibility_and_several_balls(tmp_path):
    points = np.array([[[5, 6, 1], [0, 0, 2], [9, 9, 0]]])
    labels = FrameLabels.of([[1, 2], [3, 4]], [[2, 3, 20, 30]], points)
    [found] = back(tmp_path, [labels]).frames.values()
    assert found.balls.tolist() == [[1, 2], [3, 4]]
    np.testing.assert_allclose(found.keypoints, [[[5, 6, 1], [0.01, 0.01, 2], [0, 0, 0]]], atol=1e-6)


def test_frames_nobody_looked_at_are_not_written_and_empty_ones_are(tmp_path):
    text = annotation_text([FrameLabels.of(), FrameLabels.unknown(), FrameLabels.of()], SHAPE)
    assert [one["Frame"] for one in json.loads(text)] == [0, 2]
    assert len(text.splitlines()) == 4, "a frame a line, so that changes can be compared"
    csv = ball_text([FrameLabels.of(), FrameLabels.unknown(), FrameLabels.of([[3, 4.567]])], SHAPE)
    assert csv.splitlines()[1:] == ["0,0,0,0", "2,1,3.00,4.57"]


def test_mot_rows_count_from_one():
    labels = FrameLabels.of([], [[2, 3, 20, 30.5], [0, 0, 5, 5]])
    assert list(mot_rows(0, (4, 0), labels)) == ["1,5,2.00,3.00,18.00,27.50,1,1,1", "1,1,0.00,0.00,5.00,5.00,1,1,1"]
