"""Our training step against itself, in a real process; ultralytics' where its environment is."""

import pytest
from image_folders import write_network

from numa_benchmarks.timing.failure import Failure
from numa_peers.catalogue import ULTRALYTICS
from numa_peers.environment import default_home
from numa_peers.step_contest import OURS, THEIRS, StepRules, compare_steps, own_interpreter, step_grid

pytest.importorskip("torch", reason="needs the train extra")
pytest.importorskip("lightning_fabric", reason="needs the train extra")


def test_our_step_is_timed(tmp_path):
    rules = StepRules(str(write_network(tmp_path)), side=32, batch=2, rounds=2, frames=2, threads=1)
    (one,) = compare_steps({OURS: own_interpreter()}, rules, tmp_path)
    assert one.ratio == 1
    data = one.to_dict()
    assert data["trainer"] == "numa-deploy"
    assert 0 < data["step_ms_quiet"] <= data["step_ms_p99"]
    assert step_grid((one,)).lines()[1].startswith("numa-deploy")


def test_a_network_that_does_not_exist_is_a_failure(tmp_path):
    with pytest.raises(Failure, match="there is no network"):
        compare_steps({OURS: own_interpreter()}, StepRules("yolov9z.yaml", side=32, batch=1), tmp_path)


@pytest.mark.peers
def test_their_step_is_timed():
    home = default_home()
    if not ULTRALYTICS.ready(home):
        pytest.skip("ultralytics is not installed: train_step.py --setup")
    rules = StepRules(side=64, batch=2, rounds=1, frames=1)
    theirs, ours = compare_steps({THEIRS: ULTRALYTICS.python(home), OURS: own_interpreter()}, rules, home)
    assert theirs.ratio == 1
    assert 0 < ours.ratio < 10
