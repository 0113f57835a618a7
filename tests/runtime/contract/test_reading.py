import json

import pytest
from tiny_models import RECORD, detect_spec

from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, record_to_json, spec_to_json
from numa_runtime.contract.reading import ContractOrigin, read_contract
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import ContractError

IMAGES = TensorInfo("images", (1, 3, 640, 640), "float32")
RAW = TensorInfo("output0", (1, 84, 8400), "float32")
OURS = {SPEC_KEY: spec_to_json(detect_spec()), RECORD_KEY: record_to_json(RECORD), GOLDEN_KEY: "sample"}


def test_ours_comes_first():
    found = read_contract({**OURS, "names": "{}", "task": "segment"}, [IMAGES], [RAW], "m.onnx")
    assert (found.spec, found.record, found.golden, found.origin) == (
        detect_spec(),
        RECORD,
        "sample",
        ContractOrigin.NUMA,
    )


def test_nested_json_is_as_good_as_text():
    nested = {key: json.loads(text) for key, text in OURS.items() if key != GOLDEN_KEY}
    found = read_contract(nested, [], [], "m.engine")
    assert (found.spec, found.record, found.golden) == (detect_spec(), RECORD, None)


def test_then_ultralytics_then_shapes():
    words = {"names": str([f"n{index}" for index in range(80)]), "task": "detect"}
    assert read_contract(words, [IMAGES], [RAW], "m.onnx").origin is ContractOrigin.ULTRALYTICS
    assert read_contract({}, [IMAGES], [RAW], "m.onnx").origin is ContractOrigin.SHAPES


def test_errors_name_the_file():
    with pytest.raises(ContractError, match=r"^m\.onnx: the contract is not JSON"):
        read_contract({SPEC_KEY: "{"}, [IMAGES], [RAW], "m.onnx")
    with pytest.raises(ContractError, match=r"^m\.onnx: the metadata's 'names' cannot be read") as caught:
        read_contract({"names": "{", "task": "detect"}, [IMAGES], [RAW], "m.onnx")
    assert "adopt m.onnx" in caught.value.hint
