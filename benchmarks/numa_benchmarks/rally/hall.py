"""A sports hall around a court: floor, boards in rows, chairs and tables, people who do not play, dark stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.rally.boards import Campaign
from numa_benchmarks.rally.officials import Crew
from numa_benchmarks.rally.painter import Painter, slab
from numa_benchmarks.rally.sports import Court
from numa_benchmarks.rally.stands import paint_stands

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hall:
    """Where what stands; metres from the court's middle.

    Attributes:
        court: what is played on.
        side: the boards beside it.
        back: the boards behind it.
        floor: BGR of the floor between mat and boards.
        campaign: what the boards look like.
        crew: the people who sit.
    """

    court: Court
    side: float
    back: float
    floor: Array
    campaign: Campaign
    crew: Crew

    @classmethod
    def chosen(cls, court: Court, rng: np.random.Generator) -> Hall:
        """Return a hall by chance."""
        side = court.width / 2 + rng.uniform(2.4, 4.2) + 0.4 * court.back
        back = court.length / 2 + rng.uniform(1.8, 3.2) + 1.2 * court.back
        floor = rng.uniform(10, 130) * rng.uniform(0.1, 1.2, 3)
        return cls(court, side, back, floor, Campaign.chosen(rng), Crew.chosen(rng))

    def paint_behind(self, painter: Painter, rng: np.random.Generator) -> None:
        """Paint what the court lies on and in front of."""
        paint_stands(painter.picture, painter.camera, self.side, self.back, rng)
        near = -min(self.back, -painter.camera.eye[1] - 1.5) if painter.camera.eye[1] < 0 else -self.back
        self._level(painter, -self.side - 2.0, near, self.side + 2.0, self.back + 2.0, 0.35 * self.floor)
        self._level(painter, -self.side, near, self.side, self.back, self.floor)
        if rng.random() < 0.5:  # a carpet on each side, where the umpire and the players' things are
            carpet = rng.uniform(30, 190) * rng.uniform(0.5, 1.1, 3)
            half = rng.uniform(0.08, 0.2) * self.court.length
            for sign in (-1, 1):
                inner, outer = sign * (self.court.width / 2 + 0.5), sign * self.side
                self._level(painter, min(inner, outer), -half, max(inner, outer), half, carpet)

    @staticmethod
    def _level(painter: Painter, x1: float, y1: float, x2: float, y2: float, colour: Array) -> None:
        """Paint a part of the floor, as far towards the camera as it is in front of it."""
        for share in (0.0, 0.15, 0.3, 0.45):
            corners = slab(x1, y1 + share * (y2 - y1), x2, y2, 0.0)
            if (painter.camera.project(corners)[1] > 0.5).all():
                painter.area(corners, colour)
                return

    def paint_around(self, painter: Painter, rng: np.random.Generator) -> None:
        """Paint what stands on the floor beside the court, the far first."""
        eye = painter.camera.eye
        rows = int(rng.choice([1, 2], p=[0.4, 0.6]))
        if rows == 2:
            low, step = rng.uniform(0.7, 1.1), rng.uniform(1.2, 2.0)
            wide, y = self.side * rng.uniform(0.7, 1.2), self.back + step
            start, end = np.array([-wide, y, low]), np.array([wide, y, low])
            self.campaign.row(painter, start, end, rng.uniform(0.8, 1.4), rng)
        if eye[1] < self.back:
            self.crew.line_judges(painter, self.court, self.back + 0.5 if rows == 2 else self.back - 0.6, rng)
            wide = self.side * rng.uniform(0.75, 1.0)
            height = rng.uniform(0.7, 1.0)
            start, end = np.array([-wide, self.back, 0.0]), np.array([wide, self.back, 0.0])
            self.campaign.row(painter, start, end, height, rng)
        for sign in (-1, 1):
            if sign * eye[0] > self.side - 0.5:  # the camera stands there: it looks over them
                continue
            self.crew.beyond(painter, sign * (self.side + 0.8), self.back, rng)
            near, far = np.array([sign * self.side, -0.9 * self.back, 0.0]), np.array([sign * self.side, self.back, 0])
            start, end = (near, far) if sign < 0 else (far, near)
            if rng.random() < 0.85:
                self.campaign.row(painter, start, end, rng.uniform(0.7, 1.0), rng)
        self.crew.beside(painter, self.court, self.side, self.campaign, rng)
