"""Who does not play sits, off the court, and is in no label."""

import numpy as np
import pytest

from numa_benchmarks.rally import body, officials
from numa_benchmarks.rally import scene as scene_module
from numa_benchmarks.rally.court import MARGIN
from numa_benchmarks.rally.officials import seated
from numa_benchmarks.rally.scene import Scene
from numa_benchmarks.rally.sports import Sport

SIZE = (144, 256)


@pytest.mark.parametrize("facing", [0.0, np.pi / 2, 4.0])
def test_who_sits_has_hips_on_the_seat_and_bones_of_their_length(facing):
    joints = seated(np.array([4.0, 1.0]), facing, 1.75, 0.46, np.random.default_rng(1))
    assert joints[[body.LEFT_HIP, body.RIGHT_HIP], 2] == pytest.approx(0.46, abs=0.03)
    for hip, knee, ankle in (
        (body.LEFT_HIP, body.LEFT_KNEE, body.LEFT_ANKLE),
        (body.RIGHT_HIP, body.RIGHT_KNEE, body.RIGHT_ANKLE),
    ):
        assert np.linalg.norm(joints[hip] - joints[knee]) == pytest.approx(body.THIGH * 1.75)
        assert np.linalg.norm(joints[knee] - joints[ankle]) == pytest.approx(body.SHIN * 1.75)
        assert joints[knee, 2] == pytest.approx(joints[hip, 2]), "thighs are level"
    ahead = joints[body.LEFT_KNEE] - joints[body.LEFT_HIP]
    assert ahead @ [np.cos(facing), np.sin(facing), 0] > 0.3


def test_a_high_chair_lifts_all_of_them():
    low, high = (seated(np.zeros(2), 0.0, 1.7, seat, np.random.default_rng(2)) for seat in (0.46, 1.46))
    assert high - low == pytest.approx(np.tile([0.0, 0.0, 1.0], (body.JOINTS, 1)))


def test_officials_are_in_no_label(monkeypatch):
    """All who are painted sitting are told apart from all who are labelled."""
    sitting, places, paint = [], [], officials.paint_player

    def paint_and_note(picture, camera, joints, *rest):
        box = paint(picture, camera, joints, *rest)
        sitting.append(box - np.tile([round(MARGIN * SIZE[1]), round(MARGIN * SIZE[0])], 2))
        places.append(joints.mean(0))
        return box

    monkeypatch.setattr(officials, "paint_player", paint_and_note)
    monkeypatch.setattr(scene_module, "HALL", 1.0)
    court = Sport.BADMINTON.court
    for seed in range(8):
        sitting.clear()
        [frame] = Scene(Sport.BADMINTON, seed, SIZE, 1)
        assert len(frame.labels.boxes) <= 4
        for box in frame.labels.boxes:
            assert all(overlap(box, other) < 0.7 for other in sitting), seed
    assert len(places) > 20
    off = [abs(x) > court.width / 2 or abs(y) > court.length / 2 for x, y, _ in places]
    assert all(off)


def overlap(one, other):
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    both = np.prod(np.clip(high - low, 0, None))
    return both / (np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]) - both)
