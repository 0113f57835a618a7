import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import detect_spec, rtx_plan

from numa_runtime.contract import SPEC_KEY, spec_hash, spec_to_json
from numa_runtime.contract.reading import read_contract
from numa_runtime.errors import ContractError, EngineError
from numa_runtime.sessions.tensorrt.container import HASH_KEY, find_text, open_engine, sidecar_path

SPEC = json.loads(spec_to_json(detect_spec()))
NAME = json.dumps({SPEC_KEY: SPEC}, separators=(",", ":"))
OTHER = json.loads(spec_to_json(detect_spec(names=("x", "y"))))


@pytest.fixture
def write(tmp_path):
    def _write(data, sidecar=None):
        path = tmp_path / "best.engine"
        path.write_bytes(data)
        if sidecar is not None:
            sidecar_path(path).write_text(sidecar)
        return path

    return _write


def test_the_contract_lies_in_the_plan(write):
    engine = open_engine(write(rtx_plan(name=NAME)))
    assert read_contract(engine.metadata, [], [], "best.engine").spec == detect_spec()
    assert (engine.offset, engine.header.target_words) == (0, "SM89")


def test_the_sidecar_adds_what_did_not_fit(write):
    hashed = json.dumps({HASH_KEY: spec_hash(detect_spec())}, separators=(",", ":"))
    path = write(rtx_plan(name=hashed), json.dumps({SPEC_KEY: SPEC, "numa.golden": "sample"}))
    found = read_contract(open_engine(path).metadata, [], [], "best.engine")
    assert (found.spec, found.golden) == (detect_spec(), "sample")


def test_a_sidecar_alone_is_enough(write):
    assert open_engine(write(rtx_plan(), json.dumps({SPEC_KEY: SPEC}))).metadata[SPEC_KEY] == SPEC


def test_a_pure_plan_has_no_metadata(write):
    assert open_engine(write(rtx_plan())).metadata == {}


def test_a_sidecar_of_another_engine_is_refused(write):
    path = write(rtx_plan(name=NAME), json.dumps({SPEC_KEY: OTHER}))
    with pytest.raises(ContractError, match=r"best\.engine\.json describes another model than best\.engine"):
        open_engine(path)


def test_a_hash_without_its_sidecar_is_explained(write):
    path = write(rtx_plan(name='{"numa.hash":"0123456789abcdef"}'))
    with pytest.raises(ContractError, match=r"contract of best\.engine lies in best\.engine\.json, which is missing"):
        open_engine(path)


@pytest.mark.parametrize(("text", "sentence"), [("{", "is not JSON"), ("[]", "holds no JSON object")])
def test_a_damaged_sidecar_is_named(write, text, sentence):
    with pytest.raises(ContractError, match=rf"best\.engine\.json {sentence}"):
        open_engine(write(rtx_plan(), text))


def test_the_prefix_of_ultralytics_is_read_and_stripped(write):
    words = json.dumps(
        {"task": "detect", "stride": 32, "batch": 1, "imgsz": [640, 640], "names": {"0": "ball"}}
    ).encode()
    plan = rtx_plan()
    engine = open_engine(write(struct.pack("<I", len(words)) + words + plan))
    assert engine.plan() == plan
    spec = read_contract(engine.metadata, [], [], "best.engine").spec
    assert (spec.names, spec.outputs[0].shape, spec.input.height) == (("ball",), (1, 5, 8400), 640)


def test_a_damaged_prefix_is_named(write):
    with pytest.raises(ContractError, match="metadata in front of the engine is not JSON"):
        open_engine(write(struct.pack("<I", 3) + b"{x}" + rtx_plan()))
    with pytest.raises(EngineError, match="ends inside the metadata in front"):
        open_engine(write(struct.pack("<I", 900) + b"{}" + b" " * 300))


@pytest.mark.parametrize("keep", [64, 100, 4095])
def test_a_truncated_plan_is_named(write, keep):
    with pytest.raises(EngineError, match=rf"truncated: its header says 4,096 bytes, the file has {keep:,}"):
        open_engine(write(rtx_plan()[:keep]))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=100), st.binary(max_size=100), st.text(max_size=30))
def test_the_text_is_found_whatever_lies_around_it(before, after, value):
    text = json.dumps({SPEC_KEY: {"name": value}}, separators=(",", ":")).encode()
    assert find_text(before + text + after) == {SPEC_KEY: {"name": value}}


def test_a_cut_off_text_is_no_text():
    assert find_text(NAME.encode()[:50]) == {}
