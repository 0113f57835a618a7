"""Losses: written labels cost nothing, each head is judged alone, the order of labels is of no account."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from numa_deploy.network.builder import build  # noqa: E402
from numa_deploy.network.cells import coding  # noqa: E402
from numa_deploy.network.cells.grid import cell_table, shapes_of  # noqa: E402
from numa_deploy.training.losses.assigner import assign  # noqa: E402
from numa_deploy.training.losses.detect import DetectLoss  # noqa: E402
from numa_deploy.training.losses.distribution import distribution_loss  # noqa: E402
from numa_deploy.training.losses.gains import LossGains  # noqa: E402
from numa_deploy.training.losses.multitask import MultiTaskLoss, Targets  # noqa: E402
from numa_deploy.training.losses.overlap import complete_iou  # noqa: E402
from numa_deploy.training.losses.pose import PoseLoss  # noqa: E402
from numa_deploy.training.losses.score_sum import ScoreSum  # noqa: E402
from numa_deploy.training.losses.targets import BallTargets, BoxTargets  # noqa: E402
from numa_deploy.training.losses.track import TrackNetLoss  # noqa: E402

HEIGHT, WIDTH, GROUPS = 96, 160, 10


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return build("multitask-n.yaml").train()


@pytest.fixture
def logits(network):
    torch.manual_seed(1)
    return network(torch.rand(2, GROUPS, HEIGHT, WIDTH))


def people(*rows, keypoints=17):
    """One image per row of boxes; keypoints lie on the box's diagonal."""
    most = max(1, *(len(row) for row in rows))
    boxes = torch.zeros(len(rows), most, 4)
    valid = torch.zeros(len(rows), most, dtype=torch.bool)
    points = torch.zeros(len(rows), most, keypoints, 3)
    for image, row in enumerate(rows):
        for place, box in enumerate(row):
            boxes[image, place], valid[image, place] = torch.tensor(box, dtype=torch.float32), True
            share = torch.linspace(0.1, 0.9, keypoints)[:, None]
            corner, far = boxes[image, place, :2], boxes[image, place, 2:]
            points[image, place] = torch.cat((corner + share * (far - corner), torch.full((keypoints, 1), 2.0)), 1)
    known = torch.ones(len(rows), dtype=torch.bool)
    return BoxTargets(boxes, torch.zeros(len(rows), most, dtype=torch.long), valid, points, known)


def balls(*clips):
    """One clip per argument: {frame: [(x, y, next_x, next_y), ...]}."""
    most = max((len(found) for clip in clips for found in clip.values()), default=1)
    points = torch.zeros(len(clips), GROUPS, max(most, 1), 4)
    valid = torch.zeros(points.shape[:3], dtype=torch.bool)
    for which, clip in enumerate(clips):
        for frame, found in clip.items():
            for place, ball in enumerate(found):
                points[which, frame, place], valid[which, frame, place] = torch.tensor(ball), True
    known = torch.ones(points.shape[:2], dtype=torch.bool)
    return BallTargets(points, torch.zeros(points.shape[:3], dtype=torch.long), valid, valid.clone(), known)


def total(parts):
    return sum(parts.values())


TWO = people([[20, 10, 60, 90], [90, 20, 130, 80]], [[40, 30, 100, 70]])
BALLS = balls({0: [(50.0, 40.0, 56.0, 42.0)], 4: [(120.0, 70.0, 118.0, 60.0)]}, {9: [(10.0, 10.0, 14.0, 13.0)]})


def test_ciou_is_iou_less_distance_less_shape():
    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 10]])
    others = torch.tensor([[0.0, 0, 10, 10], [20, 0, 30, 10], [0, 0, 10, 20]])
    same, apart, taller = complete_iou(boxes, others).tolist()
    assert same == pytest.approx(1, abs=1e-5)
    assert apart == pytest.approx(-400 / (30**2 + 10**2), abs=1e-5)
    v = 4 / torch.pi**2 * (torch.atan(torch.tensor(0.5)) - torch.atan(torch.tensor(1.0))) ** 2
    assert taller == pytest.approx(0.5 - 25 / 500 - float(v * v / (0.5 + v)), abs=1e-5)


