import pytest

pytest.importorskip("optuna", reason="needs the tune extra")

import optuna

from numa_benchmarks.tune.pruning import BehindMost


def run(curves, warmup=1, least=2):
    """Return how many steps each trial was let do, one curve of values per trial."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", pruner=BehindMost(warmup, least))
    steps = []
    for curve in curves:
        trial = study.ask()
        for step, value in enumerate(curve):
            trial.report(value, step)
            if trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                steps.append(step + 1)
                break
        else:
            study.tell(trial, curve[-1])
            steps.append(len(curve))
    return steps


def test_behind_the_median_is_given_up():
    assert run([[0, 0, 0, 0], [2, 2, 2, 2], [1, 0.5, 2, 2], [1, 1.5, 2, 2]]) == [4, 4, 2, 4]


def test_a_good_first_clip_does_not_save_a_trial():
    assert run([[0, 1, 1, 1], [0, 2, 2, 2], [9, 0, 0, 0]]) == [4, 4, 2]


def test_not_before_the_warmup_nor_among_few():
    assert run([[5, 5, 5], [5, 5, 5], [0, 0, 0]], warmup=2) == [3, 3, 3]
    assert run([[5, 5, 5], [0, 0, 0]], least=2) == [3, 3]


def test_trials_given_up_count_where_they_came_to():
    """The third was given up at its second step; there it is one of the others for the fourth."""
    assert run([[3, 3, 3], [3, 3, 3], [0, 0, 0], [0, 2, 9]], least=2) == [3, 3, 2, 2]
