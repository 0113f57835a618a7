"""The whole tracker family in plain numpy: full matrices, eight-state filters, lists of objects. Slow, and plain.

What the compiled core does in one call is written here as the papers put it, once, for tests to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from numa_runtime.tracking.params import BotSortParams, OcSortParams, SortParams, TrackerParams
from numa_runtime.tracking.poses import sigmas_of

Vector = NDArray[np.float64]
EYE = np.eye(2, 3)


class Filter:
    """Constant velocity on four numbers of a box: mean 8, covariance 8x8.

    kind "xyah": centre, aspect, height. "xywh": centre, width, height. "xyxy": the corners, written as centre, width
    and height by the linear map between the two. "xysr": centre, area, aspect, the last without a velocity.
    """

    FREE = "xyxy", "xysr"  # sizes of tracks that are not seen go on

    def __init__(self, z: Vector, kind: str) -> None:
        self.kind = kind
        self.mean, self.cov = np.concatenate([z, np.zeros(4)]), self.first(z)

    def first(self, z: Vector) -> Vector:
        if self.kind == "xyxy":
            return self.of_corners(1.0)
        if self.kind == "xysr":
            return np.diag([10, 10, 10, 10, 1e4, 1e4, 1e4, 0.0])
        position, velocity = self.scales(z)
        std = np.concatenate([2 * position, 10 * velocity])
        if self.kind == "xyah":
            std[[2, 6]] = 1e-2, 1e-5
        return np.diag(std**2)

    @staticmethod
    def of_corners(variance: float) -> Vector:
        """Return a covariance of this variance for x1, y1, x2, y2 and their velocities, as centre and sides have it."""
        to_centre = np.array([[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [-1, 0, 1, 0], [0, -1, 0, 1]])
        return np.kron(np.eye(2), variance * to_centre @ to_centre.T)

    def process(self) -> Vector:
        if self.kind == "xyxy":
            return self.of_corners(0.01)
        if self.kind == "xysr":
            return np.diag([1, 1, 1, 1, 0.01, 0.01, 1e-4, 0.0])
        std = np.concatenate(self.scales(self.mean))
        if self.kind == "xyah":
            std[[2, 6]] = 1e-2, 1e-5
        return np.diag(std**2)

    def noise(self) -> Vector:
        if self.kind == "xyxy":
            return self.of_corners(0.1)[:4, :4]
        if self.kind == "xysr":
            return np.diag([1.0, 1, 10, 10])
        std = self.scales(self.mean)[0]
        if self.kind == "xyah":
            std[2] = 1e-1
        return np.diag(std**2)

    def scales(self, z: Vector) -> tuple[Vector, Vector]:
        sizes = np.array([z[2], z[3], z[2], z[3]]) if self.kind == "xywh" else np.full(4, z[3])
        return sizes / 20, sizes / 160

    def sides(self) -> tuple[float, float]:
        third, fourth = self.mean[2:4]
        if self.kind == "xysr":
            return np.sqrt(third * fourth), np.sqrt(third / fourth)
        return third * fourth if self.kind == "xyah" else third, fourth

    def predict(self, dt: float = 1.0, hold_size: bool = False) -> None:
        if hold_size and self.kind not in self.FREE:
            self.mean[[6, 7] if self.kind == "xywh" else [7]] = 0
        motion = np.eye(8)
        motion[:4, 4:] = dt * np.eye(4)
        moved = motion @ self.mean
        for size in (2, 3):
            if moved[size] <= 0:
                moved[size], moved[size + 4] = self.mean[size], 0
        self.cov = motion @ self.cov @ motion.T + dt * self.process()
        self.mean = moved

    def correct(self, z: Vector) -> None:
        see = np.eye(4, 8)
        gain = self.cov @ see.T @ np.linalg.inv(see @ self.cov @ see.T + self.noise())
        self.mean = self.mean + gain @ (z - see @ self.mean)
        self.cov = (np.eye(8) - gain @ see) @ self.cov

    def warp(self, matrix: Vector) -> None:
        linear, scale = matrix[:, :2], np.sqrt(abs(np.linalg.det(matrix[:, :2])))
        factors = {"xyah": (1.0, scale), "xysr": (scale**2, 1.0)}.get(self.kind, (scale, scale))
        half = np.diag([1.0, 1.0, *factors])
        half[:2, :2] = linear
        whole = np.kron(np.eye(2), half)
        self.mean = whole @ self.mean
        self.mean[:2] += matrix[:, 2]
        self.cov = whole @ self.cov @ whole.T

    def copy(self) -> Filter:
        twin = Filter(self.mean[:4], self.kind)
        twin.mean, twin.cov = self.mean.copy(), self.cov.copy()
        return twin


def measured(xywh: Vector, kind: str) -> Vector:
    """Return what a filter of this kind measures of a box."""
    x, y, w, h = xywh
    return np.array([x, y, *{"xyah": (w / h, h), "xysr": (w * h, w / h)}.get(kind, (w, h))])


@dataclass
class Found:
    """A detection: centre, size, score, class, row of the caller's, appearance, keypoints (K, 3)."""

    xywh: Vector
    score: float
    cls: float
    index: int
    feature: Vector | None = None
    points: Vector | None = None

    def z(self, kind: str) -> Vector:
        return measured(self.xywh, kind)

    @property
    def box(self) -> Vector:
        x, y, w, h = self.xywh
        return np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2])


