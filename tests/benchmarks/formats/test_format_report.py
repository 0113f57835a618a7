"""The report as tables under the names Ultralytics users know."""

import json
import sys
import types

import pytest

from numa_benchmarks.formats.format_report import FormatReport
from numa_benchmarks.formats.row import FormatRow, Latency
from numa_benchmarks.timing.failure import Status
from numa_benchmarks.timing.messages import Timed
from numa_runtime.errors import NumaError

COLUMNS = [" ", "Format", "Status❔", "Size (MB)", "metrics/mAP50-95(B)", "Inference time (ms/im)", "FPS"]


def row(word, box=0.6, keypoint=None, precision="fp32"):
    timed = Latency.of(Timed([1.0] * 10, [8.5] * 10, [0.5] * 10))
    metrics = {"box_map50_95": box, "keypoint_map50_95": keypoint}
    return FormatRow(word, precision, size_mb=12.34, metrics=metrics, latency=timed)


def report(*rows):
    return FormatReport("m", "d", 4, rows, {})


MADE = FormatRow("engine", "fp16", Status.FAILED, "no GPU", size_mb=12.0)
NOT_MADE = FormatRow("torchscript", "fp32", Status.CRASHED, "SIGSEGV while exporting")


def test_rows_under_the_known_names():
    rows = report(row("onnx"), row("onnx", precision="fp16"), MADE, NOT_MADE).table_rows()
    assert [list(one) for one in rows] == [COLUMNS] * 4
    assert list(rows[0].values()) == [1, "onnx", "✅", 12.3, 0.6, 8.5, 100.0]
    assert rows[1]["Format"] == "onnx fp16"
    assert [one["Status❔"] for one in rows] == ["✅", "✅", "❎", "❌"]
    assert [one["Size (MB)"] for one in rows] == [12.3, 12.3, 12.0, None]
    assert rows[3]["FPS"] is rows[3]["Inference time (ms/im)"] is rows[3]["metrics/mAP50-95(B)"] is None


def test_keypoints_are_the_figure_where_there_are_any():
    assert report(row("onnx", 0.6, 0.0)).table_rows()[0]["metrics/mAP50-95(P)"] == 0.0


def test_texts():
    found = report(row("onnx"), NOT_MADE)
    assert found.to_csv().splitlines() == [",".join(COLUMNS), "1,onnx,✅,12.3,0.6,8.5,100.0", "2,torchscript,❌,,,,"]
    assert json.loads(found.to_json()) == found.to_dict()


def test_frames(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=dict))
    assert report(row("onnx"), MADE).to_df()["Format"] == ["onnx", "engine fp16"]
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(NumaError, match="needs the package pandas or polars"):
        report(row("onnx")).to_df()
