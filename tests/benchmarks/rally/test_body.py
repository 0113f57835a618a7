"""People have bones: whatever they do, these keep their lengths."""

from dataclasses import replace

import numpy as np
import pytest

from numa_benchmarks.rally import body
from numa_benchmarks.rally.body import FLIP, JOINTS, Stance, joints_of
from numa_benchmarks.rally.players import make_players
from numa_benchmarks.rally.script import write_script
from numa_benchmarks.rally.sports import Sport

STILL = Stance(np.zeros(2), 0.0, 1.8, 0.0, 0.0, 0.04, 0.1, 0.0, None, right_handed=True)
BONES = (
    (body.LEFT_HIP, body.LEFT_KNEE, body.THIGH),
    (body.LEFT_KNEE, body.LEFT_ANKLE, body.SHIN),
    (body.LEFT_SHOULDER, body.LEFT_ELBOW, body.UPPER_ARM),
    (body.LEFT_ELBOW, body.LEFT_WRIST, body.FOREARM),
    (body.RIGHT_HIP, body.RIGHT_KNEE, body.THIGH),
    (body.RIGHT_KNEE, body.RIGHT_ANKLE, body.SHIN),
    (body.RIGHT_SHOULDER, body.RIGHT_ELBOW, body.UPPER_ARM),
    (body.RIGHT_ELBOW, body.RIGHT_WRIST, body.FOREARM),
)


def lengths(joints):
    return np.array([np.linalg.norm(joints[a] - joints[b]) for a, b, _ in BONES])


@pytest.mark.parametrize("sport", list(Sport))
def test_bones_keep_their_lengths_through_a_whole_rally(sport):
    rng = np.random.default_rng(5)
    script = write_script(sport.court, (1, 1), 4.0, rng)
    for player in make_players(sport.court, (1, 1), script, 4.0, rng):
        wanted = np.array([share for *_, share in BONES]) * player.height
        for frame in range(100):
            found = lengths(joints_of(player.stance(frame / 25, 1 / 25)))
            assert found == pytest.approx(wanted, rel=0.03), f"frame {frame}"


def test_a_hand_reaches_what_is_near_and_stretches_towards_what_is_not():
    near = joints_of(STILL)[body.RIGHT_SHOULDER] + [0.3, 0.0, 0.1]
    assert joints_of(replace(STILL, reach=near))[body.RIGHT_WRIST] == pytest.approx(near)
    left = joints_of(replace(STILL, reach=near, right_handed=False))
    assert np.linalg.norm(left[body.LEFT_WRIST] - near) < np.linalg.norm(joints_of(STILL)[body.LEFT_WRIST] - near)
    joints = joints_of(replace(STILL, reach=np.array([9.0, 0.0, 1.5])))
    arm = joints[body.RIGHT_WRIST] - joints[body.RIGHT_SHOULDER]
    assert np.linalg.norm(arm) == pytest.approx(0.99 * (body.UPPER_ARM + body.FOREARM) * 1.8)


def test_standing_people_are_as_tall_as_they_are_and_have_their_feet_on_the_floor():
    joints = joints_of(replace(STILL, crouch=0.0, lean=0.0))
    assert 0.85 * 1.8 < joints[:, 2].max() < 1.8
    assert joints[[body.LEFT_ANKLE, body.RIGHT_ANKLE], 2].min() == pytest.approx(body.ANKLE * 1.8)
    assert joints_of(replace(STILL, jump=0.5))[:, 2].min() == pytest.approx(body.ANKLE * 1.8 + 0.5)


def test_left_is_left_and_the_mirror_is_its_own_inverse():
    joints = joints_of(STILL)  # looks along x: left is y
    for left, right in ((1, 2), (3, 4), (5, 6), (11, 12), (15, 16)):
        assert joints[left, 1] > joints[right, 1]
        assert FLIP[left] == right
    assert [FLIP[FLIP[k]] for k in range(JOINTS)] == list(range(JOINTS))
    assert joints[body.NOSE, 0] > joints[body.LEFT_EAR, 0], "the nose is in front"
