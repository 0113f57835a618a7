from collections import Counter

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tiny_models import tiny_onnx

from numa_runtime.errors import ModelError
from numa_runtime.sessions.onnx_file import is_onnx, summarise


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_onnx(tmp_path_factory.mktemp("onnx") / "m.onnx", {"output0": (1, 84, 84)})


def test_operators_and_weights_as_the_onnx_package_counts_them(model):
    graph = onnx.load(str(model)).graph
    found = summarise(model)
    assert found.operators == Counter(node.op_type for node in graph.node)
    assert found.weights == {"float32": 12}


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    ("dtype", "name"), [(TensorProto.FLOAT16, "float16"), (TensorProto.INT8, "int8"), (TensorProto.UINT8, "uint8")]
)
def test_weights_in_initialisers_and_constants(tmp_path, dtype, name, raw):
    array = np.arange(6, dtype=helper.tensor_dtype_to_np_dtype(dtype)).reshape(2, 3)
    values = {"vals": array.tobytes(), "raw": True} if raw else {"vals": array.ravel().tolist()}
    tensor = helper.make_tensor("w", dtype, [2, 3], **values)
    scale = numpy_helper.from_array(np.ones(9, np.float32), "scale")
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    graph = helper.make_graph([constant], "g", [], [], [tensor, scale])
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph), str(path))
    assert summarise(path).weights == {name: 12}


def test_a_truncated_model_is_named(model, tmp_path):
    short = tmp_path / "short.onnx"
    data = model.read_bytes()
    short.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=r"short\.onnx is truncated: its graph ends at byte \d+, the file has \d+"):
        is_onnx(short)


@settings(deadline=None, max_examples=200)
@given(data=st.binary(min_size=1, max_size=200))
def test_random_bytes_are_answered_and_never_crash(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "random.bin"
    path.write_bytes(data)
    try:
        answer = is_onnx(path)
    except ModelError as error:
        assert "truncated" in error.what  # noqa: PT017 - either answer is right, this one must be that sentence
    else:
        assert answer in (True, False)
