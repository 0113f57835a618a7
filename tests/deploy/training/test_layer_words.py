"""The words of --freeze and --cache."""

import pytest

from numa_deploy.training.layer_words import read_layers
from numa_deploy.training.train_options import TrainOptions
from numa_runtime.errors import UsageError


@pytest.mark.parametrize(
    ("given", "found"),
    [(10, 10), ("10", 10), ([0, 2], (0, 2)), ("0,2", (0, 2)), ("[5]", (5,)), ((3, 3), (3,)), ("1,", (1,))],
)
def test_a_number_is_the_first_layers_and_a_list_is_itself(given, found):
    assert read_layers("freeze", given) == found


@pytest.mark.parametrize("given", ["ten", "0,x", -1, "0,-2", 1.5, True])
def test_anything_else_is_refused(given):
    with pytest.raises(UsageError, match="freeze"):
        read_layers("freeze", given)


@pytest.mark.parametrize(("given", "found"), [(True, "ram"), ("True", "ram"), (False, "none"), ("disk", "disk")])
def test_the_cache_as_users_of_yolo_say_it(given, found):
    assert TrainOptions(cache=given).cache == found
