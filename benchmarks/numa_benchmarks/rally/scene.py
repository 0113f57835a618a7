"""One scene: a script, its players and a camera, frame by frame, with exact labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numa_benchmarks.labels.rally_records import FrameLabels
from numa_benchmarks.rally import body
from numa_benchmarks.rally.camera import Camera
from numa_benchmarks.rally.court import paint_court, paint_net
from numa_benchmarks.rally.film import Film, paint_ball
from numa_benchmarks.rally.people import Look, paint_player, paint_shadow
from numa_benchmarks.rally.players import Player, make_players
from numa_benchmarks.rally.script import Script, write_script
from numa_benchmarks.rally.sports import Court, Sport
from numa_benchmarks.rally.view import Shake, choose_camera

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]

SUBFRAMES = 7
"""Places of the ball within one exposure."""

HIDDEN = 0.7
"""A ball of which more than this share is painted over is not labelled: nobody could point at it."""

FAINTEST = 3.0
"""Grey levels by which a ball must differ from what is behind it to be labelled."""


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
        crew = _bystanders(court, rng, seconds)
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
        self._court, self._camera, self._film, self._script, self._rng = court, camera, film, script, rng
        self._players, self._crew = players, crew
        self._canvas = paint_court(court, camera, rng)
        self._looks = [Look.chosen(rng) for _ in [*players, *crew]]
        if rng.random() < 0.3:  # a side in one colour
            shirt = rng.uniform(0, 255, 3)
            for look in self._looks[: len(players)]:
                look.colours["shirt"] = look.colours["sleeve"] = shirt
        self._light = float(rng.uniform(0.6, 1.1))
        self._shadow = float(rng.uniform(0.0, 0.6))
        self._net = (rng.uniform(0, 140, 3), float(rng.uniform(0.1, 0.5)))
        self._ball = _ball_colour(court, rng)

    def shoot(self, camera: Camera, time: float, seconds: float) -> SceneFrame:
        """Return the frame at `time`."""
        picture = self._canvas.seen_by(camera, self._camera)
        people = [(one, self._joints(one, time, seconds), look) for one, look in zip(
            [*self._players, *self._crew], self._looks, strict=True
        )]  # fmt: skip
        ball = self._script.ball_at(time)
        for one, (joints, _), _ in people:
            paint_shadow(picture, camera, joints, one.height, self._shadow)
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
            netted = self._net_before(picture, camera, joints.mean(0), netted)
            boxes[place] = paint_player(picture, camera, joints, one.height, look, tip, self._light)
        if ball is not None and painted is None:
            netted = self._net_before(picture, camera, ball, netted)
            painted = self._paint_ball(picture, camera, time, seconds)
        if not netted:
            paint_net(picture, camera, self._court, *self._net)
        point = None if painted is None or painted.hidden(picture) else painted.point
        labels, players = self._labels(camera, [(people[k][1][0], boxes[k]) for k in range(len(self._players))], point)
        return SceneFrame(self._film.develop(picture, self._rng), labels, players)

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

    def _paint_ball(self, picture: Picture, camera: Camera, time: float, seconds: float) -> _Painted | None:
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
        before = picture.copy()
        cover = paint_ball(picture, way, radius, self._ball * self._light)
        low = np.maximum(np.floor(way.min(0) - radius - 2).astype(int), 0)
        return _Painted(middle, cover, (int(low[0]), int(low[1])), before, picture.copy())

    def _labels(
        self, camera: Camera, players: list[tuple[Array, Array]], ball: Array | None
    ) -> tuple[FrameLabels, tuple[int, ...]]:
        height, width = camera.size
        boxes, points, numbers = [], [], []
        for number, (joints, box) in enumerate(players):
            cut = np.clip(box, 0, [width, height, width, height])
            if (cut[2] - cut[0]) * (cut[3] - cut[1]) < 0.15 * (box[2] - box[0]) * (box[3] - box[1]):
                continue
            boxes.append(cut)
            points.append(_keypoints(camera, joints))
            numbers.append(number)
        shaped = np.array(points).reshape(len(boxes), body.JOINTS, 3)
        return FrameLabels.of([] if ball is None else [ball], boxes, shaped), tuple(numbers)


@dataclass(frozen=True, slots=True)
class _Painted:
    """A painted ball: where, how opaque, and the picture before and after."""

    point: Array
    cover: Array
    corner: tuple[int, int]
    before: Picture
    after: Picture

    def hidden(self, picture: Picture) -> bool:
        """Whether it cannot be seen in the finished picture: painted over, or of the colour of what is behind it."""
        if not self.cover.size or self.cover.max() < 0.02:
            return True
        (x, y), (height, width) = self.corner, self.cover.shape
        part = (slice(y, y + height), slice(x, x + width))
        over = (picture[part] != self.after[part]).any(2)
        if float((self.cover * over).sum() / self.cover.sum()) > HIDDEN:
            return True
        weight = self.cover / self.cover.sum()
        change = np.abs(self.after[part].astype(float) - self.before[part].astype(float)).mean(2)
        return float((change * weight).sum()) < FAINTEST


def _keypoints(camera: Camera, joints: Array) -> Array:
    """Return (17, 3) x, y, visibility: 2, or 0 outside the picture and for a face that is turned away."""
    pixels, depth = camera.project(joints)
    height, width = camera.size
    seen = np.asarray(np.logical_and(pixels >= 0, pixels < (width, height)).all(axis=1))
    middle = (joints[body.LEFT_EAR] + joints[body.RIGHT_EAR]) / 2
    to_camera = (camera.eye - middle) / np.linalg.norm(camera.eye - middle)
    ahead = joints[body.NOSE] - middle
    left = joints[body.LEFT_EAR] - middle
    ahead, left = ahead / np.linalg.norm(ahead), left / np.linalg.norm(left)
    facing, sideways = float(ahead @ to_camera), float(left @ to_camera)
    seen[[body.NOSE, body.LEFT_EYE, body.RIGHT_EYE]] &= facing > -0.2
    seen[body.LEFT_EYE] &= sideways > -0.85
    seen[body.RIGHT_EYE] &= sideways < 0.85
    seen[body.LEFT_EAR] &= sideways > -0.5
    seen[body.RIGHT_EAR] &= sideways < 0.5
    visible = np.where(seen & (depth > 0.3), 2.0, 0.0)
    return np.concatenate([pixels * (visible[:, None] > 0), visible[:, None]], 1)


def _sides(court: Court, rng: np.random.Generator) -> tuple[int, int]:
    count = int(rng.integers(court.side[0], court.side[1] + 1))
    return count, count


def _bystanders(court: Court, rng: np.random.Generator, seconds: float) -> list[Player]:
    """Return people who do not play: judges and ball kids beside the court, in two scenes of five."""
    if rng.random() > 0.4:
        return []
    people = make_players(court, (int(rng.integers(1, 4)), 0), Script((), ()), seconds, rng)
    for one in people:
        side = rng.choice([-1, 1])
        place = np.array([side * (court.width / 2 + rng.uniform(0.8, 2.5)), rng.uniform(-0.9, 1.3) * court.length / 2])
        one.wander = place + 0.1 * (one.wander - one.home)
        one.home, one.facing = place, float(np.pi if side > 0 else 0.0)
    return people


def _ball_colour(court: Court, rng: np.random.Generator) -> Array:
    """Return BGR: white, or the sport's own colour."""
    if 0.06 < court.ball < 0.07 and court.bounce:
        return np.array([60.0, 235, 215]) * rng.uniform(0.75, 1.08)
    if court.surface and rng.random() < 0.3:
        return np.array([40.0, 140, 245])
    return np.clip(np.full(3, rng.uniform(190, 255)) + rng.normal(0, 8, 3), 0, 255)
