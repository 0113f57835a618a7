import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tiny_models import rtx_plan, tensorrt_plan, tiny_onnx

from numa_runtime.errors import ModelError
from numa_runtime.formats import Format
from numa_runtime.installing import pip_line
from numa_runtime.sessions.sniff import openvino_xml, sniff


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["m.onnx", "m.bin", "model"])
def test_content_decides_and_not_the_suffix(tmp_path, name):
    assert sniff(tiny_onnx(tmp_path / name, {"output0": (1, 84, 84)})) is Format.ONNX


@pytest.mark.parametrize("data", [rtx_plan(), tensorrt_plan(), struct.pack("<I", 2) + b"{}" + rtx_plan()])
def test_engines_of_all_kinds(tmp_path, data):
    path = tmp_path / "m.engine"
    path.write_bytes(data)
    assert sniff(path) is Format.ENGINE


def test_an_openvino_folder_and_its_xml(tmp_path):
    xml = tmp_path / "m.xml"
    xml.write_text('<?xml version="1.0"?>\n<net name="m" version="11"></net>')
    assert (sniff(xml), sniff(tmp_path)) == (Format.OPENVINO, Format.OPENVINO)
    assert (openvino_xml(xml), openvino_xml(tmp_path)) == (xml, xml)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "m.onnx is empty (0 bytes): not a model"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "m.onnx is a JPEG image, not a model"),
        (b"\x89PNG\r\n\x1a\n", "m.onnx is a PNG image, not a model"),
        (b"\0\0\0\x20ftypisom", "m.onnx is a picture or a video, not a model"),
        (b"hello, I am text\n" * 500, "m.onnx is a text file, not a model"),
        ("Bälle\n".encode() * 2000, "m.onnx is a text file, not a model"),
        (b"<!DOCTYPE html><html>404", "m.onnx is a web page, not a model: the download went wrong"),
        (b"\xef\xbb\xbf<!-- saved -->\n<html lang=en>", "m.onnx is a web page, not a model: the download went wrong"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "m.onnx is a Git LFS pointer, not the model itself"),
        (archive("a/data.pkl", "a/data/0"), "m.onnx is a PyTorch checkpoint of another tool"),
        (archive("w.npy"), "m.onnx is a NumPy archive, not a model"),
        (archive("w.txt"), "m.onnx is a zip archive, not a model"),
        (archive("a/data.pkl")[:40], "m.onnx is a truncated archive"),
        (b"\x80\x02}q\0.", "m.onnx is a pickle (an old PyTorch checkpoint?), which is never opened here"),
        (b"\x1c\0\0\0TFL3", "m.onnx is a TensorFlow Lite model, which is not supported here"),
        (b"\0\1\2\3\4\5\6\7\x08", "m.onnx is not a model: its first bytes are 00 01 02 03 04 05 06 07"),
    ],
)
def test_what_is_not_a_model_is_called_by_its_name(tmp_path, data, sentence):
    path = tmp_path / "m.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        sniff(path)
    assert caught.value.what == sentence
    assert caught.value.hint


def test_a_checkpoint_of_ours_is_sent_to_export(tmp_path, monkeypatch):
    path = checkpoint(tmp_path / "best.pt", b"\x80\x02X\x0f\x00\x00\x00numa.checkpoint.")
    monkeypatch.setattr("numa_runtime.sessions.sniff.absent", lambda _: [])
    with pytest.raises(ModelError) as caught:
        sniff(path)
    assert caught.value.hint == f"numa-deploy export --model {path} --format onnx"
    monkeypatch.setattr("numa_runtime.sessions.sniff.absent", lambda _: ["torch"])
    with pytest.raises(ModelError) as caught:
        sniff(path)
    assert caught.value.hint.endswith(f"which needs first: {pip_line('export', 'train')}")


