"""Hybrid-SORT's cues in plain numpy, from their formulas, on the plain OC-SORT. Slow, and plain."""

import numpy as np
from plain_tracker import PlainTracker


def modulated(rows, columns):
    """Return the height-modulated IoU of boxes (n, 4) with boxes (m, 4), pair by pair."""
    out = np.zeros((len(rows), len(columns)))
    for i, a in enumerate(rows):
        for j, b in enumerate(columns):
            w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            if w > 0 and h > 0:
                union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
                out[i, j] = w * h / union * h / (max(a[3], b[3]) - min(a[1], b[1]))
    return out


def corners(xywh):
    x, y, w, h = xywh
    return [np.array([x + sx * w / 2, y + sy * h / 2]) for sy in (-1, 1) for sx in (-1, 1)]


def angle(a, b):
    length = np.sqrt((a @ a) * (b @ b))
    return np.arccos(np.clip(a @ b / length, -1, 1)) if length > 0 else np.pi / 2


class Scores:
    """A constant-velocity filter of a track's score, and the scores by frame."""

    def __init__(self, score, frame):
        self.mean, self.cov, self.seen = np.array([score, 0.0]), np.diag([10.0, 1e4]), {frame: score}

    def expected(self, dt):
        return self.mean[0] + dt * self.mean[1]

    def take(self, score, frame, dt):
        step = np.array([[1, dt], [0, 1]])
        mean, cov = step @ self.mean, step @ self.cov @ step.T + dt * np.diag([1, 1e-4])
        gain = cov[:, 0] / (cov[0, 0] + 10)
        self.mean, self.cov = mean + gain * (score - mean[0]), cov - np.outer(gain, cov[0])
        self.seen[frame] = score

    def line(self, frame):
        """Return where the last two scores lead, or the last one where a frame is missing."""
        last = max(self.seen)
        if last == frame - 1 and last - 1 in self.seen:
            return 2 * self.seen[last] - self.seen[last - 1]
        return self.seen[last]


class PlainHybridSort(PlainTracker):
    """OC-SORT by heights, with scores and corners."""

    def __init__(self, params):
        super().__init__(params)
        self.scores = {}  # by the track's number
        self.came_from = {}

    def costs(self, tracks, found, fuse=False):
        p = self.params
        overlap = modulated([t.box for t in tracks], [f.box for f in found])
        costs = 1 - overlap * np.array([f.score for f in found]) if fuse else 1 - overlap
        if found and found[0].score < p.track_high_thresh:  # the low ones
            for i, track in enumerate(tracks):
                expected = np.clip(self.scores[track.id].line(self.frame), p.track_low_thresh, p.track_high_thresh)
                costs[i] += [p.low_score_weight * abs(expected - f.score) for f in found]
        return costs

    def first(self, tracks, found, limit, momentum=True):
        p = self.params
        costs, allowed = self.costs(tracks, found, p.fuse_score), self.same(tracks, found)
        if not momentum:
            return costs, allowed, limit
        allowed = allowed & (costs < limit)
        for i, track in enumerate(tracks):
            expected = np.clip(self.scores[track.id].expected(self.clock - track.seen), p.track_high_thresh, 1)
            last, earlier = self.last(track), self.earlier(track)
            for j, f in enumerate(found):
                boxes = self.came_from[track.id], last, earlier, f.xywh
                ways = zip(*(corners(xywh) for xywh in boxes), strict=True)
                turn = np.mean([angle(b - a, d - c) for a, b, c, d in ways])
                costs[i, j] += p.inertia * f.score * (turn / np.pi - 0.5) + p.score_weight * abs(expected - f.score)
        return costs, allowed, limit + p.inertia / 2 + p.score_weight

    @staticmethod
    def last(track):
        return track.observations[max(track.observations)]

    def earlier(self, track):
        """Return the box observed delta_t frames ago, or as near to that as there is one, or the last."""
        within = [f for f in track.observations if f >= self.frame - self.params.delta_t]
        return track.observations[min(within) if within else max(track.observations)]

    def recover(self, tracks, found):
        last = []
        for track in tracks:
            x, y, w, h = self.last(track)
            last.append(np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
        costs = 1 - modulated(last, [f.box for f in found])
        return self.associate(tracks, found, costs, self.same(tracks, found), self.params.recovery_match_thresh)

    def observe(self, track, found):
        self.came_from[track.id] = self.earlier(track)
        self.scores[track.id].take(found.score, self.frame, self.clock - track.seen)
        super().observe(track, found)

    def start(self, found):
        track = super().start(found)
        self.scores[track.id], self.came_from[track.id] = Scores(found.score, self.frame), found.xywh.copy()
        return track

    def update(self, rows, dt=1.0, warp=None):
        if warp is not None:  # where it came from moves with the camera too
            scale = np.sqrt(abs(np.linalg.det(warp[:, :2])))
            for number, z in self.came_from.items():
                self.came_from[number] = np.concatenate([warp[:, :2] @ z[:2] + warp[:, 2], z[2:] * scale])
        return super().update(rows, dt, warp)
