"""Every word that sets a tracker, known without loading one."""

import subprocess
import sys

import pytest

from numa_runtime.errors import UsageError
from numa_runtime.options import Option
from numa_runtime.pipeline.options.tracker import (
    FLAGS,
    TrackerOptions,
    ball_parameters,
    every_parameter,
    read_ids,
    read_parameters,
)


def test_names_of_all_trackers():
    assert {"match_thresh", "delta_t", "gmc_method", "min_hits", "ball_gate", "ball_use_next"} <= every_parameter()
    assert "gate" not in every_parameter()
    assert all(name.startswith("ball_") for name in ball_parameters())


def test_asking_loads_no_numba():
    code = """
import sys
from numa_runtime.pipeline.options.tracker import every_parameter
every_parameter()
sys.exit(bool({'numba', 'numpy', 'cv2', 'yaml'} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_parameter_is_an_option_and_some_have_a_flag():
    declared: dict[str, Option] = {option.name: option for option in TrackerOptions.declared()}
    assert every_parameter() <= set(declared)
    assert {name for name in every_parameter() if not declared[name].python_only} == set(FLAGS)
    assert "first association" in declared["match_thresh"].help.lower()


@pytest.mark.parametrize(
    ("text", "ids"),
    [(False, False), (True, True), ("7", (7,)), ("7,12", (7, 12)), ("[7, 7]", (7,)), ("all,3", ("all", 3))],
)
def test_ids_to_explain(text, ids):
    assert read_ids("explain", text) == ids


@pytest.mark.parametrize("text", ["", "-1", "a", "1;2", "1,", "All"])
def test_ids_refused(text):
    with pytest.raises(UsageError, match="is not a list of ids"):
        read_ids("explain", text)


def test_parameters_are_read_as_a_yaml_reads_them():
    assert read_parameters("set", ["with_reid=True", "inertia=0.1", "gmc_method=orb", "delta-t=2"]) == {
        "with_reid": True,
        "inertia": 0.1,
        "gmc_method": "orb",
        "delta_t": 2,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("with_reid", "--set with_reid: there is no value"),
        ("with_ride=True", "no tracker has a parameter 'with_ride' (did you mean 'with_reid'?)"),
        ("inertia=[", "--set inertia=[: '[' is not a value"),
    ],
)
def test_parameters_refused(text, sentence):
    with pytest.raises(UsageError) as caught:
        read_parameters("set", [text])
    assert caught.value.what == sentence


def test_what_is_given_by_name_and_what_by_set_go_together():
    options = TrackerOptions.of({"tracker": "ocsort", "delta_t": 2, "parameters": ["inertia=0.3", "ball_gate=5"]})
    params = options.box_params(0.4)
    assert (params.birth_conf, params.delta_t, params.inertia) == (0.4, 2, 0.3)
    assert options.ball_params().gate == 5
