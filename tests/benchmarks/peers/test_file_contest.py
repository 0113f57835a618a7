"""Little ONNX files timed in turns, in real processes."""

import pytest

from numa_benchmarks.progress import Watch
from numa_benchmarks.timing.failure import Failure
from numa_peers.file_contest import FileRules, compare, file_grid

pytest.importorskip("onnx", reason="needs the export extra")


def small(path, size):
    from tiny_onnx import save, ultralytics

    save(ultralytics(height=size, width=size), path)
    return path


def test_the_first_is_the_reference(tmp_path):
    done = []
    files = {"one": small(tmp_path / "a.onnx", 64), "other": small(tmp_path / "b.onnx", 320)}
    one, other = compare(files, FileRules(rounds=3, frames=3, threads=1), Watch(progress=lambda *s: done.append(s)))
    assert one.ratio == 1
    assert other.ratio > 1
    assert one.model_input == "float32 1x3x64x64"
    assert done == [(0, 3), (1, 3), (2, 3), (3, 3)]
    data = other.to_dict()
    assert data["file"] == "other"
    assert 0 < data["inference_ms_quiet"] <= data["inference_ms_p99"]
    assert file_grid((one, other)).lines()[2].startswith("other")


def test_a_file_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"no model")
    with pytest.raises(Failure, match="failed: "):
        compare({"broken": tmp_path / "a.onnx"}, FileRules(rounds=1, frames=1, threads=1))
