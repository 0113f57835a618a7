import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from numa_deploy.network.cells import coding
from numa_deploy.network.deploy.suppression import Candidates, suppress
from numa_deploy.network.heads.track import TrackHead
from numa_runtime.errors import ModelError

R = 16
STRIDES = (8, 16, 32)


def _head(groups=3, nc=1) -> TrackHead:
    head = TrackHead(nc, (8, 8, 8), num_groups=groups, reg_max=R)
    head.set_strides(STRIDES)
    return head.eval()


def _empty(head: TrackHead, side=128):
    shape = head.num_groups, head.no // head.num_groups
    return [torch.full((1, *shape, side // s, side // s), -12.0) for s in STRIDES]


def _write(head, raw, level, group, cell, now, then, score=3.0, label=0):
    """Write two points into a cell, as a perfectly trained network would."""
    row, column = cell
    stride = torch.tensor([float(STRIDES[level])])
    centre = torch.tensor([(column + 0.5) * stride.item(), (row + 0.5) * stride.item()])
    points = torch.tensor([now, then], dtype=torch.float64)
    distances = coding.encode(points, centre.double(), stride.double(), R).flatten()
    bins = coding.two_hot(distances, R).log().clamp(min=-50).float()
    raw[level][0, group, : 8 * R, row, column] = bins.flatten()
    raw[level][0, group, 8 * R + label, row, column] = score
    return centre.tolist()


@settings(deadline=None, max_examples=80)
@given(
    level=st.integers(0, 2),
    group=st.integers(0, 2),
    cell=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    t=st.tuples(*[st.floats(-(R - 1.01), R - 1.01, allow_subnormal=False) for _ in range(4)]),
)
def test_encoding_then_decoding_is_the_identity_inside_the_range(level, group, cell, t):
    head = _head()
    raw = _empty(head)
    stride = STRIDES[level]
    x, y = (cell[1] + 0.5) * stride, (cell[0] + 0.5) * stride
    now, then = (x - t[0] * stride / 8, y - t[1] * stride / 8), (x - t[2] * stride / 8, y - t[3] * stride / 8)
    _write(head, raw, level, group, cell, now, then)
    found = head.decode(raw)
    best = int(found.score[0, group].argmax())
    assert int(found.level[0, group, best]) == level
    assert np.abs(found.points[0, group, best].numpy() - [*now, *then]).max() < 1e-3
    assert found.score[0, [g for g in range(3) if g != group]].max() < 1e-4


@pytest.mark.parametrize(("level", "reach"), [(0, 15), (1, 30), (2, 60)])
def test_what_is_beyond_the_range_is_clamped_to_its_edge(level, reach):
    stride, centre = torch.tensor([float(STRIDES[level])]), torch.tensor([100.0, 100.0])
    distances = coding.encode(torch.tensor([500.0, 100.0]), centre, stride, R)
    assert distances.tolist() == pytest.approx([0, R - 1.01, 0, 0])
    x, y = coding.decode(coding.offsets(distances), centre, stride).tolist()
    assert x - 100 == pytest.approx(reach, rel=0.01)
    assert y == 100


def test_a_ball_left_of_the_centre_goes_to_left_and_above_to_up():
    distances = coding.encode(torch.tensor([96.0, 98.0]), torch.tensor([100.0, 100.0]), torch.tensor([8.0]), R)
    assert distances.tolist() == [4, 0, 2, 0]


def test_the_raw_layout_is_groups_then_distances_then_scores():
    head = _head(groups=3, nc=2)
    raw = head([torch.randn(2, 8, 128 // s, 128 // s) for s in STRIDES])
    assert [tuple(level.shape) for level in raw] == [(2, 3, 8 * R + 2, side, side) for side in (16, 8, 4)]
    assert head.no == 3 * (8 * R + 2)
    with pytest.raises(ModelError, match=r"shape \[2, 390, 16, 16\].*G=3, F=8, R=16, nc=2"):
        head.decode([level.flatten(1, 2) for level in raw])


def _reference(points, score, label, saturated, level, side, bins=R):
    """Greedy suppression as one would write it by hand, for one frame."""
    order = sorted(range(len(score)), key=lambda i: -score[i])
    alive, rows = list(order), []
    while alive and len(rows) < 5:
        best = alive[0]
        near = [i for i in alive if ((points[i][:2] - points[best][:2]) ** 2).sum() * 1024 <= side * side]
        then = points[best][2:]
        if saturated[best]:
            donors = sorted((i for i in near if not saturated[i]), key=lambda i: (level[i], order.index(i)))
            then = points[donors[0]][2:] if donors else then
        rows.append([*points[best][:2], *then, score[best], label[best]])
        alive = [i for i in alive if i not in near]
    return np.array(rows + [[0.0] * 6] * (5 - len(rows)), np.float32)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 32), spread=st.sampled_from([15, 60, 300]))
def test_suppression_equals_a_plain_reference(seed, count, spread):
    rng = np.random.default_rng(seed)
    # Whole pixels, so that many pairs lie exactly at the limit.
    points = rng.integers(0, spread, (2, 3, count, 4)).astype(np.float32)
    score = -np.sort(-rng.permutation(6 * count).reshape(2, 3, count) / (6 * count), axis=2).astype(np.float32)
    label = rng.integers(0, 3, (2, 3, count)).astype(np.float32)
    saturated = rng.integers(0, 2, (2, 3, count)).astype(np.float32)
    level = rng.integers(0, 3, (2, 3, count)).astype(np.float32)
    arrays = [torch.from_numpy(array) for array in (points, score, label, saturated, level)]
    found = suppress(Candidates(*arrays), 640, 3).numpy()
    for b in range(2):
        for g in range(3):
            plain = _reference(points[b, g], score[b, g], label[b, g], saturated[b, g], level[b, g], 640)
            np.testing.assert_array_equal(found[b, g], plain)


@pytest.mark.parametrize(("side", "gap", "kept"), [(640, 20, 1), (640, 20.01, 2), (320, 10, 1), (320, 10.01, 2)])
def test_the_reach_is_20_px_at_640_and_scales_with_the_input(side, gap, kept):
    points = torch.tensor([[[[50.0, 50, 0, 0], [50 + gap, 50, 0, 0]]]])
    score = torch.tensor([[[0.9, 0.8]]])
    zero = torch.zeros_like(score)
    rows = suppress(Candidates(points, score, zero, zero, zero), side, 3)
    assert int((rows[..., 4] > 0).sum()) == kept


def test_a_saturated_next_comes_from_the_finest_suppressed_candidate_that_is_not():
    head = _head(groups=1)
    raw = _empty(head)
    now, then = (61.0, 60.0), (88.0, 60.0)  # 27 px: beyond P3's 15, inside P4's 30 and P5's 60
    _write(head, raw, 0, 0, (7, 7), now, then, score=4.0)
    _write(head, raw, 1, 0, (3, 4), now, then, score=2.0)
    _write(head, raw, 2, 0, (1, 1), now, then, score=3.0)
    found = head.decode(raw)
    order = found.score.argsort(descending=True, stable=True)[..., :8]
    chosen = Candidates(
        found.points.take_along_dim(order[..., None], 2), *(part.take_along_dim(order, 2) for part in found[1:])
    )
    assert chosen.saturated[0, 0, :3].tolist() == [1, 0, 0]
    assert chosen.points[0, 0, 0, 2] < 80
    best = suppress(chosen, 128 * 5, 3)[0, 0, 0]
    assert best.tolist() == pytest.approx([61, 60, 88, 60, torch.sigmoid(torch.tensor(4.0)).item(), 0], abs=1e-3)


def test_a_saturated_next_without_a_better_one_stays():
    points = torch.tensor([[[[50.0, 50, 65, 50], [400, 400, 1, 1]]]])
    score = torch.tensor([[[0.9, 0.8]]])
    saturated = torch.tensor([[[1.0, 0.0]]])
    zero = torch.zeros_like(score)
    rows = suppress(Candidates(points, score, zero, saturated, zero), 640, 3)
    assert rows[0, 0, 0, 2:4].tolist() == [65, 50]
