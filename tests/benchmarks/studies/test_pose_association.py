"""Made-up skeletons stay with their identities, and poses are scored against boxes only."""

import json

import numpy as np
import pytest
from mot_files import write_mot

from numa_benchmarks.labels.errors import DataError
from numa_benchmarks.labels.mot import MotTable
from pose_association import measure, read_clips
from pose_scenes import LEVELS, Noise, Skeletons, covered, detections, drawn_together

PERFECT = Noise("none", 0.0, 0.0, 0.0, 0.0)


def two_people(frames=20):
    """Two that walk through each other, the second in front."""
    rows = [
        (f, i, 100 + (8 * f if i == 1 else 160 - 8 * f), 50 + 5 * i, 40, 100)
        for f in range(1, frames + 1)
        for i in (1, 2)
    ]
    return MotTable.of([r[0] for r in rows], [r[1] for r in rows], [r[2:] for r in rows])


def poses(count=6):
    rng = np.random.default_rng(0)
    return np.concatenate([rng.uniform(0, 1, (count, 17, 2)), np.ones((count, 17, 1))], axis=2)


def test_a_skeleton_moves_slowly_from_pose_to_pose_and_keeps_its_identity():
    skeletons = Skeletons(poses(), np.random.default_rng(1), 10)
    course = np.array([skeletons.at(3, frame)[:, :2] for frame in range(60)])
    assert np.abs(np.diff(course, axis=0)).max() <= 0.1 + 1e-9  # a tenth of the way between two poses
    assert np.abs(course[0] - course[30]).max() > 0.1
    assert np.array_equal(skeletons.at(3, 7), skeletons.at(3, 7))


def test_poses_can_be_made_alike():
    spread = [drawn_together(poses(), alike)[..., :2].std(axis=0).mean() for alike in (0.0, 0.5, 1.0)]
    assert spread[0] > 0.2
    assert spread[1] == pytest.approx(spread[0] / 2)
    assert spread[2] == pytest.approx(0.0)


def test_what_is_covered_lies_behind_and_keypoints_go_with_it():
    cover, front = covered(np.array([[0.0, 0, 10, 20], [5, 5, 15, 25], [50, 0, 60, 20]]))
    assert cover.tolist() == [0.375, 0.0, 0.0]
    assert front[0] == 1
    apart, through = [], []
    for number, (_, points) in enumerate(detections(two_people(), 20, poses(), PERFECT, np.random.default_rng(2))):
        (through if number in (8, 9, 10) else apart).append((points[..., 2] == 0).mean())
    assert max(apart[:3]) == 0.0
    assert np.mean(through) > 0.2


def test_without_noise_detections_are_the_truth_and_noise_is_that_of_its_level():
    truth = two_people()
    rows, points = next(detections(truth, 1, poses(), PERFECT, np.random.default_rng(0)))
    assert rows[:, :4].tolist() == [[108, 55, 148, 155], [252, 60, 292, 160]]
    assert ((points[..., :2] >= rows[:, None, :2]) & (points[..., :2] <= rows[:, None, 2:4])).all()
    counts = []
    for noise in LEVELS:
        found = list(detections(truth, 20, poses(), noise, np.random.default_rng(3)))
        assert all(len(rows) == len(points) and np.isfinite(points).all() for rows, points in found)
        counts.append(sum(int((rows[:, 4] < 0.5).sum()) for rows, _ in found))
    assert counts[0] < counts[2]


def test_every_weight_is_compared_with_boxes_only(tmp_path, capsys):
    pytest.importorskip("trackeval")
    for name in ("a", "b", "c"):
        (tmp_path / "truth" / name / "gt").mkdir(parents=True)
        write_mot(tmp_path / "truth" / name / "gt" / "gt.txt", two_people())
    assert [name for name, _ in read_clips(tmp_path / "truth", 2, 10)] == ["a", "c"]
    assert read_clips(tmp_path / "truth", 1, 10)[0][1].last_frame == 10
    whole = np.concatenate([poses(1)[0, :, :2] * [40, 100] + [10, 10], np.full((17, 1), 2)], axis=1)
    person = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 100], "area": 2000, "iscrowd": 0}
    person |= {"keypoints": whole.ravel().tolist(), "num_keypoints": 17}
    (tmp_path / "a.jpg").write_bytes(b"")
    labels = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 200}],
        "annotations": [person],
        "categories": [{"id": 1, "name": "person", "keypoints": [str(i) for i in range(17)]}],
    }
    (tmp_path / "poses.json").write_text(json.dumps(labels))
    outcomes = measure(tmp_path / "truth", tmp_path / "poses.json", 2, 20, "sort", (0.0, 0.3), 10)
    assert [(o.noise, o.pose_weight) for o in outcomes] == [(n.name, w) for n in LEVELS for w in (0.0, 0.3)]
    assert {(o.hota_gain, o.better, o.worse) for o in outcomes if o.pose_weight == 0} == {(0.0, 0, 0)}
    assert all(0 < o.hota <= 100 for o in outcomes)
    assert len(capsys.readouterr().out.splitlines()) == len(outcomes)
    person["keypoints"] = [0.0] * 51
    (tmp_path / "poses.json").write_text(json.dumps(labels))
    with pytest.raises(DataError, match="has no pose with enough labelled keypoints"):
        measure(tmp_path / "truth", tmp_path / "poses.json", 2, 20, "sort", (0.3,), 10)