@dataclass
class Track:
    """A track, with everything any member of the family remembers."""

    id: int
    filter: Filter
    found: Found
    start: int
    frame: int
    seen: float
    activated: bool
    tracked: bool = True
    length: int = 0
    feature: Vector | None = None
    direction: Vector = field(default_factory=lambda: np.zeros(2))
    observations: dict[int, Vector] = field(default_factory=dict)
    saved: Filter | None = None
    pose: Vector | None = None

    @property
    def box(self) -> Vector:
        (x, y), (w, h) = self.filter.mean[:2], self.filter.sides()
        return np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2])

    def likeness(self, found: Found) -> float | None:
        """Return the object keypoint similarity with a detection, None where no keypoint is seen in both."""
        if self.pose is None or found.points is None:
            return None
        points = self.pose[:, :2] * found.xywh[2:] + found.xywh[:2]
        both = (self.pose[:, 2] > 0) & (found.points[:, 2] > 0)
        squares = ((points - found.points[:, :2]) ** 2).sum(1)
        area, k = found.xywh[2] * found.xywh[3], 2 * sigmas_of(len(points))
        return float(np.exp(-squares / (2 * area * k**2))[both].mean()) if both.any() else None

    def take_pose(self, found: Found) -> None:
        if found.points is not None and (found.points[:, 2] > 0).any():
            self.pose = found.points.copy()
            self.pose[:, :2] = (self.pose[:, :2] - found.xywh[:2]) / found.xywh[2:]

    def reference(self, frame: int, delta_t: int) -> Vector:
        """Return the centre observed `delta_t` frames ago, or as near to that as there is one, or the last."""
        within = [f for f in self.observations if f >= frame - delta_t]
        return self.observations[min(within) if within else max(self.observations)][:2]

    def warp(self, matrix: Vector) -> None:
        linear, scale = matrix[:, :2], np.sqrt(abs(np.linalg.det(matrix[:, :2])))
        self.filter.warp(matrix)
        if self.saved is not None:
            self.saved.warp(matrix)
        for frame, z in self.observations.items():
            self.observations[frame] = np.concatenate([linear @ z[:2] + matrix[:, 2], z[2:] * scale])
        self.direction = unit(linear @ self.direction)


def unit(v: Vector) -> Vector:
    norm = np.linalg.norm(v)
    return v / norm if norm > 0 else np.zeros_like(v)


def iou(rows: list[Vector], columns: list[Vector]) -> Vector:
    a, b = np.array(rows).reshape(-1, 1, 4), np.array(columns).reshape(1, -1, 4)
    side = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    inter = side[..., 0] * side[..., 1]
    areas = [np.prod(c[..., 2:] - c[..., :2], -1) for c in (a, b)]
    return inter / (areas[0] + areas[1] - inter)


def match(costs: Vector, allowed: Vector, limit: float) -> list[tuple[int, int]]:
    """Return the pairs that maximise the sum of (limit - cost) over allowed pairs that cost less."""
    gain = np.where(allowed & (costs < limit), limit - costs, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gain[i, j] > 0]


