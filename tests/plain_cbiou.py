"""C-BIoU in plain numpy, from its formulas, on what the plain family shares. Slow, and plain."""

import numpy as np
from plain_tracker import PlainTracker, measured


def grown(box, share):
    """Return a box (4,) that is larger by this share of its sides on each side."""
    w, h = box[2] - box[0], box[3] - box[1]
    return np.array([box[0] - share * w, box[1] - share * h, box[2] + share * w, box[3] + share * h])


class PlainCBIoU(PlainTracker):
    """Two associations of all tracks, by boxes that grow; motion is the mean one of the last frames."""

    def __init__(self, params):
        super().__init__(params)
        self.one_pool = True
        self.clocks = {}  # of each frame
        self.matched = []  # tracks, in the order in which they were

    def update(self, rows, dt=1.0, warp=None):
        """Take a frame; return (m, 8) box, id, score, class, index, sorted by id."""
        p = self.params
        self.frame, self.clock, self.ended, self.matched = self.frame + 1, self.clock + dt, [], []
        self.clocks[self.frame] = self.clock
        high = [f for i, row in enumerate(rows) if (f := self.read(row, i, None)).score >= p.track_high_thresh]
        pool = self.tracked + self.lost
        for track in pool:
            track.filter.predict(dt, hold_size=not track.tracked)
        if warp is not None:
            for track in pool:
                track.warp(warp)
        rest = pool
        for share, limit in ((p.first_buffer, p.match_thresh), (p.second_buffer, p.second_match_thresh)):
            costs = np.array([[1 - self.buffered(t, f, share) for f in high] for t in rest]).reshape(
                len(rest), len(high)
            )
            rest, high = self.associate(rest, high, costs, self.same(rest, high), limit)
        newly_lost = [t for t in rest if t.tracked]
        for track in newly_lost:
            track.tracked = False
        born = [self.start(f) for f in high if f.score >= p.birth_thresh]
        self.lost.sort(key=lambda t: self.matched.index(t) if t.tracked else -1)  # found again first is listed first
        self.merge(newly_lost, born, [])
        shown = self.rows()
        self.ended = [number for births in self.ended if (number := self.number(births))]
        return shown

    @staticmethod
    def buffered(track, found, share):
        """Return the IoU of the two after both have grown."""
        a, b = grown(track.box, share), grown(found.box, share)
        w, h = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
        inter = max(w, 0) * max(h, 0)
        return inter / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - inter)

    def apply(self, track, found):
        self.matched.append(track)
        n = self.params.motion_frames
        if n:  # the earliest observation in the last n frames, or the last one
            frames = [f for f in track.observations if f >= self.frame - n] or [max(track.observations)]
            before, gone = track.observations[min(frames)], self.clock - self.clocks[min(frames)]
            now = found.z(self.kind)
            speed = (now - measured(before, self.kind)) / gone
            if self.kind == "xysr":
                speed[3] = 0
            track.filter.mean = np.concatenate([now, speed])
            track.observations[self.frame] = found.xywh.copy()
        else:
            track.filter.correct(found.z(self.kind))
        track.length = track.length + 1 if track.tracked else 0
        if self.params.min_hits <= 1 or track.length >= self.params.min_hits:
            track.activated = True
        track.tracked, track.found, track.frame, track.seen = True, found, self.frame, self.clock
