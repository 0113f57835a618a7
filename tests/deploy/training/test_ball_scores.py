import pytest

torch = pytest.importorskip("torch", reason="needs the train extra")

from numa_deploy.network.builder import build  # noqa: E402
from numa_deploy.training.ball_scores import BIRTH, settled_scores  # noqa: E402
from numa_runtime.tracking.balls.params import BallTrackParams  # noqa: E402


def scores(network, clip):
    return network.infer(clip)["balls"][..., 4]


@pytest.mark.parametrize("name", ["multitask-p", "multitask-n"])
@pytest.mark.parametrize("best", [0.003, 0.37, 0.9])
def test_the_best_score_becomes_that_from_which_track_starts_a_ball(name, best):
    network = build(name).eval()
    clip = network.example_input(64, 64)
    before, state = scores(network, clip), {key: value.clone() for key, value in network.state_dict().items()}
    with settled_scores(network, {"ball_best_conf": best, "ball_best_f1": 0.8}):
        after = scores(network, clip)
    expected = torch.sigmoid(torch.logit(before) + torch.logit(torch.tensor(BIRTH)) - torch.logit(torch.tensor(best)))
    torch.testing.assert_close(after, expected, atol=1e-5, rtol=1e-4)
    assert BallTrackParams().new_track_thresh == BIRTH
    assert all(torch.equal(value, state[key]) for key, value in network.state_dict().items())


@pytest.mark.parametrize(
    "figures",
    [{}, {"ball_best_conf": 0.4, "ball_best_f1": 0.0}, {"ball_best_conf": 0.0, "ball_best_f1": 0.1},
     {"ball_best_conf": 1.0, "ball_best_f1": 0.1}],
)  # fmt: skip
def test_what_found_no_ball_says_nothing_of_scores(figures):
    network = build("multitask-p").eval()
    clip = network.example_input(64, 64)
    before = scores(network, clip)
    with settled_scores(network, figures):
        assert torch.equal(scores(network, clip), before)


def test_a_network_without_balls_stays_as_it_is():
    network = build("multitask-p", track=False)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    with settled_scores(network, {"ball_best_conf": 0.4, "ball_best_f1": 0.5}):
        assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
