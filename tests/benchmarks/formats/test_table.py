import json
from dataclasses import replace

import pytest

from numa_benchmarks.formats.format_benchmark import through_onnx, with_deltas
from numa_benchmarks.formats.format_report import FormatReport
from numa_benchmarks.formats.row import LATENCY_KEYS, FormatRow, Latency
from numa_benchmarks.formats.table import fastest, markdown_table, text_table
from numa_benchmarks.timing.failure import Status
from numa_benchmarks.timing.machine import environment
from numa_benchmarks.timing.messages import Timed


def latency(ms):
    return Latency.of(Timed([1.0] * 10, [ms - 1.5] * 10, [0.5] * 10))


def row(word, ms, box, keypoint=None, precision="fp32"):
    metrics = {"box_map50_95": box, "keypoint_map50_95": keypoint}
    return FormatRow(word, precision, size_mb=12.34, metrics=metrics, latency=latency(ms), load_s=0.25, rss_mb=141.4)


ENGINE = FormatRow("engine", "fp32", Status.UNAVAILABLE, "needs an SM89 GPU", size_mb=12.0)
CRASH = FormatRow("torchscript", "fp32", Status.CRASHED, "SIGSEGV while exporting")


def rows():
    listed = (row("torch", 118, 0.614), CRASH, row("onnx", 62, 0.614), row("openvino", 24, 0.610), ENGINE)
    return through_onnx(with_deltas(listed))


def test_delta_is_points_against_the_first_measured_row():
    deltas = [one.map_delta_points for one in rows()]
    assert deltas[0] is None
    assert deltas[1] is None
    assert deltas[2] == 0
    assert deltas[3] == pytest.approx(-0.4)


def test_delta_is_that_of_the_head_that_lost_most():
    found = with_deltas((row("torch", 1, 0.6, 0.5), row("onnx", 1, 0.61, 0.47)))
    assert found[1].map_delta_points == pytest.approx(-3)


def test_the_fastest_must_be_within_a_point():
    near, far = row("onnx", 62, 0.605), row("openvino", 24, 0.60)
    assert fastest(with_deltas((row("torch", 118, 0.614), near, far))).format == "onnx"
    assert fastest((row("torch", 118, 0.614),)) is None
    assert fastest((CRASH, ENGINE)) is None


def test_table_as_people_read_it():
    lines = text_table(rows())
    assert lines[0].split()[:5] == ["format", "precision", "size", "MB", "mAP50-95"]
    assert lines[1].split() == [
        "torch",
        "fp32",
        "12.3",
        "61.4",
        "-",
        "1.0",
        "116.5",
        "0.5",
        "118.0",
        "118.0",
        "118.0",
        "8.5",
        "0.2",
        "-",
        "141",
    ]
    assert lines[2] == "torchscript  fp32       crashed: SIGSEGV while exporting"
    assert lines[4].endswith("141   <- fastest within 1 point of the reference")
    assert lines[5] == "engine       fp32       needs an SM89 GPU; its ONNX: 61.4"
    assert len({line.index("fp32") for line in lines[1:]}) == 1
    assert sum("<-" in line for line in lines) == 1


def test_a_change_that_rounds_to_nothing_has_no_sign():
    found = with_deltas((row("torch", 9, 0.61400), row("onnx", 8, 0.61399)))
    assert "-0.0" not in "\n".join(text_table(found))


def test_pose_and_proof_get_columns_only_where_they_are_known():
    assert "mAP50-95(K)" not in text_table(rows())[0]
    assert "box err px" not in text_table(rows())[0]
    pose = [replace(row("onnx", 9, 0.5, 0.4), max_box_error_px=0.00312)]
    lines = text_table(pose)
    assert "mAP50-95(K)" in lines[0]
    assert "40.0" in lines[1]
    assert "0.003" in lines[1]


def test_rows_that_could_not_be_scored_say_so_once():
    found = [
        replace(row(word, 9, None), metrics=None, reason="not scored: other classes") for word in ("torch", "onnx")
    ]
    lines = text_table(found)
    assert lines[-1] == "torch, onnx: not scored: other classes"
    assert lines[1].endswith("<- fastest")