def test_distribution_loss_is_least_at_two_hot():
    distance = torch.tensor([3.25])
    two_hot = coding.two_hot(distance, 16).clamp(min=1e-9).log()
    entropy = -(0.75 * torch.tensor(0.75).log() + 0.25 * torch.tensor(0.25).log())
    assert distribution_loss(two_hot, distance).item() == pytest.approx(entropy.item(), abs=1e-5)
    assert distribution_loss(torch.zeros(1, 16), distance).item() == pytest.approx(torch.tensor(16.0).log().item())


def test_every_part_has_a_finite_gradient(network, logits):
    loss = MultiTaskLoss.of(network)
    parts = loss(logits, Targets(TWO, BALLS))
    assert set(parts) == {"ball", "ball_point", "box", "cls", "dfl", "pose", "kobj"}
    weights = [parameter for parameter in network.parameters() if parameter.requires_grad]
    for name, part in parts.items():
        found = torch.autograd.grad(part, weights, retain_graph=True, allow_unused=True)
        sizes = [gradient.abs().sum() for gradient in found if gradient is not None]
        assert torch.stack(sizes).isfinite().all(), name
        assert max(sizes) > 0, name
    assert loss.positives > 4


def test_the_order_of_labels_is_of_no_account(network, logits):
    loss = MultiTaskLoss.of(network)
    order = torch.tensor([1, 0])
    turned = replace(TWO, **{name: getattr(TWO, name)[:, order] for name in ("boxes", "classes", "valid", "keypoints")})
    assert total(loss(logits, Targets(turned))).item() == pytest.approx(
        total(loss(logits, Targets(TWO))).item(), rel=1e-5
    )


def test_each_head_is_judged_alone(network, logits):
    assert set(MultiTaskLoss.of(network)(logits, Targets(balls=BALLS))) == {"ball", "ball_point"}
    assert set(MultiTaskLoss.of(network)(logits, Targets(boxes=TWO))) == {"box", "cls", "dfl", "pose", "kobj"}


def test_gains_multiply_and_so_does_the_batch(network, logits):
    plain = TrackNetLoss(network.track_head)(logits["track"], BALLS)["ball"]
    double = TrackNetLoss(network.track_head, LossGains(ball=2 * LossGains().ball))(logits["track"], BALLS)["ball"]
    assert double.item() == pytest.approx(2 * plain.item(), rel=1e-6)


def test_nothing_to_find_is_a_label_too(network):
    torch.manual_seed(2)
    images = torch.rand(2, GROUPS, HEIGHT, WIDTH)
    nothing = Targets(people([], []), balls({}, {}))
    loss = MultiTaskLoss.of(network)
    parts = loss(network(images), nothing)
    assert all(part.isfinite() for part in parts.values())
    assert loss.positives == 0
    for name in ("ball", "cls"):
        weights = [p for p in network.parameters() if p.requires_grad]
        gradient = torch.autograd.grad(parts[name], weights, retain_graph=True, allow_unused=True)
        assert max(g.abs().max() for g in gradient if g is not None) > 0, name
    assert parts["box"].item() == parts["pose"].item() == parts["ball_point"].item() == 0


