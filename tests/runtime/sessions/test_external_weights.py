"""ONNX files whose weights lie in a file next to them: missing, cut off, empty."""

import onnx
import pytest
from onnx.external_data_helper import convert_model_to_external_data
from tiny_models import tiny_onnx

from numa_export.graph.finish import read_onnx
from numa_runtime.errors import ModelError
from numa_runtime.sessions import load
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.external_weights import missing_weights


@pytest.fixture
def path(tmp_path):
    model = onnx.load(tiny_onnx(tmp_path / "whole.onnx", {"output0": (1, 84, 84)}))
    convert_model_to_external_data(model, location="net.data", size_threshold=60)
    onnx.save(model, tmp_path / "net.onnx")
    return tmp_path / "net.onnx"


def test_with_its_weights_next_to_it_it_runs(path):
    assert missing_weights(path) is None
    assert missing_weights(path.with_name("whole.onnx")) is None
    load(path, device="cpu").close()


@pytest.mark.parametrize("use", [load, describe, read_onnx])
def test_the_missing_file_is_named_by_whoever_opens_the_model(path, use):
    path.with_name("net.data").unlink()
    with pytest.raises(ModelError) as caught:
        use(path)
    assert caught.value.what == (
        f"net.onnx keeps its weights in net.data, which is missing: there is no {path.with_name('net.data')}"
    )
    assert "copy net.data into the folder of net.onnx" in caught.value.hint


@pytest.mark.parametrize("size", [0, 8])
@pytest.mark.parametrize("use", [load, describe, read_onnx])
def test_weights_that_are_cut_off_are_told_with_both_sizes(path, use, size):
    weights = path.with_name("net.data")
    whole = weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[:size])
    sentence = rf"^net\.data, the weights of net\.onnx, is truncated: it has {size} bytes of {whole:,}"
    with pytest.raises(ModelError, match=sentence):
        use(path)


def test_what_is_no_onnx_is_left_to_others(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"\xff\xff\xff")
    assert missing_weights(tmp_path / "x.onnx") is None
    (tmp_path / "x.onnx").write_bytes(b"")
    assert missing_weights(tmp_path / "x.onnx") is None
    assert missing_weights(tmp_path / "none.onnx") is None
