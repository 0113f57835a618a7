"""TrackTrack in plain numpy, from its formulas, on what the plain family shares. Slow, and plain."""

import numpy as np
from plain_hybridsort import Scores, angle, corners, modulated
from plain_tracker import PlainTracker, iou


def rounds(costs, limit, step):
    """Return the pairs of all rounds: mutual minima below a limit that tightens until nothing is found."""
    costs, pairs = costs.copy(), []
    while costs.size:
        now = [
            (i, j)
            for i in range(len(costs))
            if costs[i, j := int(costs[i].argmin())] < limit and int(costs[:, j].argmin()) == i
        ]
        if not now:
            break
        for i, j in now:
            costs[i], costs[:, j] = np.inf, np.inf
        pairs += now
        limit -= step
    return pairs


class PlainTrackTrack(PlainTracker):
    """Several cues, rounds, and births that look at the tracks; motion only."""

    def __init__(self, params):
        super().__init__(params)
        self.scores, self.came_from = {}, {}  # by the track's number

    def update(self, rows, dt=1.0, warp=None):
        """Take a frame; return (m, 8) box, id, score, class, index, sorted by id."""
        p = self.params
        self.frame, self.clock, self.ended = self.frame + 1, self.clock + dt, []
        found = [f for i, row in enumerate(rows) if (f := self.read(row, i, None)).score > p.track_low_thresh]
        sure, unsure = [t for t in self.tracked if t.activated], [t for t in self.tracked if not t.activated]
        for track in sure + self.lost + (unsure if p.min_hits > 1 else []):
            track.filter.predict(dt, hold_size=not track.tracked)
        if warp is not None:
            scale = np.sqrt(abs(np.linalg.det(warp[:, :2])))
            for track in self.tracked + self.lost:
                track.warp(warp)
                z = self.came_from[track.id]
                self.came_from[track.id] = np.concatenate([warp[:, :2] @ z[:2] + warp[:, 2], z[2:] * scale])
        rest, found = self.by_rounds(sure + self.lost, found)
        newly_lost = [t for t in rest if t.tracked]
        for track in newly_lost:
            track.tracked = False
        unsure, found = self.by_rounds(unsure, [f for f in found if f.score >= p.track_high_thresh])
        self.ended += [t.id for t in unsure]
        there = [t for t in self.tracked + self.lost if t.frame == self.frame]
        born = [self.start(f) for f in self.thinned(there, [f for f in found if f.score >= p.birth_thresh])]
        self.one_pool = True  # no duplicates are looked for
        self.merge(newly_lost, born, unsure)
        shown = self.rows()
        self.ended = [number for births in self.ended if (number := self.number(births))]
        return shown

    def by_rounds(self, tracks, found):
        p = self.params
        boxes = [t.box for t in tracks], [f.box for f in found]
        costs = 1 - modulated(*boxes)
        far = (iou(*boxes) <= p.proximity_thresh) | ~self.same(tracks, found)
        for i, track in enumerate(tracks):
            last, earlier = self.last(track), self.earlier(track)
            for j, f in enumerate(found):
                four = self.came_from[track.id], last, earlier, f.xywh
                ways = zip(*(corners(xywh) for xywh in four), strict=True)
                turn = np.mean([angle(b - a, d - c) for a, b, c, d in ways])
                costs[i, j] += p.score_weight * abs(self.scores[track.id].line(self.frame) - f.score)
                costs[i, j] += p.angle_weight * f.score * turn / np.pi
                costs[i, j] += p.low_penalty * (f.score < p.track_high_thresh)
        costs[far] = np.inf
        pairs = rounds(costs, p.match_thresh, p.match_step)
        for i, j in sorted(pairs):
            self.apply(tracks[i], found[j])
        rows, columns = {i for i, _ in pairs}, {j for _, j in pairs}
        return [t for i, t in enumerate(tracks) if i not in rows], [f for j, f in enumerate(found) if j not in columns]

    def thinned(self, tracks, found):
        """Return the candidates that no track and no stronger candidate overlaps too much."""
        p, kept = self.params, []
        for i, f in enumerate(found):
            stronger = [g for j, g in enumerate(found) if g.score > f.score or (g.score == f.score and j < i)]
            others = [t.box for t in tracks] + [g.box for g in stronger]
            if not others or iou([f.box], others).max() <= p.birth_iou:
                kept.append(f)
        return kept

    @staticmethod
    def last(track):
        return track.observations[max(track.observations)]

    def earlier(self, track):
        """Return the box observed three frames ago, or as near to that as there is one, or the last."""
        within = [f for f in track.observations if f >= self.frame - 3]
        return track.observations[min(within) if within else max(track.observations)]

    def apply(self, track, found):
        self.came_from[track.id] = self.earlier(track)
        self.scores[track.id].take(found.score, self.frame, self.clock - track.seen)
        track.filter.correct(found.z(self.kind))
        track.observations[self.frame] = found.xywh.copy()
        track.length = track.length + 1 if track.tracked else 0
        if self.params.min_hits <= 1 or track.length >= self.params.min_hits:
            track.activated = True
        track.tracked, track.found, track.frame, track.seen = True, found, self.frame, self.clock

    def start(self, found):
        track = super().start(found)
        self.scores[track.id], self.came_from[track.id] = Scores(found.score, self.frame), found.xywh.copy()
        return track
