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


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty (0 bytes): not a model"),
        (b"this is no model", "is a text file, not a model"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a PNG image, not a model"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer, not the model itself"),
        (b"<!DOCTYPE html><html></html>", "is a web page, not a model: the download went wrong"),
        (b"<?xml version='1.0'?><net name='a'></net>", "is a model of the format openvino, not an ONNX file"),
        (b"\x08\x08\x3a\x00", "is an ONNX file without a network in it"),
        (b"\x08\x08\x3a\x02\x0a\x50", "is a damaged ONNX file: "),
    ],
)
def test_what_is_not_onnx_is_said_so(tmp_path, content, what):
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError) as error:
        read_onnx(path)
    assert error.value.what.startswith(f"net.onnx {what}")


def test_a_missing_file_and_a_truncated_one_are_named(tmp_path):
    path = tmp_path / "net.onnx"
    with pytest.raises(ModelError, match="does not exist"):
        read_onnx(path)
    write_onnx(tiny_onnx.yolox(), path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"net\.onnx is truncated: its graph ends at byte"):
        read_onnx(path)
