import pytest
import tiny_onnx

from numa_export.graph.metadata import Contract, drop_foreign, is_ours, properties, read_contract, write_contract
from numa_runtime.contract import SPEC_KEY, BuildRecord, InputSpec, Layout, ModelSpec, OutputSpec, Task
from numa_runtime.errors import ContractError

SPEC = ModelSpec(Task.DETECT, ("a", "b"), 32, InputSpec(64, 96), (OutputSpec("boxes", (1, 126, 4)),), Layout.CANDIDATES)
RECORD = BuildRecord("fp32", "test", "2026-01-01T00:00:00+00:00")


def test_what_is_written_is_read_and_others_keys_stay():
    model = tiny_onnx.ultralytics()
    assert read_contract(model) is None
    before = properties(model)
    write_contract(model, Contract(SPEC, RECORD, "gold"))
    write_contract(model, Contract(SPEC, RECORD, "newer gold"))
    assert is_ours(model)
    assert read_contract(model) == Contract(SPEC, RECORD, "newer gold")
    assert before.items() <= properties(model).items()


def test_a_contract_without_record_and_sample_is_one():
    model = tiny_onnx.yolox()
    write_contract(model, Contract(SPEC))
    assert read_contract(model) == Contract(SPEC, None, None)


def test_dropping_keeps_licence_and_contract():
    model = tiny_onnx.ultralytics()
    write_contract(model, Contract(SPEC))
    drop_foreign(model)
    assert set(properties(model)) == {"license", "description", SPEC_KEY}


def test_a_damaged_contract_is_named():
    model = tiny_onnx.yolox()
    model.metadata_props.add(key=SPEC_KEY, value="{")
    with pytest.raises(ContractError, match="not JSON"):
        read_contract(model)
