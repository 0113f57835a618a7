"""FastTracker's occlusion rules in plain numpy, on what the plain family shares. Slow, and plain."""

import numpy as np
from plain_tracker import PlainTracker, iou


class PlainFastTrack(PlainTracker):
    """ByteTrack whose tracks go on for a while without a detection, longer where another covers them."""

    def __init__(self, params):
        super().__init__(params)
        self.means, self.onset = {}, {}  # by the track's number: means after updates, newest last; when it was covered

    def update(self, rows, dt=1.0, warp=None):
        """Take a frame; return (m, 8) box, id, score, class, index, sorted by id."""
        p = self.params
        self.frame, self.clock, self.ended = self.frame + 1, self.clock + dt, []
        found = [self.read(row, i, None) for i, row in enumerate(rows)]
        high = [f for f in found if f.score >= p.track_high_thresh]
        low = [f for f in found if p.track_low_thresh < f.score < p.track_high_thresh]
        sure, unsure = [t for t in self.tracked if t.activated], [t for t in self.tracked if not t.activated]
        for track in sure + self.lost + (unsure if p.min_hits > 1 else []):
            track.filter.predict(dt, hold_size=not track.tracked)
        if warp is not None:
            for track in self.tracked + self.lost:
                track.warp(warp)
                self.means[track.id] = [self.moved(track, mean, warp) for mean in self.means[track.id]]
        pool = sure + self.lost
        rest, high = self.associate(pool, high, *self.first(pool, high, p.match_thresh))
        rest = [t for t in rest if t.tracked]
        rest, _ = self.associate(rest, low, self.costs(rest, low), self.same(rest, low), p.second_match_thresh)
        matched = [t for t in pool if t.frame == self.frame]
        newly_lost = [t for t in rest if not self.goes_on(t, matched)]
        for track in newly_lost:
            track.tracked = False
        unsure, high = self.associate(unsure, high, *self.first(unsure, high, p.unconfirmed_match_thresh))
        self.ended += [t.id for t in unsure]
        there = [t for t in self.tracked + self.lost if t.tracked and t not in unsure]
        born = [self.start(f) for f in self.thinned(there, [f for f in high if f.score >= p.birth_thresh])]
        self.merge(newly_lost, born, unsure)
        shown = self.rows()
        for row in shown:
            if not any(t.frame == self.frame and self.number(t.id) == row[4] for t in self.tracked):
                row[7] = -1
        self.ended = [number for births in self.ended if (number := self.number(births))]
        return shown

    def goes_on(self, track, matched):
        """Whether a track without a detection stays tracked; who is covered falls back, once."""
        p = self.params
        if track.id not in self.onset and any(covered(track.box, t.box) > p.occ_cover_thresh for t in matched):
            self.onset[track.id] = self.clock
            self.fall_back(track)
        if self.clock - track.seen <= p.coast_frames + 1e-3:
            return True
        hidden = self.clock - self.onset.get(track.id, -np.inf)
        return hidden < p.active_occ_to_lost_thresh - 1 - 1e-3

    def fall_back(self, track):
        p, means, mean = self.params, self.means[track.id], track.filter.mean
        if p.reset_pos_offset_occ:
            mean[:4] = means[-min(p.reset_pos_offset_occ, len(means))][:4]
        if p.reset_velocity_offset_occ:
            mean[4:] = means[-min(p.reset_velocity_offset_occ, len(means))][4:]
        mean[4:] *= p.dampen_motion_occ
        g = p.enlarge_bbox_occ
        mean[2:4] *= {"xyah": (1, g), "xysr": (g**2, 1)}.get(self.kind, (g, g))

    def moved(self, track, mean, warp):
        """Return a kept mean as a camera's motion leaves it."""
        twin = track.filter.copy()
        twin.mean = mean.copy()
        twin.warp(warp)
        return twin.mean

    def thinned(self, tracks, found):
        """Return the candidates that no track and no stronger candidate overlaps too much."""
        kept = []
        for i, f in enumerate(found):
            stronger = [g for j, g in enumerate(found) if g.score > f.score or (g.score == f.score and j < i)]
            others = [t.box for t in tracks] + [g.box for g in stronger]
            if not others or iou([f.box], others).max() <= self.params.init_iou_suppress:
                kept.append(f)
        return kept

    def is_stale(self, track):
        in_window = self.clock - self.onset.get(track.id, -np.inf) <= self.params.occ_reappear_window + 1e-3
        return super().is_stale(track) and not in_window

    def apply(self, track, found):
        super().apply(track, found)
        self.means[track.id].append(track.filter.mean.copy())
        self.onset.pop(track.id, None)

    def start(self, found):
        track = super().start(found)
        self.means[track.id] = [track.filter.mean.copy()]
        return track

    def report(self, track):
        return track.box if track.frame != self.frame else super().report(track)


def covered(box, other):
    """Return the share of a box (4,) that another one covers."""
    w, h = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
    return max(w, 0) * max(h, 0) / np.prod(box[2:] - box[:2])