def test_a_ball_written_into_the_head_costs_next_to_nothing(network, logits):
    """Encoded labels as logits are the minimum: the head's own decode gives the ball back."""
    head = network.track_head
    written = []
    for level, stride in zip(logits["track"], head.strides, strict=True):
        cells = cell_table(shapes_of([level]), [stride], level.device)
        out = torch.zeros_like(level).flatten(3)
        out[:, :, -1] = -12.0
        for clip, frame in ((0, 0), (0, 4), (1, 9)):
            point = BALLS.points[clip, frame, 0]
            near = (cells[:, :2] - point[:2]).abs().amax(1) <= 1.5 * stride
            for n in range(len(cells)):
                t = coding.encode(point.view(2, 2), cells[n, :2].expand(2, 2), cells[n, 2:].expand(2, 1), head.reg_max)
                out[clip, frame, :-1, n] = coding.two_hot(t, head.reg_max).clamp(min=1e-7).log().flatten()
            out[clip, frame, -1, near] = 12.0
        written.append(out.view_as(level))
    parts = TrackNetLoss(head)(written, BALLS)
    assert parts["ball"].item() < 1e-4
    assert parts["ball_point"].item() < TrackNetLoss(head)(logits["track"], BALLS)["ball_point"].item() / 3
    found = head.decode(written)
    best = found.score[0, 4].argmax()
    assert found.points[0, 4, best, :2].tolist() == pytest.approx([120, 70], abs=0.01)


@pytest.mark.parametrize("name", ["multitask-n", "multitask-p"])
def test_bins_computed_at_the_balls_alone_teach_the_same_as_all_of_them(name):
    """The head's lazy logits and the tensors they stand for: the same loss and the same gradients."""
    network = build(name, pose=False).train()
    raw, loss = network(torch.rand(2, GROUPS, HEIGHT, WIDTH))["track"], TrackNetLoss(network.track_head)
    weights = [p for p in network.parameters() if p.requires_grad]
    found = []
    for logits in (raw, list(raw)):
        parts = loss(logits, BALLS)
        gradients = torch.autograd.grad(sum(parts.values()), weights, retain_graph=True, allow_unused=True)
        found.append((parts, [g for g in gradients if g is not None]))
    (some, of_some), (every, of_every) = found
    assert {name: part.item() for name, part in some.items()} == pytest.approx(
        {name: part.item() for name, part in every.items()}, rel=1e-5
    )
    for one, other in zip(of_some, of_every, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("beside", "deserved"), [(0.0, 1.0), (4.0, 0.5), (8.0, 0.2)])