class PlainTracker:
    """Any member of the family, for upright boxes."""

    def __init__(self, params: TrackerParams) -> None:
        self.params = params
        self.frame, self.clock, self.births = 0, 0.0, 0
        self.numbers: dict[int, int] = {}  # of tracks that were shown, in the order in which they were
        self.tracked: list[Track] = []
        self.lost: list[Track] = []
        self.ended: list[int] = []
        self.one_pool = isinstance(params, SortParams)
        self.kind = str(params.filter_state)

    def update(
        self,
        rows: Vector,
        dt: float = 1.0,
        warp: Vector | None = None,
        features: Vector | None = None,
        keypoints: Vector | None = None,
    ) -> Vector:
        """Take a frame; return (m, 8) box, id, score, class, index, sorted by id."""
        p = self.params
        self.frame, self.clock, self.ended = self.frame + 1, self.clock + dt, []
        found = [self.read(row, i, features) for i, row in enumerate(rows)]
        for f in found if keypoints is not None and p.pose_weight else []:
            f.points = keypoints[f.index]
        high = [f for f in found if f.score >= p.track_high_thresh]
        low = [f for f in found if p.lowest_score < f.score < p.track_high_thresh]
        sure = [t for t in self.tracked if t.activated or self.one_pool]
        unsure = [t for t in self.tracked if not (t.activated or self.one_pool)]
        pool = sure + self.lost
        for track in pool + (unsure if p.min_hits > 1 else []):
            track.filter.predict(dt, hold_size=not track.tracked)
        if warp is not None:
            for track in pool + unsure:
                track.warp(warp)
        rest, high = self.associate(pool, high, *self.first(pool, high, p.match_thresh))
        if not isinstance(p, OcSortParams):
            rest = [t for t in rest if t.tracked]
        if not self.one_pool and getattr(p, "use_byte", True):
            costs = self.costs(rest, low)
            touching = self.same(rest, low) & self.touching(rest, low)
            rest, _ = self.associate(rest, low, costs, touching, p.second_match_thresh)
        if isinstance(p, OcSortParams):
            rest, high = self.recover(rest, high)
        newly_lost = [t for t in rest if t.tracked]
        for track in newly_lost:
            track.tracked = False
        if not self.one_pool:
            unsure, high = self.associate(unsure, high, *self.first(unsure, high, p.unconfirmed_match_thresh, False))
            self.ended += [t.id for t in unsure]
        born = [self.start(f) for f in high if f.score >= p.birth_thresh]
        self.merge(newly_lost, born, unsure)
        rows = self.rows()
        self.ended = [number for births in self.ended if (number := self.number(births))]
        return rows

    @property
    def born(self) -> int:
        """How many ids were given."""
        return self.births if self.params.ids_at_birth else len(self.numbers)

    def number(self, births: int) -> int:
        """Return the id of the track that began as the `births`-th, 0 for one that was never shown."""
        return births if self.params.ids_at_birth else self.numbers.get(births, 0)

    def read(self, row: Vector, index: int, features: Vector | None) -> Found:
        x1, y1, x2, y2, score, cls = row
        feature = None if features is None else unit(features[index])
        return Found(np.array([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]), score, cls, index, feature)

    def same(self, tracks: list[Track], found: list[Found]) -> Vector:
        if not self.params.per_class:
            return np.ones((len(tracks), len(found)), bool)
        return np.array([[t.found.cls == f.cls for f in found] for t in tracks], bool).reshape(len(tracks), len(found))

    def costs(self, tracks: list[Track], found: list[Found], fuse: bool = False) -> Vector:
        overlap, weight = iou([t.box for t in tracks], [f.box for f in found]), self.params.pose_weight
        for i, track in enumerate(tracks if weight else []):
            for j, detection in enumerate(found):
                likeness = track.likeness(detection)
                if likeness is not None:
                    overlap[i, j] = (1 - weight) * overlap[i, j] + weight * likeness
        return 1 - overlap * np.array([f.score for f in found]) if fuse else 1 - overlap

    def touching(self, tracks: list[Track], found: list[Found]) -> Vector:
        """Return which pairs poses may bring together: those whose boxes overlap. Without poses, all."""
        return (iou([t.box for t in tracks], [f.box for f in found]) > 0) | (self.params.pose_weight == 0)

    def first(
        self, tracks: list[Track], found: list[Found], limit: float, momentum: bool = True
    ) -> tuple[Vector, Vector, float]:
        """Return costs, allowed pairs and limit of an association with high detections."""
        p = self.params
        costs = self.costs(tracks, found, getattr(p, "fuse_score", False))
        allowed = self.same(tracks, found) & self.touching(tracks, found)
        if isinstance(p, OcSortParams) and momentum:
            allowed = allowed & (costs < limit)
            costs, limit = costs + self.momentum(tracks, found), limit + p.inertia / 2
        if isinstance(p, BotSortParams) and p.with_reid:
            near = self.costs(tracks, found) <= 1 - p.proximity_thresh
            apart = np.array([[1 - t.feature @ f.feature for f in found] for t in tracks]).reshape(near.shape)
            alike = near & (1 - apart >= p.appearance_thresh)
            costs = np.where(alike, np.minimum(costs, apart / 2), costs)
        return costs, allowed, limit

    def momentum(self, tracks: list[Track], found: list[Found]) -> Vector:
        p = self.params
        extra = np.zeros((len(tracks), len(found)))
        for i, track in enumerate(tracks):
            for j, detection in enumerate(found):
                intention = unit(detection.xywh[:2] - track.reference(self.frame, p.delta_t))
                if intention.any() and track.direction.any():
                    angle = np.arccos(np.clip(intention @ track.direction, -1, 1))
                    extra[i, j] = p.inertia * detection.score * (angle / np.pi - 0.5)
        return extra

    def recover(self, tracks: list[Track], found: list[Found]) -> tuple[list[Track], list[Found]]:
        last = []
        for track in tracks:
            x, y, w, h = track.observations[max(track.observations)]
            last.append(np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
        costs = 1 - iou(last, [f.box for f in found])
        return self.associate(tracks, found, costs, self.same(tracks, found), self.params.recovery_match_thresh)

    def associate(
        self, tracks: list[Track], found: list[Found], costs: Vector, allowed: Vector, limit: float
    ) -> tuple[list[Track], list[Found]]:
        """Match and apply; return the tracks and detections left over."""
        pairs = match(costs, allowed, limit)
        for i, j in pairs:
            self.apply(tracks[i], found[j])
        rows, columns = {i for i, _ in pairs}, {j for _, j in pairs}
        return (
            [t for i, t in enumerate(tracks) if i not in rows],
            [f for j, f in enumerate(found) if j not in columns],
        )

    def apply(self, track: Track, found: Found) -> None:
        if isinstance(self.params, OcSortParams):
            self.observe(track, found)
        else:
            track.filter.correct(found.z(self.kind))
        track.take_pose(found)
        if found.feature is not None and found.score >= self.params.track_high_thresh:
            track.feature = found.feature if track.feature is None else unit(0.9 * track.feature + 0.1 * found.feature)
        track.length = track.length + 1 if track.tracked else 0
        if track.length >= self.params.min_hits:
            track.activated = True
        track.tracked, track.found, track.frame, track.seen = True, found, self.frame, self.clock

    def observe(self, track: Track, found: Found) -> None:
        """Re-update: after a gap, go over it again from the last observation along a straight line."""
        steps = self.frame - track.frame
        if steps > 1:
            track.filter = track.saved.copy()
            last = track.observations[track.frame]
            for k in range(1, steps + 1):
                track.filter.predict((self.clock - track.seen) / steps)
                track.filter.correct(measured(last + (found.xywh - last) * k / steps, self.kind))
        else:
            track.filter.correct(found.z(self.kind))
        track.direction = unit(found.xywh[:2] - track.reference(self.frame, self.params.delta_t))
        track.saved = track.filter.copy()
        track.observations[self.frame] = found.xywh.copy()

    def start(self, found: Found) -> Track:
        self.births += 1
        own = Filter(found.z(self.kind), self.kind)
        at_once = self.frame <= self.params.min_hits or self.params.min_hits == 0
        track = Track(self.births, own, found, self.frame, self.frame, self.clock, at_once, feature=found.feature)
        track.saved, track.observations[self.frame] = own.copy(), found.xywh.copy()
        track.take_pose(found)
        return track

    def merge(self, newly_lost: list[Track], born: list[Track], dead: list[Track]) -> None:
        p = self.params
        stale = [t for t in self.lost if not t.tracked and self.is_stale(t)]
        self.ended += [t.id for t in stale]
        gone = {t.id for t in (*stale, *dead, *newly_lost)}
        back = [t for t in self.lost if t.tracked]
        self.tracked = [t for t in self.tracked if t.id not in gone] + born + back
        self.lost = [t for t in self.lost if not t.tracked and t.id not in gone] + newly_lost
        if self.one_pool:
            return
        near = iou([t.box for t in self.tracked], [t.box for t in self.lost]) > 1 - p.duplicate_thresh
        near &= self.same(self.tracked, [t.found for t in self.lost])
        drop = set()
        for i, j in zip(*np.nonzero(near), strict=True):
            one, two = self.tracked[i], self.lost[j]
            drop.add((two if one.frame - one.start > two.frame - two.start else one).id)
        self.ended += sorted(drop)
        self.tracked = [t for t in self.tracked if t.id not in drop]
        self.lost = [t for t in self.lost if t.id not in drop]

    def is_stale(self, track: Track) -> bool:
        """Whether a lost track has been kept for long enough."""
        return self.clock - track.seen > self.params.buffer_frames + 1e-3

    def report(self, track: Track) -> Vector:
        """Return the box that is shown of a track."""
        return track.found.box if self.params.output == "matched" else track.box

    def rows(self) -> Vector:
        shown = [t for t in self.tracked if t.activated]
        for track in shown:
            self.numbers.setdefault(track.id, len(self.numbers) + 1)
        boxes = [self.report(t) for t in shown]
        tails = [[self.number(t.id), t.found.score, t.found.cls, t.found.index] for t in shown]
        out = [[*box, *tail] for box, tail in zip(boxes, tails, strict=True)]
        return np.array(sorted(out, key=lambda row: row[4])).reshape(-1, 8)
