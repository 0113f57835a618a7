"""Which rows a model gets, and the command lines behind them: pure planning, nothing is run."""

from pathlib import Path

import numpy as np
import pytest

from numa_deploy.yolo.benchmark_options import FORMATS, TORCH, BenchmarkOptions
from numa_deploy.yolo.benchmarking import (
    Original,
    original_of,
    plan_entries,
    same_size,
)
from numa_deploy.yolo.bundled import default_model
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.formats import Format


def plan(source, made, **words):
    return plan_entries(Original(Path(source), made), Path("d.yaml"), Path("out"), BenchmarkOptions.of(words))


def word_after(command, flag):
    return command[command.index(flag) + 1]


def test_every_format_has_a_row():
    assert sorted(FORMATS) == sorted((TORCH, *Format))


def test_a_network_comes_in_every_format():
    entries = plan("best.pt", None, imgsz=(384, 640))
    assert [entry.name for entry in entries] == list(FORMATS)
    torch, *exported = entries
    assert torch.make is None
    assert torch.artifact == Path("best.pt")
    assert [str(entry.artifact) for entry in exported] == [
        "out/best.torchscript",
        "out/best.onnx",
        "out/best_openvino_model",
        "out/best.engine",
    ]
    for entry in exported:
        command = entry.make.words
        assert command[3] == "export"
        assert word_after(command, "--model") == "best.pt"
        assert word_after(command, "--format") == entry.format
        assert word_after(command, "--json") == "{json}"
        assert command[-3:] == ("--imgsz", "384", "640")
        assert word_after(entry.worker, "--model") == str(entry.artifact)
        assert word_after(entry.worker, "--data") == "d.yaml"
    assert not any(entry.reason for entry in entries)


@pytest.mark.parametrize(
    ("format", "imgsz", "expected"),
    [
        (None, None, (640, 640)),
        (None, 320, (320, 320)),
        (None, (384, 640), (384, 640)),
        (Format.ONNX, None, None),
        (Format.ONNX, 320, 320),
    ],
)
def test_a_network_and_its_exports_see_pictures_at_one_size(format, imgsz, expected):
    assert same_size(BenchmarkOptions(imgsz=imgsz), Original(Path("best"), format)).imgsz == expected


def test_an_onnx_file_needs_a_checkpoint_for_torch():
    torch, torchscript, onnx, openvino, engine = plan("a.onnx", Format.ONNX, threads=1)
    for entry in (torch, torchscript):
        assert entry.reason == "needs a checkpoint: a.onnx is an ONNX file (--model best.pt)"
        assert not entry.worker
    assert onnx.make is None
    assert openvino.make is not None
    assert engine.make is not None
    assert word_after(onnx.worker, "--threads") == "1"


@pytest.mark.parametrize("format", [Format.ENGINE, Format.OPENVINO, Format.TORCHSCRIPT])
def test_what_nothing_is_made_from_has_one_row_that_runs(format):
    entries = plan("best.x", format)
    assert [entry.format for entry in entries if entry.worker] == [format]
    reasons = [entry.reason for entry in entries if entry.format == "onnx"]
    assert reasons == [f"is made from a checkpoint or an ONNX file: best.x is {format.called}"]


def test_half_keeps_the_source_as_the_reference():
    names = [entry.name for entry in plan("a.onnx", Format.ONNX, half=True, format="onnx, openvino")]
    assert names == ["onnx", "onnx fp16", "openvino fp16"]
    torch, torchscript, onnx, *_ = plan("best.pt", None, half=True)
    assert (torch.precision, torchscript.precision, onnx.precision) == ("fp32", "fp32", "fp16")
    assert "--half" in onnx.make.words
    assert "--half" not in torchscript.make.words
    assert str(onnx.artifact) == "out/best-fp16.onnx"


def test_an_engine_is_not_asked_to_run_on_a_cpu():
    entries = {entry.format: entry for entry in plan("a.onnx", Format.ONNX, device="cpu")}
    assert word_after(entries["engine"].worker, "--device") == "auto"
    assert word_after(entries["openvino"].worker, "--device") == "cpu"


def test_the_original_by_what_is_there(tmp_path):
    assert original_of(default_model()).format is Format.ONNX
    assert original_of(Path("multitask-n.yaml")).format is None
    with pytest.raises(ModelError, match=r"none\.onnx"):
        original_of(tmp_path / "none.onnx")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"formats": "onxn"}, "benchmark has no format 'onxn' (did you mean 'onnx'?)"),
        ({"formats": ","}, "benchmark needs a format at least"),
        ({"round": 3}, "benchmark has no setting 'round' (did you mean 'rounds'?)"),
        ({"rounds": 0}, "--rounds is 0; it must be more than 0"),
        ({"time_limit": -1}, "--time-limit is -1; it must be more than 0"),
    ],
)
def test_what_cannot_be_meant(words, sentence):
    with pytest.raises(UsageError) as error:
        BenchmarkOptions.of(words)
    assert error.value.what == sentence


@pytest.mark.parametrize(
    "words",
    [{"verbose": False}, {"int8": False}, {"format": ""}, {"quantize": None}, {"eps": 1e-3}, {"half": np.False_}],
)
def test_words_of_other_benchmarks_that_ask_for_nothing(words):
    assert BenchmarkOptions.of(words) == BenchmarkOptions()


def test_a_device_may_be_a_number():
    assert BenchmarkOptions.of({"device": 0}).device == "0"


def test_words_that_ask_for_what_there_is_not():
    with pytest.raises(UsageError, match="benchmark does not take 'int8': int8 export is not offered yet"):
        BenchmarkOptions.of({"int8": True})
