import pytest
import tiny_onnx

from numa_export.graph.finish import read_onnx, write_onnx
from numa_runtime.errors import ModelError


def test_what_was_written_can_be_read(tmp_path):
    path = tmp_path / "net.onnx"
    write_onnx(tiny_onnx.yolox(), path)
    assert read_onnx(path).graph.output[0].name == "output"


def test_an_invalid_graph_is_not_written(tmp_path):
    model = tiny_onnx.yolox()
    model.graph.node[0].input[0] = "nobody"
    with pytest.raises(ModelError, match="not valid ONNX"):
        write_onnx(model, tmp_path / "net.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"this is no model", b"\x89PNG\r\n\x1a\n" + bytes(100)])
def test_what_is_not_onnx_is_said_so(tmp_path, content):
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError) as error:
        read_onnx(path)
    assert error.value.what.startswith(f"{path} is not an ONNX file")


def test_a_missing_file_and_a_truncated_one_are_named(tmp_path):
    path = tmp_path / "net.onnx"
    with pytest.raises(ModelError, match="no such file"):
        read_onnx(path)
    write_onnx(tiny_onnx.yolox(), path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match="not an ONNX file"):
        read_onnx(path)