@pytest.mark.parametrize(
    ("pickle", "command", "zipped"),
    [
        (
            b"\x80\x02}X\x05\x00\x00\x00modelcultralytics.nn.tasks\nDetectionModel\n)\x81s.",
            "yolo export model=best.pt format=onnx",
            False,
        ),
        (
            b"\x80\x04\x8c\x14ultralytics.nn.tasks\x8c\x0eDetectionModel\x93.",
            "yolo export model=best.pt format=onnx",
            False,
        ),
        (b"\x80\x02cmodels.yolo\nModel\n)\x81.", "python export.py --weights best.pt --include onnx", False),
        (b"\x80\x02cmodels.yolo\nModel\n)\x81.", "python export.py --weights best.pt --include onnx", True),
    ],
)
def test_a_checkpoint_of_another_tool_is_told_without_torch(tmp_path, pickle, command, zipped):
    path = tmp_path / "best.pt"
    if zipped:
        checkpoint(path, pickle)
    else:
        path.write_bytes(pickle)
    with pytest.raises(ModelError, match="opening it would run their code") as caught:
        sniff(path)
    assert caught.value.hint.splitlines() == [
        f"export it where it was trained: {command}",
        "then use the ONNX file in its place: --model best.onnx",
    ]


def test_an_ultralytics_checkpoint_is_exported_like_ours(tmp_path):
    path = tmp_path / "best.pt"
    checkpoint(path, b"\x80\x02cultralytics.nn.tasks\nDetectionModel\n)\x81.")
    with pytest.raises(
        ModelError, match=r"best.pt is an Ultralytics checkpoint; this takes exported files only"
    ) as caught:
        sniff(path)
    assert caught.value.hint.startswith(f"numa-deploy export --model {path} --format onnx")


def test_a_checkpoint_of_nobody_we_know(tmp_path):
    path = checkpoint(tmp_path / "best.pt", b"\x80\x02ccollections\nOrderedDict\n)R.")
    with pytest.raises(ModelError, match="a PyTorch checkpoint of another tool"):
        sniff(path)


def checkpoint(path, pickle):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("best/data.pkl", pickle)
    return path


def test_a_missing_file_names_the_nearest(tmp_path):
    tiny_onnx(tmp_path / "best.onnx", {"output0": (1, 84, 84)})
    with pytest.raises(ModelError) as caught:
        sniff(tmp_path / "bset.onnx")
    assert caught.value.what == f"{tmp_path}/bset.onnx does not exist (did you mean 'best.onnx'?)"
    assert caught.value.hint == f"models in {tmp_path}: best.onnx"


def test_a_missing_file_in_an_empty_or_missing_folder(tmp_path):
    with pytest.raises(ModelError, match=r"best\.onnx does not exist") as caught:
        sniff(tmp_path / "best.onnx")
    assert caught.value.hint == f"there are no models in {tmp_path}"
    with pytest.raises(ModelError, match=r"does not exist: there is no folder .*nowhere"):
        sniff(tmp_path / "nowhere" / "best.onnx")


@pytest.mark.parametrize("name", ["yolo11n.pt", "yolov8n.onnx", "yolo26n-pose.pt", "YOLOv8x.engine", "rtdetr-l.pt"])
def test_famous_names_are_not_downloaded(tmp_path, name):
    with pytest.raises(ModelError, match="does not exist, and numa-deploy downloads nothing") as caught:
        sniff(tmp_path / name)
    assert f"get {name.rsplit('.', 1)[0]}.pt from https://github.com/ultralytics/assets/releases" in caught.value.hint
    assert "bundled" in caught.value.hint


def test_folders_without_a_model_or_with_several(tmp_path):
    with pytest.raises(ModelError, match=r"is a folder without an OpenVINO \.xml; it holds nothing"):
        sniff(tmp_path)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text("<net/>")
    with pytest.raises(ModelError, match=r"holds 2 models: a\.xml, b\.xml"):
        sniff(tmp_path)


def test_what_the_system_refuses_is_said(tmp_path):
    with pytest.raises(ModelError, match="cannot be read: File name too long"):
        sniff(tmp_path / ("x" * 300))
    with pytest.raises(ModelError, match="is neither a file nor a folder"):
        sniff(Path("/dev/null"))


def test_a_numpy_file_is_no_model(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(3))
    with pytest.raises(ModelError, match="not a model"):
        sniff(tmp_path / "a.npy")
