import json

import pytest

from numa_runtime.jsontext import json_text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_json_does_not_know_is_null(value):
    data = {"a": [1.5, value, (2, value)], "b": {"c": value}, "d": "NaN", "e": None}
    assert json.loads(json_text(data), parse_constant=pytest.fail) == {
        "a": [1.5, None, [2, None]],
        "b": {"c": None},
        "d": "NaN",
        "e": None,
    }


def test_the_rest_is_plain_json():
    assert json_text({"name": "Bälle", "n": [1, 0.5]}) == '{"name": "Bälle", "n": [1, 0.5]}'
    assert json_text({"n": 1}, indent=2) == '{\n  "n": 1\n}'