def test_a_cell_deserves_the_score_of_how_well_it_places_the_ball(network, beside, deserved):
    """The score that costs least is the one deserved, so cells and levels are ranked by what they know."""
    head = network.track_head
    targets = balls({0: [(52.0, 44.0, 52.0, 44.0)]}, {})
    place = torch.tensor([[52.0 + beside, 44.0]] * 2)
    levels = []
    for stride in head.strides:
        cells = cell_table([(HEIGHT // stride, WIDTH // stride)], [stride], torch.device("cpu"))
        bins = coding.two_hot(coding.encode(place, cells[:, None, :2], cells[:, None, 2:], head.reg_max), head.reg_max)
        logits = torch.full((2, GROUPS, head.no // GROUPS, len(cells)), -20.0)
        logits[:, :, :-1] = bins.clamp(min=1e-7).log().flatten(1).T
        levels.append((logits, int((cells[:, :2] - torch.tensor([52.0, 44.0])).abs().amax(1).argmin()), stride))

    def cost(score):
        for logits, holds, _ in levels:
            logits[0, 0, -1, holds] = torch.logit(torch.tensor(score))
        raw = [torch.unflatten(logits, 3, (HEIGHT // stride, WIDTH // stride)) for logits, _, stride in levels]
        return TrackNetLoss(head)(raw, targets)["ball"].item()

    scores = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.999]
    assert min(scores, key=cost) == min(scores, key=lambda score: abs(score - deserved))


def test_two_balls_in_a_cell_leave_it_to_the_nearer(network, logits):
    loss = TrackNetLoss(network.track_head)
    loss(logits["track"], balls({0: [(52.0, 44.0, 52.0, 44.0), (53.5, 44.0, 53.5, 44.0)]}, {}))
    assert loss.positives == len(network.track_head.strides)


def test_an_unknown_next_position_is_not_learnt(network, logits):
    track = [level.clone() for level in logits["track"]]
    elsewhere = replace(
        BALLS, points=BALLS.points + torch.tensor([0.0, 0, 9, 9]), next_known=torch.zeros_like(BALLS.valid)
    )
    unknown = replace(BALLS, next_known=torch.zeros_like(BALLS.valid))
    loss = TrackNetLoss(network.track_head)
    assert loss(track, elsewhere)["ball_point"].item() == loss(track, unknown)["ball_point"].item()


def cells_and(head, level_shapes):
    return cell_table(level_shapes, head.strides, torch.device("cpu"))


@pytest.mark.parametrize("at", [16.0, 18.5, 20.0, 23.9])
def test_a_label_smaller_than_a_cell_has_cells_wherever_it_lies(network, at):
    """A box of 3 x 3 pixels between the centres of cells is learnt too, once there are answers of that size."""
    table = cells_and(network.pose_head, [(12, 20), (6, 10), (3, 5)])
    centres, stride = table[:, :2], table[:, 2:]
    boxes = torch.cat((centres - stride / 2, centres + stride / 2), 1).expand(1, -1, -1)
    targets = people([[at, at, at + 3, at + 3]])
    found = assign(torch.full((1, len(table), 1), 0.01), boxes, centres, targets, least=12.0)
    assert 1 <= len(found) <= 10
    assert (found.share > 0).all()
    assert ((centres[found.cell] - at - 1.5).abs() <= 6).all()
    large = people([[10, 10, 80, 90]])
    same = [assign(torch.full((1, len(table), 1), 0.01), boxes, centres, large, least=n) for n in (0.0, 12.0)]
    assert torch.equal(same[0].cell, same[1].cell)
    assert torch.equal(same[0].share, same[1].share)


def test_the_assigner_gives_each_cell_one_label_and_each_label_ten_cells_at_most(network):
    torch.manual_seed(3)
    table = cells_and(network.pose_head, [(12, 20), (6, 10), (3, 5)])
    centres, stride = table[:, :2], table[:, 2:]
    scores = torch.rand(2, len(table), 1)
    boxes = torch.cat((centres - 3 * stride, centres + 3 * stride), 1).expand(2, -1, -1)
    targets = people([[20, 10, 80, 90], [30, 15, 90, 95], [30, 15, 90, 95]], [])
    found = assign(scores, boxes, centres, targets)
    assert len({(i, c) for i, c in zip(found.image.tolist(), found.cell.tolist(), strict=True)}) == len(found) > 0
    assert found.image.max() == 0
    assert torch.bincount(found.label).max() <= 10
    inside = (centres[found.cell] > targets.boxes[0, found.label, :2]).all(1)
    assert inside.all()
    assert (found.share > 0).all()
    assert (found.share <= 1).all()


def test_shares_are_quality_over_the_best_times_the_best_overlap(network):
    table = cells_and(network.pose_head, [(12, 20), (6, 10), (3, 5)])
    targets = people([[20, 10, 80, 90]])
    boxes = targets.boxes.expand(1, len(table), 4) + torch.linspace(0, 8, len(table))[None, :, None]
    scores = torch.rand(1, len(table), 1, generator=torch.Generator().manual_seed(0))
    found = assign(scores, boxes, table[:, :2], targets)
    overlap = complete_iou(boxes[0, found.cell], targets.boxes[0, found.label])
    quality = scores[0, found.cell, 0] ** 0.5 * overlap**6
    torch.testing.assert_close(found.share, quality / quality.max() * overlap.max())


def test_keypoints_of_other_skeletons_and_without_visibility():
    torch.manual_seed(0)
    from numa_deploy.network.heads.pose import PoseHead

    head = PoseHead(1, [16, 16, 16], (5, 2))
    head.set_strides((8, 16, 32))
    raw = head([torch.rand(1, 16, 12, 20), torch.rand(1, 16, 6, 10), torch.rand(1, 16, 3, 5)])
    parts = PoseLoss(head)(raw, people([[20, 10, 60, 90]], keypoints=5))
    assert set(parts) == {"box", "cls", "dfl", "pose"}


def test_of_what_nobody_labelled_nothing_is_said(network, logits):
    nobody = torch.zeros(2, dtype=torch.bool), torch.zeros(2, GROUPS, dtype=torch.bool)
    nothing = Targets(replace(people([], []), known=nobody[0]), replace(balls({}, {}), known=nobody[1]))
    assert all(part.item() == 0 for part in MultiTaskLoss.of(network)(logits, nothing).values())


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_scores_can_follow_the_keypoints(network, logits, weight):
    wanted = []

    class Watched(PoseLoss):
        def _ranked(self, found, oks, labelled):
            ranked = super()._ranked(found, oks, labelled)
            wanted.append((found.share, ranked.share, oks.detach(), labelled.any(1)))
            return ranked

    unlabelled = TWO.keypoints.clone()
    unlabelled[:, 1] = 0
    targets = replace(TWO, keypoints=unlabelled)
    Watched(network.pose_head, LossGains(pose_score=weight))(logits["pose"], targets)
    ((before, after, oks, known),) = wanted
    assert known.any()
    assert not known.all()
    assert not after.requires_grad
    torch.testing.assert_close(after[~known], before[~known], rtol=0, atol=0)
    torch.testing.assert_close(after[known], before[known] * (1 - weight * (1 - oks[known])))
    assert (oks[known] < 1).any()


def test_a_detect_network_has_its_own_loss():
    network = build("yolov8n.yaml").train()
    loss = MultiTaskLoss.of(network)
    assert loss.track is None
    assert type(loss.boxes) is DetectLoss
    parts = loss(network(torch.rand(1, 3, 64, 64)), Targets(people([[10, 10, 50, 50]])))
    assert set(parts) == {"box", "cls", "dfl"}


def test_weights_of_classes_weigh_their_scores_alone():
    network = build("yolov8n.yaml", nc=2).train()
    raw, said = network(torch.rand(1, 3, 64, 64)), Targets(people([[10, 10, 50, 50]]))
    plain = MultiTaskLoss.of(network)(raw, said)
    double = MultiTaskLoss.of(network, class_weights=torch.tensor([2.0, 2.0]))(raw, said)
    first, second = (MultiTaskLoss.of(network, class_weights=torch.tensor(w))(raw, said)["cls"]
                     for w in ([1.0, 0.0], [0.0, 1.0]))  # fmt: skip
    assert double["cls"].item() == pytest.approx(2 * plain["cls"].item(), rel=1e-5)
    assert (first + second).item() == pytest.approx(plain["cls"].item(), rel=1e-5)
    assert first.item() != pytest.approx(second.item(), rel=1e-2)
    assert (double["box"], double["dfl"]) == (plain["box"], plain["dfl"])


def test_the_sum_of_scores_is_binary_cross_entropy_and_so_is_its_gradient():
    generator = torch.Generator().manual_seed(0)
    logits = (4 * torch.randn(2, 7, 3, generator=generator)).requires_grad_()
    where = torch.tensor([0, 0, 1]), torch.tensor([2, 5, 6]), torch.tensor([1, 0, 2])
    share, weights = torch.tensor([0.9, 0.2, 0.5]), torch.tensor([[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]])
    wanted = torch.zeros(2, 7, 3)
    wanted[where] = share
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, weights[:, None].expand(2, 7, 3),
                                                               reduction="sum")  # fmt: skip
    found = ScoreSum.apply(logits, logits.detach().sigmoid(), where, share, weights)
    assert found.item() == pytest.approx(bce.item(), rel=1e-5)
    (theirs,) = torch.autograd.grad(3 * bce, logits)
    (ours,) = torch.autograd.grad(3 * found, logits)
    assert torch.allclose(ours, theirs, atol=1e-5)
