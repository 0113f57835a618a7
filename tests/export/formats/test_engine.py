import importlib
import importlib.util
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import RECORD, detect_spec, rtx_plan, tiny_onnx

from numa_export.formats.engine import LONGEST_NAME, name_network, network_name, sidecar_text
from numa_runtime.contract import RECORD_KEY, SPEC_KEY
from numa_runtime.contract.reading import read_contract
from numa_runtime.errors import ContractError
from numa_runtime.sessions.tensorrt.container import HASH_KEY, find_text, open_engine, sidecar_path
from numa_runtime.sessions.tensorrt.header import Flavour
from numa_runtime.sessions.tensorrt.nvidia import _logger


class Network:
    """`INetworkDefinition.name` as TensorRT has it: too long a value is refused without an exception."""

    def __init__(self):
        self._name = "Unnamed Network 0"

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        if len(value) <= LONGEST_NAME:
            self._name = value


def read(path):
    return read_contract(open_engine(path).metadata, [], [], path.name)


def test_contract_and_record_come_back_from_the_plan(tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan(name=name_network(Network(), detect_spec(), RECORD)))
    found = read(path)
    assert (found.spec, found.record, found.golden) == (detect_spec(), RECORD, None)


def test_the_sidecar_brings_the_golden_sample_too(tmp_path):
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan(name=network_name(detect_spec(), RECORD)))
    sidecar_path(path).write_text(sidecar_text(detect_spec(), RECORD, "sample"), encoding="utf-8")
    found = read(path)
    assert (found.spec, found.record, found.golden) == (detect_spec(), RECORD, "sample")
    assert sorted(child.name for child in tmp_path.iterdir()) == ["best.engine", "best.engine.json"]


def test_a_real_engine_keeps_it_and_is_read_without_a_gpu(tmp_path):
    trt = next((importlib.import_module(name) for name in Flavour.RTX.modules if importlib.util.find_spec(name)), None)
    if trt is None:
        pytest.skip('needs pip install "numa-deploy[rtx]"')
    builder = trt.Builder(_logger(trt))
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    source = tiny_onnx(tmp_path / "best.onnx", {"boxes": (1, 8, 4), "scores": (1, 8, 2)}, dtype="uint8")
    assert trt.OnnxParser(network, _logger(trt)).parse(source.read_bytes())
    name_network(network, detect_spec(), RECORD)
    config = builder.create_builder_config()
    config.num_compute_capabilities = 1
    assert config.set_compute_capability(trt.ComputeCapability.SM89, 0)
    path = tmp_path / "best.engine"
    path.write_bytes(bytes(builder.build_serialized_network(network, config)))
    assert open_engine(path).header.target_words == "SM89"
    assert (read(path).spec, read(path).record) == (detect_spec(), RECORD)


def test_what_is_too_long_leaves_its_hash(tmp_path):
    spec = detect_spec(names=tuple(f"class number {index}" for index in range(400)))
    name = network_name(spec, RECORD)
    assert list(json.loads(name)) == [HASH_KEY]
    path = tmp_path / "best.engine"
    path.write_bytes(rtx_plan(name=name))
    with pytest.raises(ContractError, match="which is missing"):
        read(path)
    sidecar_path(path).write_text(sidecar_text(spec, RECORD), encoding="utf-8")
    assert read(path).spec == spec


def test_the_record_goes_before_the_contract_does():
    spec = detect_spec()
    longest = replace(RECORD, source="x" * LONGEST_NAME)
    assert list(json.loads(network_name(spec, RECORD))) == [SPEC_KEY, RECORD_KEY]
    assert network_name(spec, longest) == network_name(spec)
    assert list(json.loads(network_name(spec, longest))) == [SPEC_KEY]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=120))
def test_every_name_fits_and_is_found_again(names):
    text = network_name(detect_spec(names=tuple(names)), RECORD)
    assert len(text) <= LONGEST_NAME
    assert text.isascii()
    assert find_text(rtx_plan(name=text, size=8192)) == json.loads(text)


def test_a_name_that_tensorrt_does_not_keep_is_an_error():
    network = type("Deaf", (), {"name": property(lambda self: "", lambda self, value: None)})()
    with pytest.raises(ContractError, match="TensorRT did not keep the network's name"):
        name_network(network, detect_spec())
