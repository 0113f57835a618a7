"""How a player stands: 17 joints in metres, from where they are, how fast they go, and what they reach for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR = range(5)
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST = range(5, 11)
LEFT_HIP, RIGHT_HIP, LEFT_KNEE, RIGHT_KNEE, LEFT_ANKLE, RIGHT_ANKLE = range(11, 17)
JOINTS = 17
"""COCO's keypoints, in COCO's order."""

FLIP = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15)
"""Each joint's partner in a mirror."""

# Lengths as shares of the height (Winter 2009, Biomechanics and Motor Control of Human Movement, figure 4.1).
THIGH, SHIN, UPPER_ARM, FOREARM = 0.245, 0.246, 0.186, 0.16
HIP_HALF, SHOULDER_HALF, TORSO, NECK, ANKLE = 0.055, 0.108, 0.288, 0.12, 0.039
LUNGE = 0.34
"""How far a lunging foot is ahead of the hips, and the other behind them, as a share of the height."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A player at one moment.

    Attributes:
        place: (2,) on the floor, metres.
        facing: the direction of the face, radians, 0 along x.
        height: of the person, metres.
        speed: m/s; what the legs show.
        phase: of the gait, radians.
        crouch: how far the hips are lower than standing, as a share of the height.
        lean: how far the trunk leans forwards, radians.
        jump: height of the feet above the floor, metres.
        reach: where the racket hand wants to be, metres; None: at rest.
        right_handed: which hand that is.
        lunge: how far they step towards what they reach for, the racket's foot ahead: 0 to 1, as far as legs go.
    """

    place: Array
    facing: float
    height: float
    speed: float
    phase: float
    crouch: float
    lean: float
    jump: float
    reach: Array | None
    right_handed: bool
    lunge: float = 0.0


def joints_of(stance: Stance) -> Array:
    """Return the 17 joints, float64 (17, 3), metres."""
    h = stance.height
    ahead = np.array([np.cos(stance.facing), np.sin(stance.facing), 0.0])
    left = np.array([-ahead[1], ahead[0], 0.0])
    up = np.array([0.0, 0.0, 1.0])
    joints = np.zeros((JOINTS, 3))
    floor = np.array([stance.place[0], stance.place[1], stance.jump])
    pelvis = floor + up * h * (THIGH + SHIN + ANKLE - 0.01 - stance.crouch)
    spine = np.cos(stance.lean) * up + np.sin(stance.lean) * ahead
    neck = pelvis + spine * h * TORSO
    joints[LEFT_HIP], joints[RIGHT_HIP] = pelvis + left * h * HIP_HALF, pelvis - left * h * HIP_HALF
    joints[LEFT_SHOULDER], joints[RIGHT_SHOULDER] = neck + left * h * SHOULDER_HALF, neck - left * h * SHOULDER_HALF
    _legs(joints, stance, floor, ahead, left, up)
    _arms(joints, stance, ahead, left, up)
    _face(joints, neck + spine * h * NECK, h, ahead, left, up)
    return joints


def _legs(joints: Array, stance: Stance, floor: Array, ahead: Array, left: Array, up: Array) -> None:
    h = stance.height
    stride = min(0.09 * stance.speed, 0.28) * h
    apart = HIP_HALF + 0.06 * (1 - min(stance.speed / 3, 1)) + 0.5 * stance.crouch
    fore = -1 if stance.right_handed else 1
    for hip, knee, ankle, sign in ((LEFT_HIP, LEFT_KNEE, LEFT_ANKLE, 1), (RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE, -1)):
        swing, lift = np.sin(stance.phase) * sign, max(0.0, np.cos(stance.phase) * sign)
        step = (1 - stance.lunge) * stride * swing + stance.lunge * LUNGE * h * sign * fore
        foot = (
            floor
            + left * sign * apart * h
            + ahead * step
            + up * h * (ANKLE + 0.25 * (1 - stance.lunge) * stride * lift)
        )
        joints[ankle] = foot
        joints[knee] = _bend(joints[hip], foot, THIGH * h, SHIN * h, ahead + 0.2 * sign * left)


def _arms(joints: Array, stance: Stance, ahead: Array, left: Array, up: Array) -> None:
    h = stance.height
    hand = -1 if stance.right_handed else 1
    for shoulder, elbow, wrist, sign in (
        (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST, 1),
        (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST, -1),
    ):
        swing = -np.sin(stance.phase) * sign * min(0.06 * stance.speed, 0.14)
        rest = joints[shoulder] + h * (ahead * (0.14 + swing) + left * sign * 0.05 - up * 0.16)
        goal = stance.reach if stance.reach is not None and sign == hand else rest
        longest = (UPPER_ARM + FOREARM) * h * 0.99
        way = goal - joints[shoulder]
        far = float(np.linalg.norm(way))
        joints[wrist] = joints[shoulder] + way * min(1.0, longest / max(far, 1e-6))
        joints[elbow] = _bend(
            joints[shoulder], joints[wrist], UPPER_ARM * h, FOREARM * h, -ahead + 0.5 * sign * left - up
        )


def _face(joints: Array, head: Array, h: float, ahead: Array, left: Array, up: Array) -> None:
    joints[NOSE] = head + ahead * 0.06 * h
    for eye, ear, sign in ((LEFT_EYE, LEFT_EAR, 1), (RIGHT_EYE, RIGHT_EAR, -1)):
        joints[eye] = head + h * (0.05 * ahead + 0.018 * sign * left + 0.02 * up)
        joints[ear] = head + h * (0.043 * sign * left + 0.01 * up)


def _bend(start: Array, end: Array, first: float, second: float, towards: Array) -> Array:
    """Return the joint between two bones of given lengths, bent in a direction; straight where they do not reach."""
    way = end - start
    length = float(np.linalg.norm(way))
    if length < 1e-6:
        return start + first * towards / float(np.linalg.norm(towards))
    along = way / length
    reach = min(length, first + second - 1e-6)
    share = float(np.clip((first**2 + reach**2 - second**2) / (2 * first * reach), -1, 1))
    side = towards - (towards @ along) * along
    size = float(np.linalg.norm(side))
    aside = side / size if size > 1e-6 else np.zeros(3)
    joint: Array = start + first * (share * along + np.sqrt(max(0.0, 1 - share**2)) * aside)
    return joint
