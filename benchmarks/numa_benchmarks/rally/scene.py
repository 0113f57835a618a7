"""One scene: a script, its players and a camera, frame by frame, with exact labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.rally import body
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.court import paint_court
from numa_benchmarks.rally.film import Film, paint_ball
from numa_benchmarks.rally.looks import Look
from numa_benchmarks.rally.net import paint_net
from numa_benchmarks.rally.overlay import choose_overlays
from numa_benchmarks.rally.people import paint_player
from numa_benchmarks.rally.players import Player, make_bystanders, make_players
from numa_benchmarks.rally.script import Script, write_script
from numa_benchmarks.rally.seen import PaintedBall, labels_of
from numa_benchmarks.rally.shadows import Shadows
from numa_benchmarks.rally.sports import Court, Sport
from numa_benchmarks.rally.view import Shake, choose_camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

HALL = 0.75
"""How often a court lies in a hall with boards and stands; the rest have plain surroundings."""

SINGLES = 0.6
"""How often one plays against one, where two may play together."""

SUBFRAMES = 7
"""Places of the ball within one exposure."""


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """A frame and what is in it.

    Attributes:
        image: uint8 (H, W, 3) BGR.
        labels: what is seen.
        players: whose the boxes are: a number for each, the same through the whole scene.
    """

    image: Picture
    labels: FrameLabels
    players: tuple[int, ...]


class Scene:
    """A rally as one camera saw it; the same seed gives the same pixels.

    Args:
        sport: what is played.
        seed: of everything that is left to chance.
        size: (height, width) in pixels.
        frames: how many.
        fps: frames per second.
    """

    def __init__(self, sport: Sport, seed: int, size: tuple[int, int], frames: int, fps: float = 30.0) -> None:
        self.sport, self.seed, self.size, self.frames, self.fps = sport, seed, size, frames, fps

    def __iter__(self) -> Iterator[SceneFrame]:
        rng = np.random.default_rng([self.seed, list(Sport).index(self.sport)])
        court, seconds = self.sport.court, self.frames / self.fps
        sides = _sides(court, rng)
        script = write_script(court, sides, seconds, rng)
        players = make_players(court, sides, script, seconds, rng)
        crew = make_bystanders(court, seconds, rng)
        camera = choose_camera(court, self.size, rng)
        stage = _Stage(court, camera, Film.chosen(self.size, rng), script, players, crew, rng)
        shake = Shake(rng, self.fps)
        for frame in range(self.frames):
            yield stage.shoot(shake.next(camera), frame / self.fps, 1 / self.fps)


class _Stage:
    """Everything that is painted, in the order in which it hides what lies behind it."""

    def __init__(
        self,
        court: Court,
        camera: Camera,
        film: Film,
        script: Script,
        players: list[Player],
        crew: list[Player],
        rng: np.random.Generator,
    ) -> None:
        self._court, self._camera, self._film, self._script = court, camera, film, script
        self._players, self._crew = players, crew
        self._canvas = paint_court(court, camera, rng, hall=rng.random() < HALL)
        self._overlays = choose_overlays(camera.size, rng)
        self._looks = [Look.chosen(rng) for _ in [*players, *crew]]
        if rng.random() < 0.3:  # a side in one colour
            shirt = self._looks[0].colours["shirt"]
            for look in self._looks[: len(players)]:
                look.colours["shirt"] = look.colours["sleeve"] = shirt
        light = float(rng.uniform(0.75, 1.15))
        self._lights = [light] * len(players) + [light * float(rng.uniform(0.15, 0.6))] * len(crew)
        self._shadows = Shadows.chosen(rng)
        self._net = (np.full(3, rng.uniform(0, 110)), float(rng.uniform(0.06, 0.35)))
        self._ball = _ball_colour(court, rng)

    def shoot(self, camera: Camera, time: float, seconds: float) -> SceneFrame:
        """Return the frame at `time`."""
        picture = self._canvas.seen_by(camera, self._camera)
        people = [(one, self._joints(one, time, seconds), look) for one, look in zip(
            [*self._players, *self._crew], self._looks, strict=True
        )]  # fmt: skip
        ball = self._script.ball_at(time)
        for one, (joints, _), _ in people[: len(self._players)]:
            self._shadows.paint(picture, camera, joints, one.height)
        order = sorted(range(len(people)), key=lambda k: -float(camera.project(people[k][1][0])[1].mean()))
        depth = -1.0 if ball is None else float(camera.project(ball)[1])
        boxes: dict[int, Array] = {}
        netted, painted = False, None
        for place in order:
            one, (joints, tip), look = people[place]
            far = float(camera.project(joints)[1].mean())
            if ball is not None and painted is None and far <= depth:
                netted = self._net_before(picture, camera, ball, netted)
                painted = self._paint_ball(picture, camera, time, seconds)
            shown = picture if netted or painted is None else picture.copy()
            if not netted and (netted := self._net_before(picture, camera, joints.mean(0), netted)) and painted:
                painted = painted.veiled(shown, picture, self._net[1])
            boxes[place] = paint_player(picture, camera, joints, one.height, look, tip, self._lights[place])
        if ball is not None and painted is None:
            netted = self._net_before(picture, camera, ball, netted)
            painted = self._paint_ball(picture, camera, time, seconds)
        if not netted:
            shown = picture.copy()
            paint_net(picture, camera, self._court, *self._net)
            painted = painted and painted.veiled(shown, picture, self._net[1])
        for overlay in self._overlays:
            overlay.lay(picture, time)
        point = None if painted is None or painted.hidden(picture) else painted.point
        labels, players = labels_of(camera, [(people[k][1][0], boxes[k]) for k in range(len(self._players))], point)
        return SceneFrame(self._film.develop(picture, round(time / seconds)), labels, players)

    def _joints(self, one: Player, time: float, seconds: float) -> tuple[Array, Array | None]:
        stance = one.stance(time, seconds)
        joints = body.joints_of(stance)
        if not one.court.racket or not one.hits:
            return joints, None
        wrist, elbow = (body.RIGHT_WRIST, body.RIGHT_ELBOW) if one.right_handed else (body.LEFT_WRIST, body.LEFT_ELBOW)
        return joints, one.racket_tip(joints[wrist], joints[elbow], stance.reach)

    def _net_before(self, picture: Picture, camera: Camera, place: Array, done: bool) -> bool:
        """Paint the net once something stands on the camera's side of it."""
        if not done and place[1] * camera.eye[1] > 0:
            paint_net(picture, camera, self._court, *self._net)
            return True
        return done

    def _paint_ball(self, picture: Picture, camera: Camera, time: float, seconds: float) -> PaintedBall | None:
        """Paint the ball over its way during the exposure; None where it is out of the picture."""
        half = self._film.exposure * seconds / 2
        times = time + np.linspace(-half, half, SUBFRAMES)
        places = [place for moment in times.tolist() if (place := self._script.ball_at(moment)) is not None]
        if not places:
            return None
        way, depth = camera.project(np.array(places))
        height, width = camera.size
        middle = way[len(way) // 2]
        if depth.min() < 0.5 or not ((middle >= 0) & (middle < (width, height))).all():
            return None
        radius = max(0.6, float(camera.focal * self._court.ball / 2 / depth.mean()))
        low = np.maximum(np.floor(way.min(0) - radius - 2).astype(int), 0)
        high = np.ceil(way.max(0) + radius + 2).astype(int) + 1
        part = picture[low[1] : high[1], low[0] : high[0]]
        before = part.copy()
        cover = paint_ball(picture, way, radius, self._ball)
        return PaintedBall(
            middle, cover, (int(low[0]), int(low[1])), before, part.copy(), np.zeros(part.shape[:2], np.bool_)
        )


def _sides(court: Court, rng: np.random.Generator) -> tuple[int, int]:
    fewest, most = court.side
    alone = fewest == 1 and rng.random() < SINGLES
    count = 1 if alone else int(rng.integers(max(fewest, min(2, most)), most + 1))
    return count, count


def _ball_colour(court: Court, rng: np.random.Generator) -> Array:
    """Return BGR: white, mostly lit by all lamps, or the sport's own colour."""
    if 0.06 < court.ball < 0.07 and court.bounce:
        return np.array([60.0, 235, 215]) * rng.uniform(0.75, 1.08)
    if court.surface and rng.random() < 0.3:
        return np.array([40.0, 140, 245])
    light = rng.uniform(205, 255) if rng.random() < 0.7 else rng.uniform(150, 230)
    return np.clip(np.full(3, light) + rng.normal(0, 6, 3), 0, 255)
