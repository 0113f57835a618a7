"""Where each number of a tracker lies in the blocks that every kernel takes.

A tracker's state is a handful of two-dimensional blocks, one row ("slot") per track and one column per quantity, so
that what a kernel needs of one track lies in neighbouring cache lines. Kernels take blocks and one-dimensional arrays
of slots. All floats are float64, all integers int64, all blocks C-contiguous; a kernel is compiled once, for exactly
these types.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numa_runtime.tracking.kernels.order import (
    ALL_CUES,
    APPEARANCE,
    BOOSTED,
    COVERED,
    DUPLICATES,
    FALLING_SCORE,
    FIRST,
    LAST_SEEN,
    MOMENTUM,
    N_STAGES,
    OVERLAP,
    RECOVERY,
    SECOND,
    UNCONFIRMED,
    WEAK_CUES,
    XYAH,
    XYSR,
    XYWH,
    XYXY,
)

__all__ = [
    "ALL_CUES",
    "APPEARANCE",
    "BOOSTED",
    "COVERED",
    "DUPLICATES",
    "FALLING_SCORE",
    "FIRST",
    "LAST_SEEN",
    "MOMENTUM",
    "N_STAGES",
    "OVERLAP",
    "RECOVERY",
    "SECOND",
    "UNCONFIRMED",
    "WEAK_CUES",
    "XYAH",
    "XYSR",
    "XYWH",
    "XYXY",
    "Floats",
    "Ints",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Track states, the numbers of the published STrack.
NEW, TRACKED, LOST, REMOVED = 0, 1, 2, 3

# floats (capacity, N_FLOATS): the filter's mean, its six covariance numbers, and what was last measured.
# The third and fourth number are, by KIND: aspect (width / height) and height (XYAH); width and height (XYWH, XYXY);
# area and aspect (XYSR). Pixels.
X, Y, A, H = 0, 1, 2, 3
VX, VY, VA, VH = 4, 5, 6, 7  # the same per nominal frame
RATIO = VH  # XYSR: its aspect has no velocity; the variance of the aspect stands there
P00, P01, P11 = (
    8,
    9,
    10,
)  # variance, covariance with velocity, velocity's variance: of x, y, h (or y, h)
A00, A01, A11 = 11, 12, 13  # the same of the third number, and of x where that is the width
SCORE, ANGLE, SEEN = 14, 15, 16  # last matched score, angle (radians), clock (nominal frames)
N_FLOATS = 17
N_STATE = 14  # how many of them, from the first on, are the filter's

# ints (capacity, N_INTS)
ID, STATE, ACTIVATED, FRAME, START, LENGTH, CLASS, INDEX = 0, 1, 2, 3, 4, 5, 6, 7
COUPLED, POOL, RETIRED = 8, 9, 10  # has a coupled covariance; pool it is in; times in the retired ring (classic)
KIND = 11  # what the state holds: XYAH, XYWH, XYXY, XYSR
N_INTS = 12
IN_NONE, IN_TRACKED, IN_LOST = 0, 1, 2
UNNUMBERED = 0  # the ID of a track that was never in a row; real ones are from 1

# coupled (capacity or 0, N_COUPLED): covariance of (x, y, vx, vy) after a camera warp that is no similarity.
CXX, CXY, CYY = 0, 1, 2  # position
CXU, CXV, CYU, CYV = 3, 4, 5, 6  # position with velocity (u along x, v along y)
CUU, CUV, CVV = 7, 8, 9  # velocity
N_COUPLED = 10

# measured (capacity, N_MEASURED): one row per detection of the frame.
M_X, M_Y, M_A, M_H, M_SCORE, M_CLASS, M_ANGLE, M_INDEX, M_X1, M_Y1, M_X2, M_Y2 = range(12)
N_MEASURED = 12

# history (capacity or 0, width): what is remembered of a track beyond its filter; one row a track, nothing for SORT
# and ByteTrack.
#
# OC-SORT:   | M_ numbers of the last observation | filter's state after it | box before | ring of observations |
#            0                                    O_STATE                   O_FROM          O_RING
# BoT-SORT:  | appearance, a vector of length 1 |
# FastTrack: | onset | how many updates | ring of the filter's means after them |
#            0       U_COUNT            U_RING
# With poses: what the tracker itself remembers, and behind it POINT numbers a keypoint.
#
# OC-SORT. The last observation as it was measured, the filter after it, and where the track came from.
O_STATE = N_MEASURED  # the filter's state after it
O_COUPLED = O_STATE + N_STATE
O_COVARIANCE = O_COUPLED + 1
O_FROM = O_COVARIANCE + N_COUPLED  # where the track came from: x, y, a, h delta_t frames before the last observation
O_FROM_CLOCK = O_FROM + 4
O_RING = O_FROM_CLOCK + 1  # RING numbers of each observation in the last delta_t frames: frame, x, y, a, h, clock
RING, RING_CLOCK = 6, 5
NEVER = -1e9  # a frame that was not
# BoT-SORT. features (n, width) are the caller's vectors of a frame; a track's is their moving average.
# FastTrack. Since when the track is covered (clock; NEVER: it is not), how often it was updated, birth included, and
# N_MEAN numbers each of the last states after that.
U_ONSET, U_COUNT, U_RING = 0, 1, 2
N_MEAN = 8
# Poses. Each keypoint: x and y relative to the centre and the sides of the box it was in, and 1 / (2 s^2 k^2), or 0
# if it was not seen.
POINT = 3

# shapes (2, capacity, N_SHAPES): what association needs of its rows [0] and columns [1].
S_X1, S_Y1, S_X2, S_Y2 = 0, 1, 2, 3  # reach: pairs whose reaches do not touch cannot match
S_AREA, S_SCORE, S_CLASS = 4, 5, 6
S_X, S_Y, S_XX, S_XY, S_YY = 7, 8, 9, 10, 11  # the Gaussian of a rotated box
S_DUAL, S_DISTANCE = 12, 13  # the assignment's potentials and path lengths
N_SHAPES = 16  # two cache lines

# lists (N_LISTS, capacity): arrays of slots or of detections; their lengths are in `counters`.
L_TRACKED, L_LOST, L_FREE = 0, 1, 2
L_POOL, L_UNCONFIRMED, L_REST = 3, 4, 5
L_HIGH, L_LOW, L_LEFT = 6, 7, 8
L_BORN, L_REFOUND, L_NEWLY_LOST = 9, 10, 11
L_ENDED_SLOT, L_ENDED_ID = 12, 13
L_ROW_MATCH, L_COL_MATCH, L_ROW_START = 14, 15, 16
L_CELL, L_ENTRIES, L_LARGE = 17, 18, 19  # the grid: each detection's cell, detections by cell, those in no cell
L_FROM, L_TODO, L_WAITING, L_SETTLED = 20, 21, 22, 23
L_MATCHED = 24  # who has a detection in this frame, as far as it has come
N_LISTS = 25

# counters (N_COUNTERS,): lengths of the lists above (same index), then the tracker's own. The classic
# removed list keeps its last 1,000 entries: slots, then ids.
C_FRAME, C_NEXT_ID, C_DROPPED, C_ENDED, C_BAD_ROW, C_COLUMNS, C_PAIRS, C_RING_HEAD, C_ROWS, C_READ = range(32, 42)
C_RING, RING_LENGTH = 48, 1000
N_COUNTERS = C_RING + 2 * RING_LENGTH

# params (N_PARAMS,): a tracker's parameters as floats.
P_HIGH, P_LOW, P_NEW, P_BUFFER, P_PER_CLASS, P_CLASSIC = range(6)
P_LIMIT, P_FUSE, P_COST = 6, 12, 18  # N_STAGES numbers each; a limit of OFF: the tracker does not have that stage
P_MIN_HITS, P_ONE_POOL, P_KIND = 24, 25, 26  # one pool: what is not reported yet is associated with the rest (SORT)
P_DELTA_T, P_INERTIA = 27, 28  # observations; delta_t is 0 where none are remembered
P_REID, P_PROXIMITY, P_APPEARANCE = 29, 30, 31  # appearance
P_POSE, P_KEYPOINTS = 32, 33  # how many keypoints is 0 until some were given
P_IDS_AT_BIRTH = 34  # else a track has no number before it is in a row
P_MATCHED = 35  # report the matched detection's box instead of the filter's
P_REPLAY, P_AVERAGED = 36, 37  # a gap is gone over again; the mean motion of the last delta_t frames, and no filter
P_BUFFERED = 38  # N_STAGES numbers: what share of their sides boxes grow by on each side before they are compared
P_BY_HEIGHT = 44  # N_STAGES numbers: whether the IoU of the heights modulates the overlap
P_CONFIDENCE, P_SCORE_WEIGHT, P_LOW_SCORE_WEIGHT = 50, 51, 52  # column of the scores' filter in history, 0: none
P_NEAREST, P_STEP, P_ANGLE, P_LOW_PENALTY = 53, 54, 55, 56  # rounds of mutual minima
P_JOINT, P_BIRTH_IOU = 57, 58  # low detections go with the high ones; where a track may start, 1: anywhere
P_UPDATES, P_POSITION_BACK, P_VELOCITY_BACK = 59, 60, 61  # means that are kept, 0: none; which one counts again
P_GROWTH, P_DAMPING, P_COVERAGE = 62, 63, 64  # what covering does to a box and its velocity; from which share on
P_COASTING, P_GIVEN_UP, P_REAPPEARING = 65, 66, 67  # frames: without a detection, covered, covered and lost
P_CONFIDENT, P_NEAR, P_SHAPE, P_LOOKS, P_LIKELY = 68, 69, 70, 71, 72  # weights of boosts; what an overlap makes a score
N_PARAMS = 73
N_CONFIDENCE = 6  # behind the ring: score, its change a frame, their three covariance numbers, the last change
OFF = -1.0

# The lists that each stage associates: rows and columns of its cost matrix.
ROWS_OF_STAGE = (L_POOL, L_REST, L_REST, L_REST, L_UNCONFIRMED, L_TRACKED)
COLUMNS_OF_STAGE = (L_HIGH, L_LOW, L_HIGH, L_MATCHED, L_HIGH, L_LOST)

# table (N_TABLE,): how long the blocks are, then their addresses; what `step` takes instead of the arrays.
T_CAPACITY, T_COUPLED_SLOTS, T_PAIRS, T_HISTORY_SLOTS, T_HISTORY_WIDTH, T_FEATURE_ROWS, T_FEATURE_WIDTH = range(7)
T_FLOATS, T_INTS, T_LISTS, T_COUNTERS, T_MEASURED, T_SHAPES = range(7, 13)
T_CELLS, T_PAIR_COLUMNS, T_PAIR_COSTS, T_COUPLED, T_PARAMS, T_ROWS = range(13, 19)
T_HISTORY, T_FEATURES = 19, 20
N_TABLE = 21

# rows (capacity, 9): the tracks of the frame as `step` leaves them, packed from the start of the block.
UPRIGHT, ROTATED = 8, 9  # columns of a row

# What `step` returns when it is not the number of tracks. Anything but NEED_PAIRS means: nothing was changed.
OK, NEED_CAPACITY, NEED_COUPLED, BAD_SCORE, BAD_COLUMNS, NEED_PAIRS = 0, -1, -2, -3, -4, -5

SMALLEST_SIDE, LARGEST_PIXEL = 1e-6, 1e9  # beyond these a box is degenerate
SLACK = 1e-3  # nominal frames: timestamps are rounded
LONGEST_REPLAY = 1_000  # steps in which a gap is gone over again
LONGEST_PREDICTION = 10_000.0  # nominal frames; a longer silence is predicted as this one
