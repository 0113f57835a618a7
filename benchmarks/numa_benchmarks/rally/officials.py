"""People who do not play and are not labelled: they sit, off the court, and stay where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally import body
from numa_benchmarks.rally.boards import Campaign, lettering
from numa_benchmarks.rally.body import SHIN, THIGH, Stance, joints_of
from numa_benchmarks.rally.looks import Look
from numa_benchmarks.rally.painter import Painter
from numa_benchmarks.rally.people import paint_player
from numa_benchmarks.rally.sports import Court

Array = NDArray[np.float64]

_SEAT = 0.46
"""Height of a chair, metres."""


def seated(place: Array, facing: float, height: float, seat: float, rng: np.random.Generator) -> Array:
    """Return the joints (17, 3), metres, of somebody who sits.

    Args:
        place: (2,) of the hips.
        facing: radians, 0 along x.
        height: of the person, metres.
        seat: of what they sit on above the floor, metres.
        rng: how they hold themselves.
    """
    up = np.array([0.0, 0.0, 1.0])
    ahead = np.array([np.cos(facing), np.sin(facing), 0.0])
    left = np.array([-ahead[1], ahead[0], 0.0])
    crouch = THIGH + SHIN + body.ANKLE - 0.01 - _SEAT / height
    lap = np.array([*place, seat]) + height * (0.16 * ahead + 0.02 * up)
    stance = Stance(
        place, facing, height, 0.0, 0.0, crouch, float(rng.uniform(-0.05, 0.35)), seat - _SEAT, lap,
        right_handed=bool(rng.random() < 0.5),
    )  # fmt: skip
    joints = joints_of(stance)
    for hip, knee, ankle, sign in (
        (body.LEFT_HIP, body.LEFT_KNEE, body.LEFT_ANKLE, 1),
        (body.RIGHT_HIP, body.RIGHT_KNEE, body.RIGHT_ANKLE, -1),
    ):
        joints[knee] = joints[hip] + height * THIGH * (ahead + 0.15 * sign * left) / np.hypot(1, 0.15)
        slant = rng.uniform(-0.3, 0.2)
        joints[ankle] = joints[knee] + height * SHIN * (slant * ahead - up) / np.hypot(1, slant)
    return joints


@dataclass(frozen=True, slots=True)
class Crew:
    """What the officials of an event wear, and how much light falls on them and on those beyond the boards."""

    uniform: Look
    light: float
    beyond_light: float

    @classmethod
    def chosen(cls, rng: np.random.Generator) -> Crew:
        """Return a crew by chance: mostly in dark clothes with long trousers."""
        look = Look.chosen(rng)
        cloth = rng.uniform(5, 60) * rng.uniform(0.4, 1.3, 3) if rng.random() < 0.75 else rng.uniform(20, 200, 3)
        trousers = rng.uniform(8, 60) * np.ones(3)
        colours = {"shirt": cloth, "sleeve": cloth, "forearm": cloth, "shorts": trousers, "shin": trousers}
        return cls(Look({**look.colours, **colours}), float(rng.uniform(0.35, 0.95)), float(rng.uniform(0.1, 0.6)))

    def _sit(self, painter: Painter, place: Array, facing: float, seat: float, rng: np.random.Generator) -> None:
        """Paint an official on a chair."""
        height = float(rng.uniform(1.6, 1.85))
        chair = np.array([*place, seat])
        dark = rng.uniform(5, 60) * np.ones(3) * self.light
        painter.block(chair - np.array([0.22, 0.22, min(seat, _SEAT)]), chair + np.array([0.22, 0.22, -0.04]), dark)
        look = self.uniform
        skin = np.array([105.0, 145, 205]) * rng.uniform(0.35, 1.1)
        look = replace(look, colours={**look.colours, "skin": skin})
        joints = seated(place, facing + float(rng.normal(0, 0.15)), height, seat, rng)
        if (painter.camera.project(joints)[1] > 1.0).all():
            paint_player(painter.picture, painter.camera, joints, height, look, None, self.light)

    def line_judges(self, painter: Painter, court: Court, y: float, rng: np.random.Generator) -> None:
        """Paint those who watch the lines from behind the far end."""
        places = [x for x in (-0.42, 0.0, 0.42) if rng.random() < 0.75]
        for share in places:
            self._sit(painter, np.array([share * court.width + rng.normal(0, 0.1), y]), -np.pi / 2, _SEAT, rng)

    def beyond(self, painter: Painter, x: float, back: float, rng: np.random.Generator) -> None:
        """Paint photographers, line judges and guests behind the boards of one side, the far ones first."""
        dim = replace(self, light=self.beyond_light)
        for y in sorted(rng.uniform(-0.9, 1.0, int(rng.integers(0, 9))) * back, reverse=True):
            other = replace(dim, uniform=self.uniform if rng.random() < 0.4 else Look.chosen(rng))
            facing = np.pi if x > 0 else 0.0
            other._sit(painter, np.array([x + rng.normal(0, 0.3), y]), facing, float(rng.uniform(0.3, 0.5)), rng)

    def beside(self, painter: Painter, court: Court, side: float, campaign: Campaign, rng: np.random.Generator) -> None:
        """Paint the umpire on a high chair, the service judge at a desk, and things between mat and boards."""
        eye = painter.camera.eye
        first = int(rng.choice([-1, 1]))
        for sign, role in ((first, "umpire"), (-first, "judge")):
            room = side - court.width / 2
            x = sign * (court.width / 2 + min(1.5, 0.55 * room) + rng.uniform(0, 0.2) * room)
            if sign * eye[0] > abs(x) - 0.5 or rng.random() < 0.15:
                continue
            facing = np.pi if sign > 0 else 0.0
            self._boxes(painter, court, sign, side, campaign, rng)
            if role == "umpire":
                self._umpire(painter, np.array([x, rng.normal(0, 0.3)]), facing, campaign, rng)
            else:
                place = np.array([x, rng.normal(0, 0.3)])
                self._sit(painter, place, facing, _SEAT, rng)
                desk = np.array([place[0] - sign * 0.75, place[1], 0.0])
                colour = campaign.grounds[0] * self.light
                painter.block(desk - np.array([0.25, 0.6, 0.0]), desk + np.array([0.25, 0.6, 0.72]), colour)

    def _umpire(
        self, painter: Painter, place: Array, facing: float, campaign: Campaign, rng: np.random.Generator
    ) -> None:
        """Paint a high chair with a board to the camera's side, and who sits on it."""
        seat, (x, y) = float(rng.uniform(1.3, 1.75)), place
        colour = campaign.grounds[-1] * self.light if rng.random() < 0.6 else np.full(3, rng.uniform(10, 70))
        front = y + np.sign(painter.camera.eye[1] - y) * 0.35
        corners = np.array([[x - 0.3, front, seat], [x + 0.3, front, seat], [x + 0.55, front, 0], [x - 0.55, front, 0]])
        if rng.random() < 0.6:
            painter.area(corners, colour)
            inner = corners * [1, 1, 0.6] + [0, 0, 0.2]
            mask = lettering(painter.height_of(inner), 1.0, rng)
            painter.letters(inner, mask, campaign.inks[-1] * self.light, 0.9)
        else:
            for leg in (-0.45, 0.4):
                slant = np.array([[x + leg, front, 0], [x + leg + 0.06, front, 0]])
                top = np.array([[x + 0.6 * leg + 0.06, front, seat], [x + 0.6 * leg, front, seat]])
                painter.area(np.concatenate([slant, top]), colour + 30)
        self._sit(painter, place, facing, seat, rng)

    def _boxes(
        self, painter: Painter, court: Court, sign: int, side: float, campaign: Campaign, rng: np.random.Generator
    ) -> None:
        """Paint bags, baskets, tables along the boards of one side, the far ones first."""
        for y in sorted(rng.uniform(-0.35, 0.4, int(rng.integers(0, 5))) * court.length, reverse=True):
            if abs(y) < 0.9:
                continue
            x, size = sign * (side - rng.uniform(0.4, 0.8)), rng.uniform([0.2, 0.3, 0.25], [0.35, 0.7, 0.8])
            bright = rng.random() < 0.3
            colour = np.full(3, rng.uniform(120, 230)) if bright else campaign.grounds[0] * rng.uniform(0.6, 1.2)
            low = np.array([x - size[0], y - size[1], 0.0])
            painter.block(low, low + size * np.array([2.0, 2.0, 1.0]), colour * self.light)
