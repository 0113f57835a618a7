"""BoostTrack's similarity in plain numpy, from its formulas, on what the plain family shares. Slow, and plain."""

import numpy as np
from plain_tracker import PlainTracker, iou

FARTHEST = 13.2767


class PlainBoostTrack(PlainTracker):
    """One association of all tracks, by a similarity that is more than the overlap."""

    def __init__(self, params):
        super().__init__(params)
        self.one_pool = True

    def update(self, rows, dt=1.0, warp=None, features=None):
        """Take a frame; return (m, 8) box, id, score, class, index, sorted by id."""
        p = self.params
        self.frame, self.clock, self.ended = self.frame + 1, self.clock + dt, []
        found = [f for i, row in enumerate(rows) if (f := self.read(row, i, features)).score > p.track_low_thresh]
        pool = self.tracked + self.lost
        for track in pool:
            track.filter.predict(dt, hold_size=not track.tracked)
        if warp is not None:
            for track in pool:
                track.warp(warp)
        overlap = iou([t.box for t in pool], [f.box for f in found]) * self.same(pool, found)
        raised = [max([f.score, *(p.likely_boost * overlap[:, j])]) for j, f in enumerate(found)]
        high = [j for j, score in enumerate(raised) if score >= p.track_high_thresh]
        likely, scores = [found[j] for j in high], np.array([raised[j] for j in high])
        overlap = overlap[:, high].reshape(len(pool), len(high))
        alike = np.array([[t.feature @ f.feature if p.with_reid else 0 for f in likely] for t in pool])
        alike = alike.reshape(overlap.shape)
        near = 1 - overlap < p.match_thresh
        allowed = near | (overlap >= p.proximity_thresh) & (alike >= p.appearance_thresh) & p.with_reid
        sure = np.array([self.confidence(t) for t in pool]).reshape(-1, 1) * scores * near
        shapes = np.exp([[-self.unlike(t, f) for f in likely] for t in pool]).reshape(overlap.shape)
        similarity = overlap + p.confidence_weight * sure * overlap + p.shape_weight * sure * shapes
        similarity += p.distance_weight * self.expected(pool, likely, overlap)
        similarity += p.appearance_weight * np.maximum(alike, 0) * p.with_reid
        rest, left = self.associate(pool, likely, 100 - similarity, allowed & self.same(pool, likely), 100)
        newly_lost = [t for t in rest if t.tracked]
        for track in newly_lost:
            track.tracked = False
        left += [f for j, f in enumerate(found) if j not in high]
        births = [f for f in left if f.score >= max(p.birth_thresh, p.track_high_thresh)]
        born = [self.start(f) for f in sorted(births, key=lambda f: f.index)]
        self.merge(newly_lost, born, [])
        shown = self.rows()
        self.ended = [number for births in self.ended if (number := self.number(births))]
        return shown

    def confidence(self, track):
        age = self.frame - track.start
        return 0.9 ** (7 - age) if age < 7 else 0.9 ** max(0, self.clock - track.seen - 1)

    @staticmethod
    def unlike(track, found):
        (w, h), (wd, hd) = track.filter.sides(), found.xywh[2:]
        return abs(w - wd) / max(w, wd) + abs(h - hd) / max(h, hd)

    def expected(self, tracks, found, overlap):
        """Return the softmax over each track's detections, what does not touch being as far as far can be."""
        d2 = np.full(overlap.shape, FARTHEST)
        for i, track in enumerate(tracks):
            variances = np.diag(track.filter.cov)[:4] + np.diag(track.filter.noise())
            for j, f in enumerate(found):
                if overlap[i, j] > 0:
                    d2[i, j] = min(FARTHEST, ((f.z(self.kind) - track.filter.mean[:4]) ** 2 / variances).sum())
        weight = np.exp(FARTHEST - d2)
        return np.where(d2 < FARTHEST, weight / weight.sum(1, keepdims=True) if weight.size else 0, 0)