def test_markdown():
    lines = markdown_table(rows())
    assert lines[0].startswith("| format | precision |")
    assert lines[1].startswith("|:---|:---|---:|")
    assert {line.count("|") for line in lines[:7]} == {lines[0].count("|")}
    assert lines[5].startswith("| **openvino** | **fp32** |")
    assert "Bold: fastest within 1 point of the reference." in lines
    assert lines[-2:] == [
        "- torchscript: crashed: SIGSEGV while exporting",
        "- engine: needs an SM89 GPU; its ONNX: 61.4",
    ]


KEYS = {
    *("format", "precision", "status", "reason", "artifact", "runs_on", "imgsz", "size_mb"),
    *("box_map50_95", "box_map50", "keypoint_map50_95", "keypoint_map50", "map_delta_points"),
    *("ball_f1", "ball_precision", "ball_recall", "ball_conf"),
    *("load_s", "first_result_s", "rss_mb", "export_s", "max_box_error_px"),
}


def test_json_has_the_same_keys_in_every_row():
    report = FormatReport("best.pt", "match.yaml", 3, rows(), environment(2))
    data = json.loads(json.dumps(report.to_dict()))
    assert all(set(one) == KEYS | set(LATENCY_KEYS) for one in data["rows"])
    assert {"preprocess_ms_p50", "inference_ms_p90", "postprocess_ms_p99", "total_ms", "fps"} <= set(LATENCY_KEYS)
    assert [one["status"] for one in data["rows"]] == ["ok", "crashed", "ok", "ok", "unavailable"]
    assert data["rows"][0]["total_ms_p50"] == 118
    assert data["rows"][0]["fps"] == pytest.approx(1000 / 118)
    assert data["rows"][1]["inference_ms"] is None
    place = data["environment"]
    assert place["threads"] == 2
    assert place["packages"]["numpy"]
    assert set(place) >= {"cpu", "date", "python", "platform", "load_average"}
    assert not report.complete
    assert FormatReport("a", "b", 1, rows()[:1], {}).complete
    assert "best.pt on match.yaml (3 images)" in report.markdown()
    sized = replace(report, rows=tuple(replace(one, imgsz=(384, 640)) for one in rows()))
    assert "best.pt at 384x640 on match.yaml" in str(sized)


def test_saved_beside_the_artifacts(tmp_path):
    report = FormatReport("best.pt", "match.yaml", 3, rows(), environment(1))
    report.save(tmp_path)
    assert json.loads((tmp_path / "benchmark.json").read_text()) == report.to_dict()
    assert (tmp_path / "benchmark.md").read_text() == report.markdown()


def balls(word, ms, box, f1, keypoint=0.5):
    found = row(word, ms, box, keypoint)
    return replace(found, metrics={**found.metrics, "ball_f1": f1, "ball_conf": 0.4})


def test_balls_have_a_column_and_count_like_any_head():
    found = with_deltas((balls("torch", 9, 0.6, 0.9), balls("onnx", 3, 0.6, 0.85)))
    assert found[1].map_delta_points == pytest.approx(-5)
    assert fastest(found).format == "torch"
    lines = text_table((*found, CRASH))
    assert "ball F1" in lines[0]
    assert lines[1].split()[3:6] == ["60.0", "50.0", "90.0"]
    assert found[1].to_dict()["ball_f1"] == 0.85
    assert found[1].to_dict()["ball_conf"] == 0.4


def test_balls_alone_need_no_column_of_boxes():
    only = FormatRow("onnx", "fp32", metrics={"ball_f1": 0.75}, latency=latency(3))
    head, line = text_table((only,))[:2]
    assert "ball F1" in head
    assert "mAP" not in head
    assert "75.0" in line
    engine = replace(ENGINE, size_mb=3.0)
    assert through_onnx((only, engine))[1].reason == "needs an SM89 GPU"
